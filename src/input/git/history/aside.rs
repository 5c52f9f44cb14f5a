//! Blobs that no commit carries: a tag can name a blob, or a tree, and nothing at all may name one.

use gix_hash::ObjectId;

use super::{NONE, Whole};

impl Whole {
    /// What to call a blob that no commit carries, by the id that reports have for it: `TAG:PATH`, or `TAG:ID` where
    /// the tag names the blob itself; `unreachable:ID` if nothing leads to it.
    pub(super) fn aside(&self, id: &str) -> String {
        let blob = ObjectId::from_hex(id.as_bytes()).ok();
        let blob = blob.and_then(|blob| self.store.find(&blob));
        let named = blob.and_then(|blob| self.tips.iter().find_map(|tip| self.below(tip, blob)));
        named.unwrap_or_else(|| super::recall::unreachable(id))
    }

    fn below(&self, tip: &super::tips::Tip, blob: u32) -> Option<String> {
        let top = self.untagged(self.store.find(&tip.id)?);
        if top == NONE || self.graph.commit(top).is_some() {
            return None;
        }
        if top == blob {
            return Some(format!("{}:{}", tip.name, self.store.ids[blob as usize]));
        }
        let mut seen = vec![false; self.store.len()];
        let mut waiting = vec![(top, String::new())];
        while let Some((tree, path)) = waiting.pop() {
            for &(object, name) in self.graph.entries(tree) {
                let path = format!("{path}{}", String::from_utf8_lossy(self.graph.name(name)));
                if object == blob {
                    return Some(format!("{}:{path}", tip.name));
                }
                if object != NONE && !std::mem::replace(&mut seen[object as usize], true) {
                    waiting.push((object, path + "/"));
                }
            }
        }
        None
    }
}
