//! Node.js applications, and what they hand to browsers.

pub(super) mod bundle;
pub(super) mod client_env;
mod client_env_config;
pub(super) mod client_source;
pub(super) mod config_files;
pub(super) mod configs;
mod dev_files;
pub(super) mod dev_server;
pub(super) mod directory_listing;
pub(super) mod env_endpoint;
mod error_environment;
pub(super) mod error_handler;
pub(super) mod inspector;
pub(super) mod npmrc;
mod project;
pub(super) mod source_map;
pub(super) mod status_page;
pub(super) mod template;

pub(super) use project::env_files;
