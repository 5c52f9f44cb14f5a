//! Decodes objects, each once, on all threads.

use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use gix_hash::ObjectId;
use gix_object::{Find as _, Kind};
use libdeflater::Decompressor;

use super::store::{Pack, Store, number};
use super::{MAX_OBJECT, NONE, TOO_LONG, delta};

/// What is done with objects. One for each thread.
pub(super) trait Visitor: Send {
    /// An object, by its number.
    fn see(&mut self, object: u32, kind: Kind, data: &[u8]);
    /// An object that cannot be read, and why.
    fn miss(&mut self, object: u32, why: &str);
}

/// Which objects are to be decoded.
pub(super) struct Wanted<'w> {
    /// Kinds, when what objects hold is what one wants to know.
    pub(super) kinds: &'w [Kind],
    /// By object.
    pub(super) objects: &'w (dyn Fn(u32) -> bool + Sync),
}

/// Shows the wanted objects to visitors, one for each thread, and gives these back.
pub(super) fn visit<V: Visitor>(
    (store, odb): (&Store, &gix_odb::Handle),
    wanted: &Wanted<'_>,
    mut visitors: Vec<V>,
) -> Vec<V> {
    for (home, pack) in (0..).zip(&store.packs) {
        let families = Families::new(pack, wanted, &store.homes, home);
        let next = AtomicUsize::new(0);
        visitors = on_threads(visitors, |visitor| {
            let mut decoder = Decoder {
                families: &families,
                inflate: Decompressor::new(),
                delta: Vec::new(),
                spare: Vec::new(),
                waiting: Vec::new(),
            };
            while let Some(&root) = families.roots.get(next.fetch_add(1, Ordering::Relaxed)) {
                decoder.family(root, visitor);
            }
        });
    }
    let alone = alone(store, wanted);
    let next = AtomicUsize::new(0);
    let with_odb = visitors.into_iter().map(|visitor| (visitor, odb.clone()));
    let done = on_threads(with_odb.collect(), |(visitor, odb)| {
        let (mut buffer, mut apart) = (Vec::new(), Vec::new());
        while let Some(&object) = alone.get(next.fetch_add(1, Ordering::Relaxed)) {
            let id: ObjectId = store.ids[object as usize];
            match odb.try_find(&id, &mut buffer) {
                Ok(Some(found)) if wanted.kinds.contains(&found.kind) => {
                    visitor.see(object, found.kind, found.data);
                }
                Ok(Some(_)) => {}
                // The repository itself does not look where a push is kept apart.
                Ok(None) => match store.loose(&id, &mut apart) {
                    Some(found) if wanted.kinds.contains(&found.kind) => {
                        visitor.see(object, found.kind, found.data);
                    }
                    Some(_) => {}
                    None => visitor.miss(object, "it is missing"),
                },
                Err(error) => visitor.miss(object, &error.to_string()),
            }
        }
    });
    done.into_iter().map(|(visitor, _)| visitor).collect()
}

/// Does work on one thread for each state, and gives the states back.
pub(super) fn on_threads<T: Send>(states: Vec<T>, work: impl Fn(&mut T) + Sync) -> Vec<T> {
    thread::scope(|scope| {
        let work = &work;
        let spawn = |mut state: T| {
            scope.spawn(move || {
                work(&mut state);
                state
            })
        };
        let threads: Vec<_> = states.into_iter().map(spawn).collect();
        threads
            .into_iter()
            .map(|thread| {
                thread
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
    })
}

/// Objects that are read one by one: loose ones, and those whose deltas lead out of their pack.
fn alone(store: &Store, wanted: &Wanted<'_>) -> Vec<u32> {
    let loose = (0..number(store.len())).filter(|&object| store.homes[object as usize] == NONE);
    let mut alone: Vec<u32> = loose.filter(|&object| (wanted.objects)(object)).collect();
    for (home, pack) in (0..).zip(&store.packs) {
        let strays = pack.objects.iter().zip(&pack.kinds);
        let strays = strays
            .filter(|(_, kind)| kind.is_none())
            .map(|(&object, _)| object);
        alone
            .extend(strays.filter(|&object| {
                store.homes[object as usize] == home && (wanted.objects)(object)
            }));
    }
    alone
}

/// The entries of a pack as trees of deltas.
struct Families<'p> {
    pack: &'p Pack,
    /// By entry: show it.
    wanted: Vec<bool>,
    /// By entry: it or something made from it is wanted.
    needed: Vec<bool>,
    roots: Vec<u32>,
    /// By entry, where in `children` its own start.
    starts: Vec<u32>,
    children: Vec<u32>,
}

impl<'p> Families<'p> {
    fn new(pack: &'p Pack, wanted: &Wanted<'_>, homes: &[u32], home: u32) -> Self {
        let count = pack.offsets.len();
        let is_wanted = |entry: usize| {
            let object = pack.objects[entry];
            let kind = pack.kinds[entry];
            kind.is_some_and(|kind| wanted.kinds.contains(&kind))
                && homes[object as usize] == home
                && (wanted.objects)(object)
        };
        let is_wanted: Vec<bool> = (0..count).map(is_wanted).collect();
        let mut needed = vec![false; count];
        for entry in (0..count).filter(|&entry| is_wanted[entry]) {
            let mut at = entry;
            while !needed[at] {
                needed[at] = true;
                if pack.bases[at] == NONE {
                    break;
                }
                at = pack.bases[at] as usize;
            }
        }
        let mut starts = vec![0_u32; count + 1];
        let with_bases = || (0..count).filter(|&entry| needed[entry] && pack.bases[entry] != NONE);
        for entry in with_bases() {
            starts[pack.bases[entry] as usize + 1] += 1;
        }
        for entry in 0..count {
            starts[entry + 1] += starts[entry];
        }
        let mut ends = starts.clone();
        let mut children = vec![0; starts[count] as usize];
        for entry in with_bases() {
            let end = &mut ends[pack.bases[entry] as usize];
            children[*end as usize] = number(entry);
            *end += 1;
        }
        let roots = (0..count).filter(|&entry| needed[entry] && pack.bases[entry] == NONE);
        let roots = roots.map(number).collect();
        Self {
            pack,
            wanted: is_wanted,
            needed,
            roots,
            starts,
            children,
        }
    }

    fn children(&self, entry: u32) -> &[u32] {
        let entry = entry as usize;
        let (start, end) = (self.starts[entry], self.starts[entry + 1]);
        &self.children[start as usize..end as usize]
    }
}

struct Decoder<'f> {
    families: &'f Families<'f>,
    inflate: Decompressor,
    /// Room for a delta.
    delta: Vec<u8>,
    /// Rooms for objects.
    spare: Vec<Vec<u8>>,
    waiting: Vec<(u32, Option<Rc<Vec<u8>>>)>,
}

