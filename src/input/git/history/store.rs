//! All objects of a repository: which there are, and where.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use gix_hash::{Kind, ObjectId, oid};
use gix_pack::data::entry::Header;

use super::NONE;

/// Twice as deep as git can be told to make chains of deltas; what is deeper may go round in a circle.
const MAX_DEPTH: usize = 8192;

/// A pack file with what is known of its entries, which are numbered by their place in the file.
pub(super) struct Pack {
    pub(super) data: gix_pack::data::File,
    /// Where entries start, in order.
    pub(super) offsets: Vec<u64>,
    /// By entry, the number of its object.
    pub(super) objects: Vec<u32>,
    /// By entry, the entry that it is a delta of, or [`NONE`].
    pub(super) bases: Vec<u32>,
    /// By entry, the kind of the object at the root of its deltas; absent where that is not known.
    pub(super) kinds: Vec<Option<gix_object::Kind>>,
}

/// All objects, numbered by their ids' order.
pub(super) struct Store {
    pub(super) ids: Vec<ObjectId>,
    /// By object, the pack that it is read from, or [`NONE`] for a loose one.
    pub(super) homes: Vec<u32>,
    pub(super) packs: Vec<Pack>,
    /// Directories of loose objects.
    pub(super) loose: Vec<gix_odb::loose::Store>,
    /// By the first two bytes of an id, the first object that has them or greater ones.
    fan: Vec<u32>,
    /// What could not be opened: its name and why.
    pub(super) damaged: Vec<(String, String)>,
    /// Some packs say that what they refer to may have to be fetched first.
    pub(super) is_partial: bool,
}

impl Store {
    /// Opens all packs, and lists loose objects, of directories of objects; `damaged` is known of these already.
    pub(super) fn open(
        (directories, damaged): (&[PathBuf], Vec<(String, String)>),
        hash: Kind,
    ) -> Self {
        let mut store = Self {
            ids: Vec::new(),
            homes: Vec::new(),
            packs: Vec::new(),
            loose: Vec::new(),
            fan: Vec::new(),
            damaged,
            is_partial: false,
        };
        let mut found: Vec<(ObjectId, u32, u64)> = Vec::new();
        for directory in directories {
            store.open_packs(&directory.join("pack"), hash, &mut found);
        }
        for directory in directories {
            let loose = gix_odb::loose::Store::at(directory, hash);
            let ids = loose.iter().filter_map(Result::ok);
            found.extend(ids.map(|id| (id, NONE, 0)));
            store.loose.push(loose);
        }
        store.number(found);
        store.link();
        store
    }

    /// The number of an object.
    pub(super) fn find(&self, id: &oid) -> Option<u32> {
        let bytes = id.as_bytes();
        let first = usize::from(bytes[0]) << 8 | usize::from(bytes[1]);
        let (start, end) = (self.fan[first] as usize, self.fan[first + 1] as usize);
        let at = self.ids[start..end].binary_search_by(|known| known.as_bytes().cmp(bytes));
        at.ok().map(|at| number(start + at))
    }

