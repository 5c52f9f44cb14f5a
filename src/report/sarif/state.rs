//! Whether a result counts, and whether it is new.

use serde_json::json;
use serde_sarif::sarif::{Result, Suppression as Suppressed};

use crate::finding::{Suppression, Suppressor};
use crate::report::clean::Clean;

/// Says so in a result. If any result of a run has suppressions, then each has to have them (3.27.23); those of one
/// that counts are none.
pub(super) fn mark(result: &mut Result, suppression: Option<&Suppression>, report: &Clean<'_>) {
    let is_known = suppression.is_some_and(|suppression| {
        matches!(
            suppression.by,
            Suppressor::Baseline | Suppressor::SecretsBaseline
        )
    });
    if report.has_baseline() {
        result.baseline_state = Some(if is_known {
            json!("unchanged")
        } else {
            json!("new")
        });
    }
    if !report.suppressed.is_empty() || !report.suppressed_exposures.is_empty() {
        result.suppressions = Some(suppression.map(of).into_iter().collect());
    }
}

fn of(suppression: &Suppression) -> Suppressed {
    let kind = match suppression.by {
        Suppressor::Marker => "inSource",
        _ => "external",
    };
    Suppressed::builder()
        .kind(json!(kind))
        .justification(suppression.words())
        .build()
}
