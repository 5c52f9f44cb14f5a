//! Archives as the usual tools write them, and what is kept out of them.

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};
use std::ops::ControlFlow;
use std::sync::Mutex;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::super::run::{Limits, Run};
use super::super::source::Source;
use super::super::text::{Chunk, Encoding, SourceFile, TextSource};
use super::super::{Coverage, Sink, SkipReason};
use super::*;

mod hostile;
mod sevenz;
mod sqlite;

/// Keeps the text of every entry, by path.
#[derive(Default)]
struct Keeper(Mutex<BTreeMap<String, (String, String)>>);

impl Sink for Keeper {
    type Part = ();

    fn scan(&self, _: &SourceFile, _: Chunk<'_>) {}

    fn conclude(&self, file: &SourceFile, _: Vec<()>, text: &mut dyn TextSource) {
        let mut bytes = Vec::new();
        text.pieces(&mut |piece| {
            bytes.extend_from_slice(piece);
            ControlFlow::Continue(())
        })
        .unwrap();
        assert_eq!(file.archive.as_deref(), Some("a"));
        let text = String::from_utf8_lossy(&bytes).into_owned();
        self.0
            .lock()
            .unwrap()
            .insert(file.path.clone(), (file.relative.clone(), text));
    }
}

/// What came out of an archive that is called `a`.
struct Read {
    texts: BTreeMap<String, (String, String)>,
    coverage: Coverage,
}

impl Read {
    fn of(bytes: Vec<u8>, archives: Archives) -> Self {
        let keeper = Keeper::default();
        let format = recognise(&bytes).unwrap();
        let run = Run::new(&keeper, Limits::default(), 1, Some(archives));
        let file = SourceFile {
            path: "a".to_owned(),
            relative: "a".to_owned(),
            size: bytes.len() as u64,
            encoding: Encoding::Bytes,
            text_start: 0,
            real: None,
            archive: None,
        };
        run.put_archive_aside(format, Large::at_hand(file, Source::Memory(bytes)));
        read_all(&run);
        let coverage = run.ledger.close();
        Self {
            texts: keeper.0.into_inner().unwrap(),
            coverage,
        }
    }

    fn text(&self, path: &str) -> &str {
        &self
            .texts
            .get(path)
            .unwrap_or_else(|| panic!("{path} is not in {:?}", self.names()))
            .1
    }

    fn names(&self) -> Vec<&str> {
        self.texts.keys().map(String::as_str).collect()
    }