    /// A loose object, wherever it lies.
    pub(super) fn loose<'b>(
        &self,
        id: &oid,
        buffer: &'b mut Vec<u8>,
    ) -> Option<gix_object::Data<'b>> {
        let holds = |loose: &&gix_odb::loose::Store| loose.contains(id);
        let loose = self.loose.iter().find(holds)?;
        loose.try_find(id, buffer).ok().flatten()
    }

    /// How many objects there are.
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    fn open_packs(&mut self, directory: &Path, hash: Kind, found: &mut Vec<(ObjectId, u32, u64)>) {
        let entries = fs::read_dir(directory).into_iter().flatten();
        let mut paths: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect();
        paths.sort();
        self.is_partial |= paths.iter().any(|path| has_extension(path, "promisor"));
        for index_path in paths.iter().filter(|path| has_extension(path, "idx")) {
            let data_path = index_path.with_extension("pack");
            let index = gix_pack::index::File::at(index_path, hash);
            let data = gix_pack::data::File::at(&data_path, hash);
            let (index, data) = match (index, data) {
                (Ok(index), Ok(data)) => (index, data),
                (Err(error), _) => {
                    self.damaged.push((shown(index_path), error.to_string()));
                    continue;
                }
                (_, Err(error)) => {
                    self.damaged.push((shown(&data_path), error.to_string()));
                    continue;
                }
            };
            let pack = number(self.packs.len());
            found.extend(
                index
                    .iter()
                    .map(|entry| (entry.oid, pack, entry.pack_offset)),
            );
            self.packs.push(Pack {
                data,
                offsets: Vec::new(),
                objects: Vec::new(),
                bases: Vec::new(),
                kinds: Vec::new(),
            });
        }
        for path in paths.iter().filter(|path| has_extension(path, "pack")) {
            if !paths.contains(&path.with_extension("idx")) {
                let why = "it has no index: `git index-pack` makes one".to_owned();
                self.damaged.push((shown(path), why));
            }
        }
    }

    fn number(&mut self, mut found: Vec<(ObjectId, u32, u64)>) {
        found.sort_unstable();
        let mut places: Vec<Vec<(u64, u32)>> = vec![Vec::new(); self.packs.len()];
        for (id, pack, offset) in found {
            if self.ids.last() != Some(&id) {
                self.ids.push(id);
                self.homes.push(pack);
            }
            if let Some(places) = places.get_mut(pack as usize) {
                places.push((offset, number(self.ids.len() - 1)));
            }
        }
        for (pack, mut places) in self.packs.iter_mut().zip(places) {
            places.sort_unstable();
            (pack.offsets, pack.objects) = places.into_iter().unzip();
        }
        let mut at = 0;
        for first in 0..=0x1_0000_usize {
            let below = |id: &ObjectId| {
                let bytes = id.as_bytes();
                (usize::from(bytes[0]) << 8 | usize::from(bytes[1])) < first
            };
            while self.ids.get(at).is_some_and(below) {
                at += 1;
            }
            self.fan.push(number(at));
        }
    }

    /// Finds out what each entry is a delta of.
    fn link(&mut self) {
        let mut packs = std::mem::take(&mut self.packs);
        for pack in &mut packs {
            let entries = OnceCell::new();
            let bases = pack
                .offsets
                .iter()
                .map(|&offset| self.base(pack, &entries, offset));
            let (bases, own): (Vec<u32>, Vec<_>) = bases.unzip();
            pack.kinds = own;
            pack.bases = bases;
            spread(pack);
        }
        self.packs = packs;
    }

    /// The base of an entry, and the kind of one that has none. `entries` is room for a map from objects to entries,
    /// which few packs need.
    fn base(
        &self,
        pack: &Pack,
        entries: &OnceCell<HashMap<u32, u32>>,
        offset: u64,
    ) -> (u32, Option<gix_object::Kind>) {
        let Ok(entry) = pack.data.entry(offset) else {
            return (NONE, None);
        };
        let base = match entry.header {
            Header::OfsDelta { base_distance } => offset
                .checked_sub(base_distance)
                .filter(|_| base_distance > 0),
            Header::RefDelta { base_id } => self.find(&base_id).and_then(|object| {
                let all = || pack.objects.iter().copied().zip(0..).collect();
                let at = entries.get_or_init(all).get(&object)?;
                Some(pack.offsets[*at as usize])
            }),
            _ => return (NONE, entry.header.as_kind()),
        };
        let at = base.and_then(|base| pack.offsets.binary_search(&base).ok());
        (at.map_or(NONE, number), None)
    }
}

/// Gives each entry the kind of the one at the root of its deltas.
fn spread(pack: &mut Pack) {
    let mut chain = Vec::new();
    for entry in 0..pack.bases.len() {
        let mut at = entry;
        while pack.kinds[at].is_none() && pack.bases[at] != NONE && chain.len() < MAX_DEPTH {
            chain.push(at);
            at = pack.bases[at] as usize;
        }
        let kind = pack.kinds[at];
        for at in chain.drain(..) {
            pack.kinds[at] = kind;
        }
    }
}

pub(super) fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|own| own == extension)
}

fn shown(path: &Path) -> String {
    crate::input::roots::shown(path)
}

/// A place in a list, of which there are fewer than 2³²: no index of a pack holds more.
pub(super) fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(NONE)
}
