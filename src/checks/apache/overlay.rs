//! A tree with one file more: what would become of it?

use crate::input::{Files, Kind};

/// Files, and one that is not among them.
pub(super) struct Overlay<'f> {
    pub(super) files: &'f dyn Files,
    pub(super) name: String,
}

impl Files for Overlay<'_> {
    fn kind(&self, name: &str) -> Kind {
        if name == self.name {
            return Kind::File;
        }
        let is_above = match name {
            "" => true,
            _ => self
                .name
                .strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('/')),
        };
        match self.files.kind(name) {
            Kind::Missing if is_above => Kind::Directory,
            kind => kind,
        }
    }

    fn read(&self, name: &str) -> Option<Vec<u8>> {
        if name == self.name {
            return Some(b"x".to_vec());
        }
        self.files.read(name)
    }

    fn list(&self, name: &str) -> Vec<String> {
        self.files.list(name)
    }

    fn target(&self, name: &str) -> Option<String> {
        self.files.target(name)
    }

    fn len(&self, name: &str) -> Option<u64> {
        if name == self.name {
            return Some(1);
        }
        self.files.len(name)
    }

    fn mode(&self, name: &str) -> Option<u32> {
        self.files.mode(name)
    }
}
