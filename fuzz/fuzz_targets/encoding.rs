//! Any bytes as a stream: each is read or in the ledger, bytes stay what they are, and UTF-16 keeps
//! its positions as UTF-8.

#![no_main]

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};

use libfuzzer_sys::fuzz_target;
use spillcheck::input::{self, Chunk, Encoding, Sink, SourceFile, TextSource};

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
        read.expect("what is in memory can be read");
        assert_eq!(parts.concat(), again);
    }
}

fuzz_target!(|data: &[u8]| {
    let check = Check {
        data,
        files: AtomicU64::new(0),
    };
    let coverage = input::read_stream("a.txt", &mut &data[..], None, &check);
    assert_eq!(coverage.files, check.files.into_inner());
    let expected = u64::from(!data.is_empty());
    assert_eq!(coverage.files + coverage.skipped.len() as u64, expected);
});
