//! Indicators of compromise: what attackers leave behind.
//!
//! Markers of known tools are compared as hashes of words, so that no engine that looks for the same tools takes this
//! program for one.

pub(super) mod allow_list;
pub(super) mod attack_tool;
pub(super) mod auto_prepend;
mod code;
pub(super) mod cron_download;
mod gate;
mod hidden;
mod markers;
pub(super) mod php_backdoor;
pub(super) mod php_in_image;
pub(super) mod php_in_uploads;
mod served;
#[cfg(test)]
mod tests;
mod walk;