impl Decoder<'_> {
    fn family<V: Visitor>(&mut self, root: u32, visitor: &mut V) {
        let families = self.families;
        let Some(kind) = families.pack.kinds[root as usize] else {
            return;
        };
        self.waiting.push((root, None));
        while let Some((entry, base)) = self.waiting.pop() {
            let object = families.pack.objects[entry as usize];
            let mut data = self.spare.pop().unwrap_or_default();
            let decoded = self.decode(entry, base.as_deref(), &mut data);
            if let Some(base) = base.and_then(|base| Rc::try_unwrap(base).ok()) {
                self.spare.push(base);
            }
            if let Err(why) = decoded {
                self.miss(entry, &why, visitor);
                self.spare.push(data);
                continue;
            }
            if families.wanted[entry as usize] {
                visitor.see(object, kind, &data);
            }
            let children = families.children(entry);
            if children.is_empty() {
                self.spare.push(data);
            } else {
                let data = Rc::new(data);
                let children = children.iter().rev();
                self.waiting
                    .extend(children.map(|&child| (child, Some(Rc::clone(&data)))));
            }
        }
        self.spare.truncate(8);
        self.spare
            .retain(|room| room.capacity() <= 16 * 1024 * 1024);
    }

    fn decode(
        &mut self,
        entry: u32,
        base: Option<&Vec<u8>>,
        data: &mut Vec<u8>,
    ) -> Result<(), String> {
        let pack = self.families.pack;
        let entry = pack
            .data
            .entry(pack.offsets[entry as usize])
            .map_err(|error| error.to_string())?;
        if entry.decompressed_size > MAX_OBJECT {
            return Err(TOO_LONG.to_owned());
        }
        let len = usize::try_from(entry.decompressed_size).map_err(|error| error.to_string())?;
        let room = if base.is_some() {
            &mut self.delta
        } else {
            &mut *data
        };
        room.resize(len, 0);
        let end = pack.data.data_len() as u64;
        let packed = pack.data.entry_slice(entry.data_offset..end);
        let inflated = self
            .inflate
            .zlib_decompress(packed.unwrap_or_default(), room)
            .map_err(|error| error.to_string())?;
        if inflated != len {
            return Err("it is shorter than its pack says".to_owned());
        }
        match base {
            Some(base) => {
                delta::apply(base, &self.delta, (data, MAX_OBJECT)).map_err(str::to_owned)
            }
            None => Ok(()),
        }
    }

    /// An entry that cannot be decoded, and so those that are made from it.
    fn miss<V: Visitor>(&self, entry: u32, why: &str, visitor: &mut V) {
        let families = self.families;
        let mut missed = vec![entry];
        while let Some(entry) = missed.pop() {
            if families.wanted[entry as usize] {
                visitor.miss(families.pack.objects[entry as usize], why);
            }
            missed.extend(
                families
                    .children(entry)
                    .iter()
                    .filter(|&&child| families.needed[child as usize]),
            );
        }
    }
}
