//! Where some blobs lie in some trees.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use gix_hash::ObjectId;
use gix_object::{Find as _, TreeRefIter};

/// No directory nests deeper.
const MAX_DEPTH: usize = 512;
/// More places are not followed: a forged tree has billions of paths.
const MAX_PLACES: usize = 4_000_000;

/// Paths below a tree, and the blobs there.
pub(super) type Places = Rc<[(String, ObjectId)]>;

/// Reads trees, each once.
pub(super) struct Held<'h> {
    odb: &'h gix_odb::Handle,
    wanted: &'h HashSet<ObjectId>,
    known: HashMap<ObjectId, Places>,
    /// How many more places are followed.
    left: usize,
    /// Whether there were more.
    pub(super) is_capped: bool,
}

impl<'h> Held<'h> {
    pub(super) fn new(odb: &'h gix_odb::Handle, wanted: &'h HashSet<ObjectId>) -> Self {
        Self {
            odb,
            wanted,
            known: HashMap::new(),
            left: MAX_PLACES,
            is_capped: false,
        }
    }

    /// The places of the wanted blobs in a tree; none in one that is not here.
    pub(super) fn of(&mut self, tree: ObjectId) -> Places {
        self.below(tree, 0)
    }

    fn below(&mut self, tree: ObjectId, depth: usize) -> Places {
        if let Some(known) = self.known.get(&tree) {
            return Rc::clone(known);
        }
        let mut places = Vec::new();
        for (id, is_tree, name) in self.entries(tree) {
            if self.wanted.contains(&id) {
                places.push((name, id));
            } else if is_tree && depth < MAX_DEPTH {
                let below = self.below(id, depth + 1);
                places.extend(
                    below
                        .iter()
                        .map(|(path, id)| (format!("{name}/{path}"), *id)),
                );
            }
            if places.len() > self.left {
                self.is_capped = true;
                break;
            }
        }
        self.left = self.left.saturating_sub(places.len());
        let places = Places::from(places);
        self.known.insert(tree, Rc::clone(&places));
        places
    }

    /// Objects, whether they are trees, and their names.
    fn entries(&self, tree: ObjectId) -> Vec<(ObjectId, bool, String)> {
        let mut buffer = Vec::new();
        let Ok(Some(found)) = self.odb.try_find(&tree, &mut buffer) else {
            return Vec::new();
        };
        let entries = TreeRefIter::from_bytes(found.data, tree.kind()).map_while(Result::ok);
        let entries = entries
            .filter(|entry| !entry.mode.is_commit())
            .map(|entry| {
                let name = String::from_utf8_lossy(entry.filename).into_owned();
                (entry.oid.to_owned(), entry.mode.is_tree(), name)
            });
        entries.collect()
    }
}
