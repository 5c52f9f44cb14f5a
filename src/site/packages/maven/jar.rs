//! What the name of a jar says.

use crate::site::path;

use super::{Ecosystem, Package};

/// Where programs keep what they have downloaded: it is installed nowhere.
const CACHES: &[&str] = &[".m2", ".gradle", ".ivy2"];

/// `WEB-INF/lib/spring-beans-5.3.17.jar`: the group is not said.
pub(super) fn of(file: &str) -> Option<Package> {
    if file.split('/').any(|part| CACHES.contains(&part)) {
        return None;
    }
    let name = path::base(file);
    let stem = name.get(..name.len().checked_sub(".jar".len())?)?;
    let is_digit = |at: usize| stem[at + 1..].starts_with(|next: char| next.is_ascii_digit());
    let mut hyphens = stem.match_indices('-').map(|(at, _)| at);
    let (artifact, version) = stem.split_at(hyphens.rfind(|&at| is_digit(at))?);
    let version = &version[1..];
    let is_code = !["-sources", "-javadoc", "-tests"]
        .iter()
        .any(|end| version.ends_with(end));
    (is_code && !artifact.is_empty()).then(|| Package {
        ecosystem: Ecosystem::Maven,
        name: artifact.to_owned(),
        version: version.to_owned(),
        is_dev: false,
        file: file.to_owned(),
        line: 1,
    })
}
