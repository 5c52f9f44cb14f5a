//! Blobs in which nothing was found.

use gix_hash::ObjectId;

use super::super::NONE;
use super::super::paths::PathDigest;
use super::bytes::{Bytes, put, put_bytes};

/// A blob under one of its paths, which decides how it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct CleanBlob {
    path: PathDigest,
    /// In bytes.
    pub(in super::super) size: u64,
    /// What it is if it holds no text.
    pub(in super::super) binary: Option<Box<str>>,
}

impl CleanBlob {
    /// Text.
    pub(in super::super) fn new(path: PathDigest, size: u64) -> Self {
        Self {
            path,
            size,
            binary: None,
        }
    }

    /// The same, if it holds something else.
    pub(in super::super) fn of_kind(self, binary: Option<&str>) -> Self {
        let binary = binary.map(Box::from);
        Self { binary, ..self }
    }
}

/// All that are known, by their objects' numbers, sorted.
#[derive(Debug, Default)]
pub(super) struct Clean(Vec<(u32, CleanBlob)>);

impl Clean {
    /// A blob, if it is known under this path.
    pub(super) fn get(&self, blob: u32, path: impl FnOnce() -> PathDigest) -> Option<&CleanBlob> {
        let at = self.0.binary_search_by_key(&blob, |known| known.0).ok()?;
        Some(&self.0[at].1).filter(|known| known.path == path())
    }

    pub(super) fn blobs(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().map(|known| known.0)
    }

    /// Takes up more of them, of which the first counts for each blob, and before what was known.
    pub(super) fn add(&mut self, mut more: Vec<(u32, CleanBlob)>) {
        more.append(&mut self.0);
        more.sort_by_key(|known| known.0);
        more.dedup_by_key(|known| known.0);
        self.0 = more;
    }

    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        put(out, self.0.len() as u64);
        for (blob, known) in &self.0 {
            put(out, *blob);
            put(out, known.size);
            out.extend(known.path);
            put_bytes(out, known.binary.as_deref().unwrap_or_default().as_bytes());
        }
    }

    /// Reads what was written; `now` as for the graph.
    pub(super) fn decode(bytes: &mut Bytes<'_>, now: &[u32]) -> Option<Self> {
        let count = bytes.count()?;
        let mut known = Vec::with_capacity(count);
        for _ in 0..count {
            let blob = *now.get(bytes.small()? as usize)?;
            let size = bytes.number()?;
            let path = bytes.take(size_of::<PathDigest>())?.try_into().ok()?;
            let binary = std::str::from_utf8(bytes.bytes()?).ok()?;
            let binary = (!binary.is_empty()).then(|| binary.into());
            if blob != NONE {
                known.push((blob, CleanBlob { path, size, binary }));
            }
        }
        // Ids are in the same order as they were.
        Some(Self(known)).filter(|clean| clean.0.is_sorted_by_key(|known| known.0))
    }
}

/// For each of some ids, one behind the other and sorted, its place among those that are here now.
pub(super) fn places(ids: &[u8], here: &[ObjectId]) -> Vec<u32> {
    let Some(first) = here.first() else {
        return Vec::new();
    };
    let mut here = (0..).zip(here).peekable();
    let place = |id: &[u8]| {
        while here.next_if(|(_, here)| here.as_bytes() < id).is_some() {}
        here.peek()
            .filter(|(_, here)| here.as_bytes() == id)
            .map_or(NONE, |(at, _)| *at)
    };
    ids.chunks_exact(first.as_bytes().len())
        .map(place)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_known_under_its_path() {
        let mut clean = Clean::default();
        let blob = |path: u8| CleanBlob::new([path; 16], 5);
        clean.add(vec![(3, blob(1)), (1, blob(2))]);
        clean.add(vec![(3, blob(4).of_kind(Some("png")))]);
        let mut out = Vec::new();
        clean.encode(&mut out);
        let known = Clean::decode(&mut Bytes(&out), &[NONE, 2, NONE, 7]).unwrap();
        assert_eq!(known.get(2, || [2; 16]), Some(&blob(2)));
        let png = known.get(7, || [4; 16]).unwrap();
        assert_eq!(png.binary.as_deref(), Some("png"));
        assert_eq!(known.get(7, || [1; 16]), None);
        assert_eq!(known.get(3, || [4; 16]), None);
    }

    #[test]
    fn ids_are_found_among_those_that_are_here() {
        let id = |byte: u8| ObjectId::from_bytes_or_panic(&[byte; 20]);
        let ids: Vec<u8> = [1, 3, 5, 9].iter().flat_map(|&byte| [byte; 20]).collect();
        assert_eq!(
            places(&ids, &[id(0), id(3), id(4), id(5)]),
            [NONE, 1, 3, NONE]
        );
        assert!(places(&ids, &[]).is_empty());
    }
}
