//! Packages of versions that are known to let credentials out.

pub(super) mod application;
pub(super) mod composer;
pub(super) mod gem;
pub(super) mod go;
pub(super) mod image;
pub(super) mod java;
mod need;
pub(super) mod npm;
pub(super) mod nuget;
pub(super) mod python;
mod report;
#[cfg(test)]
mod tests;
pub(super) mod wordpress;
