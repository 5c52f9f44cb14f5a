//! A path for each object: what a blob is called decides how it is read.

use std::iter::successors;

use sha2::{Digest as _, Sha256};

use super::NONE;
use super::graph::Graph;

/// No directory nests deeper.
pub(super) const MAX_DEPTH: usize = 512;
/// No ending is longer, in bytes.
const MAX_ENDING: usize = 12;
/// Endings that say nothing about what is in a file.
const VAGUE: [&[u8]; 10] = [
    b"bak", b"copy", b"dist", b"example", b"old", b"orig", b"sample", b"save", b"tmp", b"txt",
];

/// Of the hash of a path, so many bytes are enough.
pub(super) type PathDigest = [u8; 16];

/// One of the paths of each object.
#[derive(Default)]
pub(super) struct Paths {
    /// By object, a tree that holds it and its name there.
    parents: Vec<(u32, u32)>,
}

impl Paths {
    /// Chooses, of the names of an object, the first by the number of its tree that tells what is in a file, so that
    /// the choice is always the same: a file may have been called otherwise by mistake, and for one commit.
    pub(super) fn new(graph: &Graph, count: usize) -> Self {
        let mut parents = vec![(NONE, 0); count];
        for tree in graph.trees() {
            for &(object, name) in graph.entries(tree) {
                let parent = &mut parents[object as usize];
                if parent.0 == NONE
                    || name != parent.1 && !tells(graph.name(parent.1)) && tells(graph.name(name))
                {
                    *parent = (tree, name);
                }
            }
        }
        Self { parents }
    }

    /// By object, a tree that holds it, or [`NONE`], and the number of its name there.
    pub(super) fn parents(&self) -> &[(u32, u32)] {
        &self.parents
    }

    /// A path of an object from the top, with forward slashes; empty for what is in no tree.
    pub(super) fn path(&self, graph: &Graph, object: u32) -> String {
        let names = self.names(graph, object).map(String::from_utf8_lossy);
        let mut names: Vec<_> = names.collect();
        names.reverse();
        names.join("/")
    }

    /// Stands for the path of an object: a hash of its names.
    pub(super) fn digest(&self, graph: &Graph, object: u32) -> PathDigest {
        let mut digest = Sha256::new();
        for name in self.names(graph, object) {
            digest.update(name);
            digest.update(b"/");
        }
        let mut short = PathDigest::default();
        let len = short.len();
        short.copy_from_slice(&digest.finalize()[..len]);
        short
    }

    /// The names of an object and of the trees around it, the outermost last.
    fn names<'g>(&self, graph: &'g Graph, object: u32) -> impl Iterator<Item = &'g [u8]> {
        let parent = |object: u32| Some(self.parents[object as usize]).filter(|at| at.0 != NONE);
        let parents = successors(parent(object), move |at| parent(at.0));
        parents.take(MAX_DEPTH).map(|(_, name)| graph.name(name))
    }
}

/// Whether a file's name tells what is in it: it has an ending, or is hidden as configuration is.
pub(super) fn tells(name: &[u8]) -> bool {
    let Some(dot) = memchr::memrchr(b'.', name) else {
        return false;
    };
    let ending = &name[dot + 1..];
    (1..=MAX_ENDING).contains(&ending.len())
        && ending.iter().all(u8::is_ascii_alphanumeric)
        && !VAGUE.contains(&ending.to_ascii_lowercase().as_slice())
}

#[cfg(test)]
mod tests {
    use super::tells;

    #[test]
    fn names_with_an_ending_tell() {
        for name in ["devcontainer.json", ".env", "a.b.PHP"] {
            assert!(tells(name.as_bytes()), "{name}");
        }
        for name in [
            "gh pr checkout 53085",
            "wp-config.php.bak",
            "README",
            "a.",
            "v1.2 notes",
        ] {
            assert!(!tells(name.as_bytes()), "{name}");
        }
    }
}
