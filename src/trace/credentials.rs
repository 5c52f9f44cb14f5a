//! What the checks may know of the credentials that were found: where, and which are the same.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::checks::{Credential, Credentials};
use crate::finding::Confidence;
use crate::rules::compile::RuleSet;

use super::collect::FileFindings;

/// The credentials of all files on disk that are at least this sure and that no comment allows; an archive has those of its entries.
pub fn credentials(rules: &RuleSet, files: &[FileFindings], least: Confidence) -> Credentials {
    let mut all = Credentials::new();
    for file in files {
        let sure = file
            .matches
            .iter()
            .filter(|located| located.found.confidence >= least && located.allowed.is_none());
        let found: Vec<Credential> = sure
            .map(|located| {
                let rule = &rules.rules()[located.found.rule].rule;
                let mut hasher = DefaultHasher::new();
                located.found.secret.hash(&mut hasher);
                Credential {
                    line: located.location.start.line,
                    rule: rule.id.clone(),
                    severity: rule.severity,
                    name: located.found.name.clone(),
                    identity: hasher.finish(),
                }
            })
            .collect();
        if let Some(first) = file.matches.first()
            && !found.is_empty()
        {
            let on_disk = first.location.on_disk().to_owned();
            all.entry(on_disk).or_default().extend(found);
        }
    }
    all
}
