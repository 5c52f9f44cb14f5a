//! PHP as it runs: pages that show the environment, leftovers under the document root.

pub(super) mod admin_tool;
pub(super) mod any_extension;
pub(super) mod core_dump;
pub(super) mod display_errors;
mod dumping;
pub(super) mod env_dump;
pub(super) mod eval_stdin;
mod guard;
pub(super) mod log_secret;
pub(super) mod metadata;
pub(super) mod phpinfo;
pub(super) mod saved_phpinfo;
pub(super) mod session_file;
pub(super) mod vcs_directory;
pub(super) mod vendor_directory;

pub(super) use dumping::{is_whole, shows_environment};
