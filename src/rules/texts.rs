//! What [`super::packed`] reads from.

/// Written by the build script.
pub(super) static TEXTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/texts.bin"));
