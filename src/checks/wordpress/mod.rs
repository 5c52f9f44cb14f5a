//! WordPress.

mod config;
pub(super) mod config_twin;
pub(super) mod core_integrity;
pub(super) mod database_dump;
pub(super) mod debug_display;
pub(super) mod debug_log;
pub(super) mod file_edit;
pub(super) mod installer;
pub(super) mod salts;
pub(super) mod sample_config;
pub(super) mod xmlrpc;
