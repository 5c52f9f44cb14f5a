//! Large files and standard input, and how they are cut.

use std::io::{Seek, SeekFrom, Write};

use proptest::prelude::*;

use super::*;

#[test]
fn a_sparse_file_is_read_in_chunks() {
    let dir = tempfile::tempdir().unwrap();
    let mut file = fs::File::create(dir.path().join("sparse")).unwrap();
    file.write_all(&b"text ".repeat(2000)).unwrap();
    file.seek(SeekFrom::Start(20 << 20)).unwrap();
    file.write_all(b"end").unwrap();
    let (kept, coverage) = scan_with(&[path(dir.path())], &options(2), Limits::default());
    let kept = kept.into_values().next().unwrap();
    assert_eq!(kept.parts.len(), 6);
    assert_eq!(kept.text().len(), (20 << 20) + 3);
    assert!(kept.text() == kept.again);
    assert_eq!(coverage.bytes, (20 << 20) + 3);
}

#[test]
fn standard_input_is_read_whatever_its_length() {
    for len in [1, 63, 64, 65, 200, 256, 257, 1000] {
        let text: Vec<u8> = (0..len)
            .map(|n| b'a' + u8::try_from(n % 26).unwrap())
            .collect();
        let keeper = Keeper::default();
        let run = run::Run::new(&keeper, SMALL, 2, None);
        stdin::read(&run, "<stdin>", &mut text.as_slice());
        large::read_all(&run);
        let coverage = run.ledger.close();
        assert_eq!((coverage.files, coverage.bytes), (1, len));
        let kept = keeper.0.into_inner().unwrap();
        assert_eq!(kept["<stdin>"].text(), text);
        assert_eq!(kept["<stdin>"].again, text);
        assert_eq!(kept["<stdin>"].file.size, len);
    }
}

#[test]
fn empty_and_binary_standard_input_count_as_nothing_read() {
    for (bytes, skipped) in [(&b""[..], 0), (b"\x7fELF\x01\0\0", 1)] {
        let keeper = Keeper::default();
        let run = run::Run::new(&keeper, SMALL, 1, None);
        stdin::read(&run, "<stdin>", &mut &*bytes);
        let coverage = run.ledger.close();
        assert_eq!((coverage.files, coverage.skipped.len()), (0, skipped));
        assert!(coverage.is_incomplete());
    }
}

/// Reads a source that was once seen with 500 bytes.
fn read_stale(source: source::Source) -> (Kept, Coverage) {
    let file = SourceFile {
        path: "a".to_owned(),
        relative: "a".to_owned(),
        size: 500,
        encoding: Encoding::Bytes,
        text_start: 0,
        real: None,
        archive: None,
    };
    let keeper = Keeper::default();
    let run = run::Run::new(&keeper, SMALL, 2, None);
    run.put_aside(large::Large::at_hand(file, source));
    large::read_all(&run);
    let coverage = run.ledger.close();
    let mut kept = keeper.0.into_inner().unwrap();
    (kept.remove("a").unwrap(), coverage)
}

#[test]
fn a_file_that_shrinks_is_read_as_far_as_it_goes() {
    for len in [0, 1, 31, 32, 33, 100] {
        let (kept, coverage) = read_stale(source::Source::Memory(vec![b'x'; len]));
        check_chunks(&kept, &vec![b'x'; len], SMALL);
        assert_eq!((coverage.files, coverage.bytes), (1, len as u64));
    }
}

#[cfg(unix)]
#[test]
fn a_large_file_that_cannot_be_read_makes_the_coverage_incomplete() {
    let directory = fs::File::open("/").unwrap();
    let (kept, coverage) = read_stale(source::Source::File(directory));
    assert_eq!(kept.parts, []);
    assert_eq!(coverage.files, 0);
    assert_eq!(coverage.count(SkipReason::Unreadable), 1);
}

/// Every chunk stands where it says, has its overlap, and together they are the text.
fn check_chunks(kept: &Kept, text: &[u8], limits: Limits) {
    assert_eq!(kept.text(), text);
    assert_eq!(kept.again, text);
    let mut next = 0;
    for (at, owned, around, offset) in &kept.parts {
        assert_eq!(usize::try_from(*at).unwrap(), next);
        let offset = usize::try_from(*offset).unwrap();
        let end = next + owned.len();
        assert_eq!(around, &text[offset..offset + around.len()]);
        assert!(
            offset <= next.saturating_sub(limits.overlap),
            "overlap before {next}"
        );
        let after = (end + limits.overlap).min(text.len());
        assert!(offset + around.len() >= after, "overlap after {end}");
        assert!(owned.len() <= limits.owned.max(limits.one_chunk));
        next = end;
    }
}

fn read_one(bytes: &[u8], jobs: usize) -> Kept {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, bytes).unwrap();
    let (kept, coverage) = scan_with(&[path(file)], &options(jobs), SMALL);
    assert_eq!((coverage.files, coverage.bytes), (1, bytes.len() as u64));
    kept.into_values().next().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn chunks_make_the_text(
        len in prop_oneof![0..10_usize, 60..70_usize, 90..100_usize, 0..600_usize],
        jobs in 1..4_usize,
    ) {
        let text: Vec<u8> = (0..len).map(|n| b' ' + u8::try_from(n * 7 % 90).unwrap()).collect();
        check_chunks(&read_one(&text, jobs), &text, SMALL);
    }

    #[test]
    fn utf16_chunks_make_the_text(text in "[a-zé\u{1f511}]{1,400}", is_le: bool) {
        let encode = if is_le { u16::to_le_bytes } else { u16::to_be_bytes };
        let text = format!("key {text}");
        let marked = format!("\u{feff}{text}");
        let bytes: Vec<u8> = marked.encode_utf16().flat_map(encode).collect();
        let kept = read_one(&bytes, 2);
        prop_assert_eq!(kept.file.text_start, 2);
        check_chunks(&kept, text.as_bytes(), SMALL);
    }
}
