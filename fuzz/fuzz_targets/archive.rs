//! Any bytes as an archive: no panic, an end within the limits, and entries that read the same twice.

#![no_main]

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};

use libfuzzer_sys::fuzz_target;
use spillcheck::input::{self, Archives, Chunk, Sink, SourceFile, TextSource};

const LIMITS: Archives = Archives {
    depth: 3,
    entries: 50,
    bytes: 1 << 20,
    ratio: 1 << 20,
};

#[derive(Default)]
struct Check {
    entries: AtomicU64,
}

impl Sink for Check {
    type Part = Vec<u8>;

    fn scan(&self, file: &SourceFile, chunk: Chunk<'_>) -> Vec<u8> {
        let name = file.path.strip_prefix("a!").unwrap_or_default();
        let is_inside = !name.split('/').any(|part| matches!(part, ".." | "."));
        assert!(is_inside && !name.starts_with('/'), "{name}");
        chunk.text.to_vec()
    }

    fn conclude(&self, file: &SourceFile, parts: Vec<Vec<u8>>, text: &mut dyn TextSource) {
        let mut again = Vec::new();
        let read = text.pieces(&mut |piece| {
            again.extend_from_slice(piece);
            ControlFlow::Continue(())
        });
        read.expect("what is in memory can be read");
        assert_eq!(parts.concat(), again);
        if file.archive.is_some() {
            self.entries.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let check = Check::default();
    let coverage = input::read_stream("a", &mut &data[..], Some(LIMITS), &check);
    assert!(check.entries.into_inner() <= LIMITS.entries);
    assert!(data.is_empty() || coverage.files > 0 || !coverage.skipped.is_empty());
});
