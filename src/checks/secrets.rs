//! Which of the credentials that the scan found stand in a certain place.

use std::ops::RangeInclusive;

use crate::finding::{GitState, Severity};

use super::{Context, Credential};

/// Rules whose credentials are made to be handed out: browsers send them.
const MADE_PUBLIC: &[&str] = &[
    "google-api-key",
    "mapbox-public-token",
    "segment-public-api-token",
];

/// The credentials on these lines of a file that are worth something.
pub(super) fn on_lines<'c>(
    context: &Context<'c>,
    path: &str,
    lines: &RangeInclusive<u32>,
) -> Vec<&'c Credential> {
    let all = context.credentials.get(path).map_or(&[][..], Vec::as_slice);
    let is_here = |credential: &&Credential| {
        u32::try_from(credential.line).is_ok_and(|line| lines.contains(&line))
    };
    let here = all.iter().filter(is_here);
    here.filter(|credential| is_worth_something(credential))
        .collect()
}

/// All credentials of a file that are worth something, to someone who gets hold of them.
pub(super) fn all_of<'c>(context: &Context<'c>, path: &str) -> Vec<&'c Credential> {
    on_lines(context, path, &(0..=u32::MAX))
}

/// Whether it matters that others have it: no identifier, and no key that is made for browsers.
pub(super) fn is_worth_something(credential: &Credential) -> bool {
    credential.severity >= Severity::Medium && !MADE_PUBLIC.contains(&credential.rule.as_str())
}

/// What to call credentials in a message: their names, or the rules that found them.
pub(super) fn names(credentials: &[&Credential]) -> String {
    let name = |credential: &&Credential| match &credential.name {
        Some(name) => name.clone(),
        None => credential.rule.clone(),
    };
    let mut names: Vec<String> = credentials.iter().map(name).collect();
    names.sort();
    names.dedup();
    let more = names.len().saturating_sub(3);
    names.truncate(3);
    let listed = names.join(", ");
    match more {
        0 => listed,
        _ => format!("{listed} and {more} more"),
    }
}

/// The worst of them.
pub(super) fn worst(credentials: &[&Credential]) -> Option<Severity> {
    credentials
        .iter()
        .map(|credential| credential.severity)
        .max()
}

/// Whether a file stays on this machine, as far as git goes.
pub(super) fn is_kept_out_of_git(context: &Context<'_>, path: &str) -> bool {
    (context.git)(path) == GitState::Ignored
}
