//! Any bytes as a file on disk: each is read or in the ledger, bytes stay what they are, and UTF-16 keeps
//! its positions as UTF-8.

#![no_main]

use std::cell::RefCell;
use std::fs;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};

use libfuzzer_sys::fuzz_target;
use spillcheck::input::{self, Chunk, Encoding, Options, Root, Sink, SourceFile, TextSource};
use tempfile::TempDir;

thread_local! {
    static DIRECTORY: RefCell<Option<TempDir>> = const { RefCell::new(None) };
}

/// Holds the text of a file against its bytes.
struct Check<'d> {
    data: &'d [u8],
    files: AtomicU64,
}

impl Sink for Check<'_> {
    type Part = Vec<u8>;

    fn scan(&self, file: &SourceFile, chunk: Chunk<'_>) -> Vec<u8> {
        self.files.fetch_add(1, Ordering::Relaxed);
        assert_eq!((chunk.offset, &chunk.owned), (0, &(0..chunk.text.len())));
        let start = usize::try_from(file.text_start).expect("the file is small");
        if file.encoding == Encoding::Bytes {
            assert_eq!(chunk.text, &self.data[start..]);
        } else {
            let text = str::from_utf8(chunk.text).expect("UTF-16 is transcoded to UTF-8");
            let units = (self.data.len() - start).div_ceil(2);
            assert_eq!(text.encode_utf16().count(), units);
        }
        chunk.text.to_vec()
    }

    fn conclude(&self, _: &SourceFile, parts: Vec<Vec<u8>>, text: &mut dyn TextSource) {
        let mut again = Vec::new();
        let read = text.pieces(&mut |piece| {
            again.extend_from_slice(piece);
            ControlFlow::Continue(())
        });
        read.expect("the file is still there");
        assert_eq!(parts.concat(), again);
    }
}

fuzz_target!(|data: &[u8]| {
    DIRECTORY.with_borrow_mut(|directory| {
        let directory = directory.get_or_insert_with(|| tempfile::tempdir().expect("a directory"));
        let path = directory.path().join("a.txt");
        fs::write(&path, data).expect("room for the file");
        let options = Options {
            jobs: 1,
            excludes: Vec::new(),
            respect_gitignore: false,
        };
        let check = Check {
            data,
            files: AtomicU64::new(0),
        };
        let coverage = input::read(&[Root::Path(path)], &options, &check).expect("it exists");
        assert_eq!(coverage.files, check.files.into_inner());
        assert_eq!(coverage.files + coverage.skipped.len() as u64, 1);
    });
});
