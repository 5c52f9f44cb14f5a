//! Any bytes as the list and the streams of a 7z archive: no panic, little memory, and an end within the limits.

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
struct Bytes(AtomicU64);

impl Sink for Bytes {
    type Part = ();

    fn scan(&self, _: &SourceFile, chunk: Chunk<'_>) {
        self.0.fetch_add(chunk.text.len() as u64, Ordering::Relaxed);
    }

    fn conclude(&self, file: &SourceFile, _: Vec<()>, _: &mut dyn TextSource) {
        assert!(file.path.starts_with("a!"));
    }
}

fuzz_target!(|input: &[u8]| {
    // How long the list is, and it; the rest is what is packed.
    let (len, rest) = input.split_first_chunk().unwrap_or((&[0; 2], &[]));
    let len = usize::from(u16::from_le_bytes(*len));
    let (list, packed) = rest.split_at(rest.len().min(len));
    // The sum would keep everything out.
    let mut sum = flate2::Crc::new();
    sum.update(list);
    let mut archive = b"7z\xbc\xaf\x27\x1c\0\x04\0\0\0\0".to_vec();
    archive.extend((packed.len() as u64).to_le_bytes());
    archive.extend((list.len() as u64).to_le_bytes());
    archive.extend(sum.sum().to_le_bytes());
    archive.extend_from_slice(packed);
    archive.extend_from_slice(list);
    let bytes = Bytes::default();
    let coverage = input::read_stream("a", &mut archive.as_slice(), Some(LIMITS), &bytes);
    assert!(bytes.0.into_inner() <= LIMITS.bytes);
    assert!(coverage.files > 0 || !coverage.skipped.is_empty());
});
