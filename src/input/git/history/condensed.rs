//! Trees without all that does not lead to some blobs. So little is left of them, and so much of it is the same, that
//! every commit can be looked at.

use std::collections::HashMap;
use std::rc::Rc;

use super::NONE;
use super::graph::Graph;
use super::store::number;

/// An object that was not looked at yet.
const UNSEEN: u32 = NONE - 1;

/// Names and nodes, sorted.
type Children = Rc<[(u32, u32)]>;

/// What is left of an object.
pub(super) enum Node {
    /// One of the blobs.
    Blob(u32),
    /// The entries that lead to any.
    Tree(Children),
}

/// What is left of all trees.
pub(super) struct Condensed {
    /// By object, its node, or [`NONE`].
    at: Vec<u32>,
    /// Each but once.
    nodes: Vec<Node>,
}

impl Condensed {
    /// Follows trees down, each once; `count` is the number of objects.
    pub(super) fn new(
        graph: &Graph,
        count: usize,
        (blobs, tops): (&[u32], impl Iterator<Item = u32>),
    ) -> Self {
        let mut condensed = Self {
            at: vec![UNSEEN; count],
            nodes: Vec::new(),
        };
        for &blob in blobs {
            if condensed.at[blob as usize] == UNSEEN {
                condensed.at[blob as usize] = number(condensed.nodes.len());
                condensed.nodes.push(Node::Blob(blob));
            }
        }
        let mut known = HashMap::new();
        // Trees, and how many of their entries were followed.
        let mut open: Vec<(u32, usize)> = Vec::new();
        for top in tops.filter(|&top| top != NONE) {
            condensed.enter(graph, top, &mut open);
            while let Some((tree, followed)) = open.last_mut() {
                match graph.entries(*tree).get(*followed) {
                    Some(&(object, _)) => {
                        *followed += 1;
                        condensed.enter(graph, object, &mut open);
                    }
                    None => {
                        condensed.leave(graph, *tree, &mut known);
                        open.pop();
                    }
                }
            }
        }
        condensed
    }

    /// Starts with an object. Until it is done it leads nowhere: only forged trees hold themselves.
    fn enter(&mut self, graph: &Graph, object: u32, open: &mut Vec<(u32, usize)>) {
        let at = &mut self.at[object as usize];
        if *at == UNSEEN {
            *at = NONE;
            if !graph.entries(object).is_empty() {
                open.push((object, 0));
            }
        }
    }

    fn leave(&mut self, graph: &Graph, tree: u32, known: &mut HashMap<Children, u32>) {
        let entries = graph.entries(tree).iter();
        let children = entries.map(|&(object, name)| (name, self.at[object as usize]));
        let mut children: Vec<(u32, u32)> = children.filter(|child| child.1 != NONE).collect();
        if children.is_empty() {
            return;
        }
        children.sort_unstable();
        let children = Children::from(children);
        let nodes = &mut self.nodes;
        let node = *known.entry(Rc::clone(&children)).or_insert_with(|| {
            nodes.push(Node::Tree(children));
            number(nodes.len() - 1)
        });
        self.at[tree as usize] = node;
    }

    /// What is left of a tree or blob, if anything.
    pub(super) fn node(&self, object: u32) -> Option<u32> {
        let node = self.at.get(object as usize).copied()?;
        (node < UNSEEN).then_some(node)
    }

    pub(super) fn get(&self, node: u32) -> &Node {
        &self.nodes[node as usize]
    }

    /// What is left of a tree's entries; none for a blob.
    pub(super) fn children(&self, node: u32) -> &[(u32, u32)] {
        match self.get(node) {
            Node::Tree(children) => children,
            Node::Blob(_) => &[],
        }
    }

    /// What a tree has under a name.
    pub(super) fn named(&self, node: u32, name: u32) -> impl Iterator<Item = u32> + '_ {
        let children = self.children(node);
        let from = children.partition_point(|child| child.0 < name);
        let children = children[from..].iter();
        children
            .take_while(move |child| child.0 == name)
            .map(|child| child.1)
    }
}
