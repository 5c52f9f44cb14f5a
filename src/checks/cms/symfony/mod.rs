//! Symfony.

pub(in crate::checks) mod environment;
pub(in crate::checks) mod files;
pub(in crate::checks) mod front_controller;
pub(in crate::checks) mod secret;
