//! A path for each object: what a blob is called decides how it is read.

use super::NONE;
use super::graph::Graph;

/// No directory nests deeper.
const MAX_DEPTH: usize = 512;

/// One of the paths of each object.
pub(super) struct Paths {
    /// By object, a tree that holds it and its name there.
    parents: Vec<(u32, u32)>,
}

impl Paths {
    /// Chooses, of the trees that hold an object, the first by number, so that the choice is always the same.
    pub(super) fn new(graph: &Graph, count: usize) -> Self {
        let mut parents = vec![(NONE, 0); count];
        for tree in graph.trees() {
            for &(object, name) in graph.entries(tree) {
                let parent = &mut parents[object as usize];
                if parent.0 == NONE {
                    *parent = (tree, name);
                }
            }
        }
        Self { parents }
    }

    /// A path of an object from the top, with forward slashes; empty for what is in no tree.
    pub(super) fn path(&self, graph: &Graph, object: u32) -> String {
        let mut names = Vec::new();
        let mut at = self.parents[object as usize];
        while at.0 != NONE && names.len() < MAX_DEPTH {
            names.push(String::from_utf8_lossy(graph.name(at.1)));
            at = self.parents[at.0 as usize];
        }
        names.reverse();
        names.join("/")
    }
}
