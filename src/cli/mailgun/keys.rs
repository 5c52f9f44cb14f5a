//! How keys are shown.

use crate::mailgun::KeyRow;

/// A key in a line.
pub(super) fn line(row: &KeyRow) -> String {
    let mut parts = vec![row.id.clone(), row.kind.clone(), row.role.clone()];
    parts.extend(row.domain_name.clone());
    parts.extend(row.created_at.map(|at| format!("made {at}")));
    parts.extend(row.requestor.as_ref().map(|who| format!("by {who}")));
    parts.extend(row.expires_at.map(|at| format!("ends {at}")));
    if row.is_disabled {
        parts.push("disabled".to_owned());
    }
    if !row.description.is_empty() {
        parts.push(format!("\"{}\"", row.description));
    }
    parts.join("  ")
}