    fn skipped(&self) -> Vec<(&str, SkipReason)> {
        self.coverage
            .skipped
            .iter()
            .map(|skipped| (skipped.path.as_str(), skipped.reason))
            .collect()
    }
}

fn read(bytes: Vec<u8>) -> Read {
    Read::of(bytes, Archives::default())
}

fn zip_with(files: &[(&str, &[u8])], method: ::zip::CompressionMethod) -> Vec<u8> {
    let mut writer = ::zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = ::zip::write::SimpleFileOptions::default().compression_method(method);
    for (name, bytes) in files {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    zip_with(files, ::zip::CompressionMethod::Deflated)
}

fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = ::tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = ::tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        // The library refuses to write names that lead out.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        builder.append(&header, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

const FILES: &[(&str, &[u8])] = &[
    (".env", b"A=1"),
    ("b/c.txt", b"text"),
    ("d.bin", b"\0\x01\x02\0\xff"),
];

#[test]
fn entries_are_files() {
    let stored = zip_with(FILES, ::zip::CompressionMethod::Stored);
    for bytes in [zip(FILES), stored, tar(FILES), gzip(&tar(FILES))] {
        let read = read(bytes);
        assert_eq!(read.names(), ["a!.env", "a!b/c.txt"]);
        assert_eq!(read.text("a!.env"), "A=1");
        assert_eq!(
            read.texts["a!b/c.txt"],
            ("a/b/c.txt".to_owned(), "text".to_owned())
        );
        assert_eq!(read.skipped(), [("a!d.bin", SkipReason::Binary)]);
        assert_eq!((read.coverage.files, read.coverage.bytes), (3, 7));
    }
}

#[test]
fn a_packed_file_is_one_entry() {
    let read = read(gzip(b"CREATE TABLE"));
    assert_eq!(read.text("a!a"), "CREATE TABLE");
    assert!(!read.coverage.is_incomplete());
}

#[test]
fn archives_lie_in_archives() {
    let inner = zip(&[(".env", b"A=1")]);
    let bytes = gzip(&tar(&[("x/b.jar", &inner), ("y.sql.gz", &gzip(b"B"))]));
    assert_eq!(read(bytes).names(), ["a!x/b.jar!.env", "a!y.sql.gz!y.sql"]);
}

#[test]
fn too_deep_is_said() {
    let mut bytes = zip(&[(".env", b"A=1")]);
    for _ in 0..9 {
        bytes = zip(&[("n.zip", &bytes)]);
    }
    let read = read(bytes);
    assert_eq!(read.names(), Vec::<&str>::new());
    assert_eq!(
        read.skipped(),
        [("a!n.zip!n.zip!n.zip!n.zip", SkipReason::Capped)]
    );
}

#[test]
fn names_do_not_lead_out() {
    let files: &[(&str, &[u8])] = &[("../../etc/x", b"1"), ("/etc/y", b"2"), ("..\\z", b"3")];
    for bytes in [zip(files), tar(files)] {
        assert_eq!(read(bytes).names(), ["a!etc/x", "a!etc/y", "a!z"]);
    }
}

#[test]
fn links_and_devices_are_not_read() {
    let mut builder = ::tar::Builder::new(Vec::new());
    for (name, kind) in [
        ("l", ::tar::EntryType::Symlink),
        ("f", ::tar::EntryType::Fifo),
    ] {
        let mut header = ::tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(0);
        builder
            .append_link(&mut header, name, "/etc/passwd")
            .unwrap();
    }
    let all = read(builder.into_inner().unwrap());
    assert_eq!(
        all.skipped(),
        [("a!f", SkipReason::Special), ("a!l", SkipReason::Symlink)]
    );
    assert_eq!(
        all.coverage.skipped[1].detail.as_deref(),
        Some("to /etc/passwd")
    );
    let mut writer = ::zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = ::zip::write::SimpleFileOptions::default();
    writer.add_symlink("l", "/etc/passwd", options).unwrap();
    let all = read(writer.finish().unwrap().into_inner());
    assert_eq!(all.skipped(), [("a!l", SkipReason::Symlink)]);
}

#[test]
fn encrypted_entries_are_said() {
    let mut bytes = zip(&[(".env", b"A=1")]);
    let listed = memchr::memmem::find(&bytes, b"PK\x01\x02").unwrap();
    bytes[listed + 8] |= 1;
    assert_eq!(read(bytes).skipped(), [("a!.env", SkipReason::Unreadable)]);
}

#[test]
fn a_bomb_ends_at_the_limit() {
    let zeros = vec![b'0'; 4 << 20];
    let small = Archives {
        bytes: 1 << 20,
        ..Archives::default()
    };
    for bytes in [
        zip(&[("0", &zeros)]),
        gzip(&zeros),
        gzip(&tar(&[("0", &zeros)])),
    ] {
        let read = Read::of(bytes, small);
        assert_eq!(read.coverage.skipped.len(), 1);
        assert_eq!(read.skipped()[0].1, SkipReason::Capped);
        assert!(read.texts.values().all(|(_, text)| text.len() <= 1 << 20));
        assert!(read.coverage.bytes > 1000, "what came out is looked at");
    }
}

#[test]
fn too_many_entries_are_said() {
    let names: Vec<String> = (0..30).map(|number| number.to_string()).collect();
    let files: Vec<(&str, &[u8])> = names
        .iter()
        .map(|name| (name.as_str(), &b"x"[..]))
        .collect();
    let few = Archives {
        entries: 20,
        ..Archives::default()
    };
    for bytes in [zip(&files), tar(&files)] {
        let read = Read::of(bytes, few);
        assert_eq!(read.texts.len(), 20);
        assert_eq!(read.skipped(), [("a", SkipReason::Capped)]);
    }
}

#[test]
fn an_archive_without_an_end_gives_what_is_there() {
    let bytes = zip(FILES);
    let listed = memchr::memmem::find(&bytes, b"PK\x01\x02").unwrap();
    let read = read(bytes[..listed].to_vec());
    assert_eq!(read.names(), ["a!.env", "a!b/c.txt"]);
    assert_eq!(read.skipped()[0], ("a", SkipReason::Unreadable));
}

#[test]
fn what_stands_before_an_archive_does_not_move_it() {
    let mut bytes = b"PK\x03\x04 not an entry".to_vec();
    bytes.extend(zip(FILES));
    assert_eq!(read(bytes).names(), ["a!.env", "a!b/c.txt"]);
}

#[test]
fn text_is_no_tar() {
    assert_eq!(recognise(&b"x".repeat(600)), None);
    assert_eq!(recognise(&[0; 600]), None);
    assert_eq!(recognise(b"PKZIP"), None);
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ::bzip2::write::BzEncoder::new(Vec::new(), ::bzip2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

/// `A=1` and a new line, as `xz` packs it.
const XZ: &[u8] = b"\xfd7zXZ\x00\x00\x01\x69\x22\xde\x36\x02\x00\x21\x01\x16\x00\x00\x00\x74\x2f\xe5\xa3\x01\
    \x00\x03\x41\x3d\x31\x0a\x00\x2b\x78\xd7\x08\x00\x01\x18\x04\x6b\xe9\xf0\xa5\x90\x42\x99\x0d\x01\x00\x00\x00\
    \x00\x01YZ";

#[test]
fn other_packers_are_known() {
    assert_eq!(read(XZ.to_vec()).text("a!a"), "A=1\n");
    for pack in [bzip2, zstd, gzip] {
        assert_eq!(read(pack(b"A=1")).text("a!a"), "A=1");
        let twice = [pack(b"A=1\n"), pack(b"B=2")].concat();
        assert_eq!(read(twice).text("a!a"), "A=1\nB=2");
        assert_eq!(read(pack(&tar(FILES))).names(), ["a!.env", "a!b/c.txt"]);
        let whole = pack(&b"text ".repeat(100));
        let cut = read(whole[..whole.len() - 9].to_vec());
        assert!(cut.coverage.is_incomplete(), "{:?}", cut.coverage);
    }
    let skippable = [&b"\x50\x2a\x4d\x18\x03\0\0\0abc"[..], &zstd(b"B=2")].concat();
    let padded = [zstd(b"A=1\n"), skippable].concat();
    assert_eq!(read(padded).text("a!a"), "A=1\nB=2");
}

/// A table of lengths of codes that counts down below nothing.
const BZIP2_BELOW_NOTHING: &str = "QlpoMTFBWSZTWeuL4vMAABKA/2g4IABAaCAPqmbUAKBAQAAgAFRjAATAAEwgZWxlbWVudG9ykXXpBhtJDI3Bz\
    CmhS+9lntPVV3VaW8QVeKgY2fGnPH9F3JFOFCQ64vi8wA==";

/// A map of the bytes in use that goes on behind its end.
const BZIP2_OUT_OF_TABLES: &str = "QlpoOTFBWSZTWUVlhEsAFwAAAAAAAAAAdn+AypAAEEAB9YIwAAAQYgEfQAgIIABUMqaGgAZqaDTeqCSUMQD1AAB95\
    YTIQSoQhF/LSI1NBAhgd5x/XjBkQYIk4hzb1Noz32V8yUbhTuc0lgSokD8XckU4UJBFZYRL";

/// A chunk that ends before it has given what it says.
const XZ_WITHOUT_END: &str = "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4Cf/AG49Ez6DpRoGafjM35epAwAAAAAAAACPfi8HXhZ5xTkKJBfNuyt7e3t7\
    e3t7e3t7e3V7e3t7e3t7e3t7e3t7e3t7e3t7e3sAAAAABFla";

#[test]
fn broken_streams_end_alone() {
    for broken in [BZIP2_BELOW_NOTHING, BZIP2_OUT_OF_TABLES, XZ_WITHOUT_END] {
        let broken = BASE64.decode(broken).unwrap();
        assert!(read(broken).coverage.is_incomplete());
    }
}

fn wpress(files: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (directory, name, bytes) in files {
        let length = bytes.len().to_string();
        for (text, width) in [
            (*name, 255),
            (&length, 14),
            ("1700000000", 12),
            (*directory, 4096),
        ] {
            let mut part = text.as_bytes().to_vec();
            part.resize(width, 0);
            archive.extend(part);
        }
        archive.extend_from_slice(bytes);
    }
    archive.extend([0; 4377]);
    archive
}

#[test]
fn backups_of_wordpress_are_known() {
    let dump = b"INSERT INTO `SERVMASK_PREFIX_options`";
    let files: &[(&str, &str, &[u8])] = &[
        (".", "package.json", b"{}"),
        ("uploads/a", "b.jpg", b"\xff\xd8\xff\0"),
        (".", "database.sql", dump),
    ];
    let whole = wpress(files);
    let all = read(whole.clone());
    assert_eq!(all.names(), ["a!database.sql", "a!package.json"]);
    assert_eq!(all.skipped(), [("a!uploads/a/b.jpg", SkipReason::Binary)]);
    assert_eq!(all.coverage.files, 3);
    assert!(
        read(whole[..whole.len() - 4380].to_vec())
            .coverage
            .is_incomplete()
    );
}

fn phar(files: &[(&str, &[u8], u32)]) -> Vec<u8> {
    let number = |number: usize| u32::try_from(number).unwrap().to_le_bytes();
    let mut list = [
        &number(files.len())[..],
        &[0x11, 0, 0, 0, 0, 0],
        &number(0),
        &number(0),
    ]
    .concat();
    for (name, bytes, flags) in files {
        list.extend(
            [
                &number(name.len())[..],
                name.as_bytes(),
                &number(9),
                &number(0),
            ]
            .concat(),
        );
        list.extend(
            [
                number(bytes.len()),
                number(0),
                flags.to_le_bytes(),
                number(0),
            ]
            .concat(),
        );
    }
    let mut archive = b"<?php echo 1; __HALT_COMPILER(); ?>\r\n".to_vec();
    archive.extend([&number(list.len())[..], &list].concat());
    archive.extend(files.iter().flat_map(|(_, bytes, _)| *bytes));
    archive
}

#[test]
fn phars_are_known() {
    let mut deflated = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    deflated.write_all(b"<?php $a = 1;").unwrap();
    let deflated = deflated.finish().unwrap();
    let packed = bzip2(b"<?php $b = 2;");
    let files: &[(&str, &[u8], u32)] = &[
        ("src/a.php", &deflated, 0x1000),
        ("src/", b"", 0),
        ("src/b.php", &packed, 0x2000),
        (".env", b"A=1", 0),
    ];
    let whole = phar(files);
    let all = read(whole.clone());
    assert_eq!(
        all.names(),
        ["a!.env", "a!.phar/stub.php", "a!src/a.php", "a!src/b.php"]
    );
    assert_eq!(all.text("a!src/a.php"), "<?php $a = 1;");
    assert_eq!(all.text("a!src/b.php"), "<?php $b = 2;");
    assert!(!all.coverage.is_incomplete());
    assert!(
        read(whole[..whole.len() - 1].to_vec())
            .coverage
            .is_incomplete()
    );
    let program =
        b"<?php echo 1; __HALT_COMPILER(); and then any text that a program reads from itself";
    assert_eq!(recognise(program), None);
}

#[test]
fn an_archive_cut_anywhere_is_said_and_read_as_far_as_it_goes() {
    let files: &[(&str, &[u8])] = &[(".env", b"A=1"), ("b", b"text")];
    for whole in [
        zip(files),
        tar(files)[..2048].to_vec(),
        gzip(&tar(files)),
        phar(&[(".env", b"A=1", 0)]),
        wpress(&[(".", ".env", b"A=1")]),
    ] {
        // Of a tar, which is mostly zeros, and a backup not every length is worth the time.
        let step = 1 + whole.len() / 400;
        for len in (0..whole.len()).step_by(step) {
            let Some(_) = recognise(&whole[..len]) else {
                continue;
            };
            let cut = read(whole[..len].to_vec());
            // A tar has no end that it could not do without.
            assert!(
                cut.coverage.is_incomplete() || whole.len() == 2048,
                "{len} of {}",
                whole.len()
            );
        }
    }
}

#[test]
fn many_entries_take_little() {
    let names: Vec<String> = (0..100_000)
        .map(|number| format!("d/{number}.txt"))
        .collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let all = read(gzip(&tar(&files)));
    assert_eq!(all.coverage.files, 100_001);
    assert_eq!(all.coverage.skipped, []);
}
