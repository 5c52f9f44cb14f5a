//! `.htaccess` files: read as a request meets them, and kept.

use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, PoisonError};

use crate::finding::Reason;
use crate::input::{Files, Kind};

use super::Apache;
use super::compile::{Place, compile};
use super::disk;
use super::modules::class;
use super::reader::Reader;
use super::settings::{Override, Settings};
use super::tree::{Known, unknown};

/// So many are kept.
const MAX_KEPT: usize = 10_000;

/// The settings of a file, or what the server says of it.
type Compiled = Result<Arc<Settings>, Reason>;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    name: String,
    text: u64,
    allowed: (u8, u8, bool),
    list: Option<Arc<BTreeSet<String>>>,
}

/// What has been read.
#[derive(Debug, Default)]
pub(super) struct Kept(Mutex<HashMap<Key, Compiled>>);

impl Apache {
    /// What the `.htaccess` file of a directory sets, if there is one.
    pub(super) fn access_file(
        &self,
        directory: &str,
        names: &[&str],
        settings: &Settings,
        files: &dyn Files,
    ) -> Known<Option<Compiled>> {
        let slash = if directory == "/" { "" } else { "/" };
        for name in names {
            let name = format!("{directory}{slash}{name}");
            let Some(real) = disk::real(files, &name) else {
                continue;
            };
            match files.kind(&real) {
                Kind::File => {}
                // Above the document root nobody keeps one.
                Kind::Unmapped | Kind::Missing | Kind::Link | Kind::Directory => continue,
            }
            let Some(text) = files.text(&real) else {
                return unknown(format!("what {real} says"));
            };
            return Ok(Some(self.compiled(directory, &real, &text, settings)));
        }
        Ok(None)
    }

    fn compiled(&self, directory: &str, name: &str, text: &str, settings: &Settings) -> Compiled {
        let none = Override {
            classes: class::NONE,
            options: u8::MAX,
            is_lenient: false,
        };
        let allowed = settings
            .allow_override
            .as_ref()
            .map_or(none, |set| set.value);
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        let key = Key {
            name: format!("{directory}\n{name}"),
            text: hasher.finish(),
            allowed: (allowed.classes, allowed.options, allowed.is_lenient),
            list: settings.override_list.clone(),
        };
        let kept = &self.kept.0;
        if let Some(found) = kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&key)
        {
            return found.clone();
        }
        let place = Place {
            allowed: Some((allowed, key.list.clone())),
            path: Some(directory.to_owned()),
            ..Place::server(&self.modules)
        };
        let found = self.read_access(name, text, &place);
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < MAX_KEPT {
            kept.insert(key, found.clone());
        }
        found
    }

    fn read_access(&self, name: &str, text: &str, place: &Place<'_>) -> Compiled {
        let error = |error: String| {
            let line = error
                .strip_prefix(&format!("{name}:"))
                .and_then(|rest| rest.split(':').next()?.parse().ok());
            Reason {
                file: Some(name.to_owned()),
                line,
                directive: format!("the server refuses it: {error}"),
            }
        };
        let nothing = crate::input::Memory::new();
        let mut reader = Reader::new(&nothing, self.modules.clone());
        reader.defined.clone_from(&self.defined);
        reader.is_as_meant = self.is_as_meant;
        let nodes = reader.text(text, Some(&name.into()), 0).map_err(error)?;
        compile(&nodes, place).map(Arc::new).map_err(error)
    }
}
