//! Environment files and other files that hold nothing but credentials.

pub(super) mod backup_twin;
pub(super) mod committed;
pub(super) mod deploy_credentials;
pub(super) mod example;
mod files;
mod ignore_rules;
pub(super) mod not_ignored;
pub(super) mod npm_package;
pub(super) mod permissions;
pub(super) mod variant;
