//! Whether servers run what was left behind.

use crate::checks::Context;
use crate::finding::{Exposure, Severity};
use crate::site::Verdict;

/// Adds the URL under which a script runs. What no server runs is less bad; that it is there is bad enough.
pub(super) fn add(context: &Context<'_>, exposure: &mut Exposure, path: &str) {
    let verdict = context.verdict(path);
    match verdict.worst() {
        Some(url) if matches!(url.verdict, Verdict::Executed | Verdict::Served) => {
            exposure.urls.push(url.url.clone());
            exposure.because.extend(url.because.iter().cloned());
        }
        Some(url) if url.verdict == Verdict::Denied && url.assumed.is_none() => {
            exposure.because.extend(url.because.iter().cloned());
            let severity = match exposure.severity {
                Severity::Critical | Severity::High => Severity::Medium,
                _ => Severity::Low,
            };
            exposure.severe(severity);
        }
        _ => {}
    }
}
