//! What the servers that are not Apache or nginx give out.

pub(super) mod dotfiles;
pub(super) mod project;

use crate::finding::Reason;
use crate::site::DocumentRoot;

/// The last link of a chain that stands in a file.
fn place(root: &DocumentRoot) -> Option<&Reason> {
    root.because
        .iter()
        .rev()
        .find(|reason| reason.file.is_some())
}
