//! Lists that each level of the configuration adds to and takes from.

use crate::finding::Reason;

use crate::site::lex::xml::Element;

/// What was added to a list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'c> {
    pub(super) element: &'c Element,
    /// The directory of the configuration, relative to the site's root.
    pub(super) base: &'c str,
}

impl Entry<'_> {
    pub(super) fn reason(&self) -> Reason {
        reason(self.element)
    }
}

pub(super) fn reason(element: &Element) -> Reason {
    Reason::at(&*element.file, element.line, element.shown())
}

/// A list: `<add>`, `<remove>` and `<clear>` of every level, in order.
#[derive(Debug, Default)]
pub(super) struct Collection<'c> {
    entries: Vec<(String, Entry<'c>)>,
    removed: Vec<String>,
    is_cleared: bool,
}

/// How a list names its entries.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// The element that adds.
    pub(super) add: &'static str,
    /// The attribute that tells entries apart.
    pub(super) key: &'static str,
    /// Whether what is added goes before what is there, as `mergeAppend="false"` in the schema says.
    pub(super) is_first: bool,
}

impl<'c> Collection<'c> {
    pub(super) fn apply(&mut self, section: &'c Element, base: &'c str, shape: Shape) {
        let mut added = Vec::new();
        for child in &section.children {
            let key = child.get(shape.key).unwrap_or_default();
            let key = key.to_ascii_lowercase();
            match child.name.as_str() {
                "clear" => {
                    self.is_cleared = true;
                    self.entries.clear();
                    added.clear();
                }
                "remove" => {
                    self.entries.retain(|(have, _)| *have != key);
                    self.removed.push(key);
                }
                name if name == shape.add => added.push((
                    key,
                    Entry {
                        element: child,
                        base,
                    },
                )),
                _ => {}
            }
        }
        if shape.is_first {
            added.append(&mut self.entries);
            self.entries = added;
        } else {
            self.entries.append(&mut added);
        }
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = (&str, Entry<'c>)> {
        self.entries
            .iter()
            .map(|(key, entry)| (key.as_str(), *entry))
    }

    /// The entry of this key; the last one, if there are several.
    pub(super) fn get(&self, key: &str) -> Option<Entry<'c>> {
        let mut all = self.entries.iter().rev();
        all.find(|(have, _)| have == key).map(|(_, entry)| *entry)
    }

    /// Whether nothing of the installed configuration is left.
    pub(super) fn is_cleared(&self) -> bool {
        self.is_cleared
    }

    /// Whether an entry of the installed configuration is still there.
    pub(super) fn keeps(&self, default: &str) -> bool {
        !self.is_cleared
            && !self
                .removed
                .iter()
                .any(|key| key.eq_ignore_ascii_case(default))
    }
}
