//! Which versions of which packages are known to let credentials out, or to be vulnerable at all: our own table,
//! and those that the user has.
//!
//! A library: it takes bytes, and needs no disk and no network.

mod builtin;
mod friends;
#[cfg(test)]
mod tests;
mod wordfence;

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::finding::Severity;

use super::packages::version::Range;
use super::packages::{Ecosystem, Package, ReadError};

/// One vulnerability of one package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Advisory {
    /// `CVE-2021-3129`, or what its source calls it.
    pub id: String,
    /// What it is, in a few words.
    pub title: String,
    /// Where the package is from.
    pub ecosystem: Ecosystem,
    /// The package.
    pub package: String,
    /// One of these has to hold.
    pub affected: Vec<Range>,
    /// What gets out, as the end of a sentence that starts with the package; absent where the source does not say.
    pub leaks: Option<String>,
    /// How bad it is.
    pub severity: Severity,
    /// What has to be so besides, where the tree can tell.
    pub needs: Option<Need>,
    /// The same in words, or what only the reader can tell.
    pub condition: Option<String>,
    /// Whether CISA lists it as exploited.
    pub is_exploited: bool,
    /// Where it is described.
    pub references: Vec<String>,
    /// Container images whose tag is the version of the product.
    pub images: Vec<Image>,
    /// What its source wants to be shown with it.
    pub notice: Option<String>,
    /// Whether it is from our own table.
    pub is_builtin: bool,
}

/// A container image whose tag is a version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Image {
    /// Its name without a tag.
    pub name: String,
    /// One of these has to hold.
    pub affected: Vec<Range>,
    /// A word that the tag has to have, as `fpm`.
    pub tag: Option<String>,
}

/// What has to be so besides, for a vulnerable version to matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// PHPUnit's `eval-stdin.php` is under a document root.
    EvalStdinServed,
    /// `APP_DEBUG` is on.
    LaravelDebug,
    /// Next.js has an `app` directory.
    AppRouter,
    /// Next.js has middleware.
    NextMiddleware,
    /// A development server listens for others.
    DevServer,
    /// The gem `ruby-vips` is installed.
    RubyVips,
    /// Rails is started in development, for other machines.
    RailsDevelopment,
    /// The same, or production compiles assets on request.
    RailsAssets,
}

/// All advisories at hand, by package.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Advisories {
    by_package: BTreeMap<(Ecosystem, String), Vec<Advisory>>,
}

impl Advisories {
    /// Our own table.
    pub fn builtin() -> &'static Self {
        builtin::table()
    }

    /// Adds files of the database of FriendsOfPHP: <https://github.com/FriendsOfPHP/security-advisories>. Each is a
    /// name and its bytes. Gives the files that are none of it.
    pub fn add_friends_of_php<'f>(
        &mut self,
        files: impl IntoIterator<Item = (&'f str, &'f [u8])>,
    ) -> Vec<ReadError> {
        let mut errors = Vec::new();
        for (name, bytes) in files {
            // Their own workflows are YAML too.
            if name.split('/').any(|part| part == ".github") {
                continue;
            }
            match friends::read(name, bytes) {
                Ok(advisory) => self.add(advisory),
                Err(error) => errors.push(error),
            }
        }
        errors
    }

    /// Adds a feed of Wordfence Intelligence that the user has downloaded:
    /// <https://www.wordfence.com/help/wordfence-intelligence/>. Gives how many advisories it has.
    ///
    /// # Errors
    /// The file is no such feed.
    pub fn add_wordfence(&mut self, name: &str, bytes: &[u8]) -> Result<usize, ReadError> {
        let advisories = wordfence::read(name, bytes)?;
        let count = advisories.len();
        for advisory in advisories {
            self.add(advisory);
        }
        Ok(count)
    }

    /// Adds one; it is the last of its package to be asked.
    pub fn add(&mut self, advisory: Advisory) {
        let key = (advisory.ecosystem, advisory.package.clone());
        self.by_package.entry(key).or_default().push(advisory);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_package.values().map(Vec::len).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_package.is_empty()
    }

    /// All of them, by ecosystem and package.
    pub fn all(&self) -> impl Iterator<Item = &Advisory> {
        self.by_package.values().flatten()
    }

    /// Those that a package has, each id once: what our own table says of it goes first.
    pub fn of(&self, package: &Package) -> Vec<&Advisory> {
        let key = (package.ecosystem, package.name.clone());
        let own = self.by_package.get(&key).into_iter().flatten();
        // Of a jar the group is not known.
        let is_jar = package.ecosystem == Ecosystem::Maven && !package.name.contains(':');
        let of_any_group = self.by_package.iter().filter(|((ecosystem, name), _)| {
            is_jar
                && *ecosystem == Ecosystem::Maven
                && name.rsplit(':').next() == Some(package.name.as_str())
        });
        let mut found: Vec<&Advisory> = Vec::new();
        for advisory in own.chain(of_any_group.flat_map(|(_, advisories)| advisories)) {
            let is_known = found.iter().any(|known| known.id == advisory.id);
            if !is_known && advisory.affects(&package.version) {
                found.push(advisory);
            }
        }
        found
    }

    /// Those that an image has, by its name and tag.
    pub fn of_image(&self, name: &str, tag: &str) -> Vec<&Advisory> {
        let version = version_of(tag);
        let has = |image: &Image| {
            let is_word = |word: &str| tag.split('-').any(|part| part == word);
            image.name == name
                && image.tag.as_deref().is_none_or(is_word)
                && image
                    .affected
                    .iter()
                    .any(|range| range.contains(Ecosystem::Application, version))
        };
        self.all()
            .filter(|advisory| advisory.images.iter().any(has))
            .collect()
    }
}

/// A tag without what follows its version: `8.2-apache`. A date has hyphens of its own.
fn version_of(tag: &str) -> &str {
    let end = tag
        .match_indices('-')
        .map(|(at, _)| at)
        .find(|at| !tag[at + 1..].starts_with(|next: char| next.is_ascii_digit()));
    end.map_or(tag, |end| &tag[..end])
}

impl Advisory {
    /// Whether a version has it.
    pub fn affects(&self, version: &str) -> bool {
        self.affected
            .iter()
            .any(|range| range.contains(self.ecosystem, version))
    }

    /// The versions that have it, in words.
    pub fn affected_words(&self) -> String {
        let words: Vec<String> = self.affected.iter().map(Range::to_string).collect();
        words.join(" or ")
    }
}
