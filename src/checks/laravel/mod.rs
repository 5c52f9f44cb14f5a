//! Laravel and Lumen.

mod app;
pub(super) mod app_key;
pub(super) mod artisan_serve;
pub(super) mod cached_config;
pub(super) mod debug;
pub(super) mod debug_tool;
pub(super) mod document_root;
pub(super) mod log_secret;
pub(super) mod mail_log;
pub(super) mod rewrite;
pub(super) mod route_dump;
pub(super) mod storage_link;
pub(super) mod trusted_proxies;
