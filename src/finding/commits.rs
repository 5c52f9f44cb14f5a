//! Where in a history something stands.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The commits whose trees hold a secret at one path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Commits {
    /// The commit that brought it: of several, the oldest.
    pub first: Commit,
    /// The newest one that has it.
    pub last: Commit,
    /// How many have it.
    pub count: u64,
    /// Whether the checked-out commit has it.
    pub in_head: bool,
    /// Branches and tags whose history has it, shortened as git does, those with fewer slashes first; not more than twenty.
    pub refs: Vec<String>,
    /// Remotes that were seen to have it, `name at host`, sorted.
    pub remotes: Vec<String>,
}

/// One commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Commit {
    /// When it was committed, in seconds since 1970.
    pub committed: i64,
    /// Its id, in hexadecimal digits.
    pub id: String,
    /// When it was written: the author's date in UTC, as in RFC 3339.
    pub authored: String,
}

/// By the time when it was committed; of commits that were moved together, by the time when they were written.
impl Ord for Commit {
    fn cmp(&self, other: &Self) -> Ordering {
        let earlier = self.committed.cmp(&other.committed);
        earlier
            .then_with(|| self.authored.cmp(&other.authored))
            .then_with(|| self.id.cmp(&other.id))
    }
}

impl PartialOrd for Commit {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Of an id, so many digits are shown.
const SHORT: usize = 10;

impl Commit {
    /// Its id, shortened.
    pub fn short(&self) -> &str {
        self.id.get(..SHORT).unwrap_or(&self.id)
    }

    /// The day on which it was written.
    pub fn day(&self) -> &str {
        self.authored.split('T').next().unwrap_or_default()
    }
}

impl Commits {
    /// Of branches and tags, so many are kept.
    pub const MAX_REFS: usize = 20;

    /// Sorts names of branches and tags: branches first, then what lies deeper, those of remotes, and what a server keeps
    /// for each request to merge.
    pub fn order(name: &str) -> (usize, &str) {
        (name.matches('/').count(), name)
    }

    /// Takes up what another version of the same file says.
    pub fn absorb(&mut self, other: Self) {
        self.first = self.first.clone().min(other.first);
        self.last = self.last.clone().max(other.last);
        self.count += other.count;
        self.in_head |= other.in_head;
        self.refs.extend(other.refs);
        self.remotes.extend(other.remotes);
        self.tidy();
    }

    /// Sorts and shortens the lists.
    pub fn tidy(&mut self) {
        self.refs
            .sort_by(|a, b| Self::order(a).cmp(&Self::order(b)));
        self.refs.dedup();
        self.remotes.sort();
        self.remotes.dedup();
        self.refs.truncate(Self::MAX_REFS);
    }
}

/// In words, as part of a sentence.
impl fmt::Display for Commits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |commit: &Commit| format!("{} ({})", commit.short(), commit.day());
        let first = shown(&self.first);
        match self.count {
            1 => write!(f, "git's history has it in commit {first}")?,
            count => {
                let last = shown(&self.last);
                write!(
                    f,
                    "git's history has it in {count} commits from {first} to {last}"
                )?;
            }
        }
        let still = if self.in_head { "still" } else { "no longer" };
        write!(f, "; the checked-out commit has it {still}")?;
        for (what, list) in [("reached by", &self.refs), ("on remotes", &self.remotes)] {
            if !list.is_empty() {
                write!(f, "; {what} {}", list.join(", "))?;
            }
        }
        Ok(())
    }
}
