//! Which of two versions is the later one, and whether one lies in a range: each ecosystem has its own rules.

pub mod composer;
pub mod gem;
pub mod maven;
pub mod pep440;
pub mod php;
mod range;
pub mod semver;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;

pub use range::{Range, RangeError};

use super::Ecosystem;

/// Compares versions of an ecosystem; nothing, if one of them is no version.
pub fn compare(ecosystem: Ecosystem, a: &str, b: &str) -> Option<Ordering> {
    match ecosystem {
        Ecosystem::Npm | Ecosystem::Go => {
            Some(semver::Version::parse(a)?.cmp(&semver::Version::parse(b)?))
        }
        Ecosystem::Composer => {
            let (a, b) = (composer::normalize(a)?, composer::normalize(b)?);
            Some(php::compare(&a, &b))
        }
        Ecosystem::Gem => gem::compare(a, b),
        Ecosystem::Maven => maven::compare(a, b),
        Ecosystem::Pypi => pep440::compare(a, b),
        // NuGet's have up to four numbers.
        Ecosystem::Nuget
        | Ecosystem::WordpressCore
        | Ecosystem::WordpressPlugin
        | Ecosystem::WordpressTheme
        | Ecosystem::Application => {
            let is_version = |text: &str| text.contains(|c: char| c.is_ascii_digit());
            (is_version(a) && is_version(b)).then(|| php::compare(a, b))
        }
    }
}
