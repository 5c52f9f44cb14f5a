//! From a server's names of files to the scanned tree's.

use crate::input::{Files, Kind};

use super::ignored::Ignored;
use super::path::{below, inside};

/// One directory under both names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// As the server names it: absolute, no slash at the end.
    pub server: String,
    /// As reports name it; the empty name is the root of the tree.
    pub tree: String,
}

/// As the tree's name in a pair: something else lies there, of which nothing is known.
pub const NOWHERE: &str = "\u{0}";

/// Directories that the server and the tree both have. The longest name that fits counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    pairs: Vec<Pair>,
    /// Directories of the tree from which files were left out when the server's were made.
    left_out: Vec<(String, Ignored)>,
}

impl Mapping {
    /// From pairs, in any order; of two for the same server name the first counts.
    pub fn new(pairs: impl IntoIterator<Item = Pair>) -> Self {
        let mut pairs: Vec<Pair> = pairs.into_iter().collect();
        pairs.sort_by_key(|pair| std::cmp::Reverse(pair.server.len()));
        pairs.dedup_by(|later, first| later.server == first.server);
        Self {
            pairs,
            left_out: Vec::new(),
        }
    }

    /// The tree as the server has it, under `/`.
    pub fn whole(tree: &str) -> Self {
        Self::new([Pair {
            server: "/".to_owned(),
            tree: tree.to_owned(),
        }])
    }

    /// With more pairs; those that are there go first.
    #[must_use]
    pub fn and(self, pairs: impl IntoIterator<Item = Pair>) -> Self {
        Self {
            left_out: self.left_out,
            ..Self::new(self.pairs.into_iter().chain(pairs))
        }
    }

    /// Without the files of a directory of the tree that patterns name.
    #[must_use]
    pub fn without(mut self, directory: &str, ignored: Ignored) -> Self {
        self.left_out.push((directory.to_owned(), ignored));
        self
    }

    /// The pairs, longest server name first.
    pub fn pairs(&self) -> &[Pair] {
        &self.pairs
    }

    /// The tree's name of a file that the server names.
    pub fn to_tree(&self, server: &str) -> Option<String> {
        self.place(server).filter(|tree| !self.is_left_out(tree))
    }

    /// The server's names of a file of the tree: several, if directories are mounted more than once. A name that
    /// a longer pair shadows is none.
    pub fn to_server(&self, tree: &str) -> Vec<String> {
        let found = |pair: &Pair| Some(inside(&pair.server, below(&pair.tree, tree)?));
        let names = self.pairs.iter().filter_map(found);
        names
            .filter(|name| self.to_tree(name).as_deref() == Some(tree))
            .collect()
    }

    /// Where the tree would have a file, left out or not.
    fn place(&self, server: &str) -> Option<String> {
        let found = |pair: &Pair| Some(inside(&pair.tree, below(&pair.server, server)?));
        let place = self.pairs.iter().find_map(found);
        place.filter(|tree| !tree.starts_with(NOWHERE))
    }

    fn is_left_out(&self, tree: &str) -> bool {
        let ignores = |(directory, ignored): &(String, Ignored)| {
            below(directory, tree).is_some_and(|inside| ignored.ignores(inside))
        };
        self.left_out.iter().any(ignores)
    }
}

/// The files of a tree under a server's names.
pub struct Mapped<'f> {
    files: &'f dyn Files,
    mapping: &'f Mapping,
}

impl<'f> Mapped<'f> {
    /// `files` have the tree's names.
    pub fn new(files: &'f dyn Files, mapping: &'f Mapping) -> Self {
        Self { files, mapping }
    }

    /// Directories above a mapped one are there, whatever else they hold.
    fn is_above(&self, name: &str) -> bool {
        self.mapping
            .pairs()
            .iter()
            .any(|pair| below(name, &pair.server).is_some())
    }
}

impl Files for Mapped<'_> {
    fn kind(&self, name: &str) -> Kind {
        match self.mapping.to_tree(name) {
            Some(tree) => self.files.kind(&tree),
            None if self.mapping.place(name).is_some() => Kind::Missing,
            None if self.is_above(name) => Kind::Directory,
            None => Kind::Unmapped,
        }
    }

    fn read(&self, name: &str) -> Option<Vec<u8>> {
        self.files.read(&self.mapping.to_tree(name)?)
    }

    fn list(&self, name: &str) -> Vec<String> {
        let mut names = Vec::new();
        if let Some(tree) = self.mapping.to_tree(name) {
            names = self.files.list(&tree);
            names.retain(|entry| !self.mapping.is_left_out(&inside(&tree, entry)));
        }
        // What is mapped by itself stands in its directory as well.
        for pair in self.mapping.pairs() {
            let entry = below(name, &pair.server).and_then(|rest| rest.split('/').next());
            names.extend(entry.filter(|entry| !entry.is_empty()).map(str::to_owned));
        }
        names.sort();
        names.dedup();
        names
    }

    fn target(&self, name: &str) -> Option<String> {
        self.files.target(&self.mapping.to_tree(name)?)
    }

    fn len(&self, name: &str) -> Option<u64> {
        self.files.len(&self.mapping.to_tree(name)?)
    }

    fn mode(&self, name: &str) -> Option<u32> {
        self.files.mode(&self.mapping.to_tree(name)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(server: &str, tree: &str) -> Pair {
        Pair {
            server: server.to_owned(),
            tree: tree.to_owned(),
        }
    }

    #[test]
    fn names_are_translated_both_ways_and_the_longest_counts() {
        let mapping = Mapping::new([pair("/var/www", ""), pair("/var/www/data", "storage")]);
        assert_eq!(mapping.to_tree("/var/www/a/b").as_deref(), Some("a/b"));
        assert_eq!(mapping.to_tree("/var/www").as_deref(), Some(""));
        assert_eq!(
            mapping.to_tree("/var/www/data/x").as_deref(),
            Some("storage/x")
        );
        assert_eq!(mapping.to_tree("/var/wwwx"), None);
        assert_eq!(
            mapping.to_server("storage/x"),
            ["/var/www/data/x", "/var/www/storage/x"]
        );
        assert!(mapping.to_server("data/x").is_empty());
    }
}
