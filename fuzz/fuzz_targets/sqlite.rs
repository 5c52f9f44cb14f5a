//! Any bytes as the pages of a database: no panic, an end within the limits, and what is not read is said.

#![no_main]

use std::sync::atomic::{AtomicU64, Ordering};

use libfuzzer_sys::fuzz_target;
use spillcheck::input::{self, Archives, Chunk, Sink, SourceFile, TextSource};

const LIMITS: Archives = Archives {
    depth: 2,
    entries: 50,
    bytes: 1 << 20,
    ratio: 1 << 20,
};

#[derive(Default)]
struct Check {
    tables: AtomicU64,
    bytes: AtomicU64,
}

impl Sink for Check {
    type Part = ();

    fn scan(&self, _: &SourceFile, chunk: Chunk<'_>) {
        self.bytes
            .fetch_add(chunk.text.len() as u64, Ordering::Relaxed);
    }

    fn conclude(&self, file: &SourceFile, _: Vec<()>, _: &mut dyn TextSource) {
        assert!(file.path.starts_with("a!") && file.path.ends_with(".sql"));
        self.tables.fetch_add(1, Ordering::Relaxed);
    }
}

fuzz_target!(|pages: &[u8]| {
    // The sizes of a page and of what is kept free in it; the rest of a header says nothing that leads anywhere.
    let mut database = b"SQLite format 3\0\x02\0\x01\x01\0\x40\x20\x20".to_vec();
    database.resize(100, 0);
    database.extend_from_slice(pages);
    let check = Check::default();
    let coverage = input::read_stream("a", &mut database.as_slice(), Some(LIMITS), &check);
    assert!(check.tables.into_inner() <= LIMITS.entries);
    assert!(check.bytes.into_inner() <= LIMITS.bytes);
    assert!(coverage.files > 0 || !coverage.skipped.is_empty());
});
