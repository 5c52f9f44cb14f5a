//! Containers and what builds and places them.

mod build;
pub(super) mod compose_secret;
mod control_file;
pub(super) mod control_port;
pub(super) mod copied_env;
mod database_file;
pub(super) mod default_password;
pub(super) mod firebase;
pub(super) mod image_secret;
pub(super) mod ingress;
pub(super) mod kubernetes;
pub(super) mod open_database;
pub(super) mod pipeline;
mod pipeline_environment;
pub(super) mod public_bucket;
mod published;
pub(super) mod socket;
pub(super) mod terraform;

pub(super) use published::{given, published};
