//! Archives that are made to do harm, or by nobody's usual tools.

use super::*;

/// A zip of one text, which so many entries of its directory lead to, by its own name each.
fn overlapping(names: impl Iterator<Item = String>, text: &[u8]) -> Vec<u8> {
    let one = zip_with(&[("a", text)], ::zip::CompressionMethod::Deflated);
    let listed = memchr::memmem::find(&one, b"PK\x01\x02").unwrap();
    let mut archive = one[..listed].to_vec();
    let mut count = 0_u64;
    for name in names {
        let mut header = one[listed..listed + 46].to_vec();
        header[28..30].copy_from_slice(&u16::try_from(name.len()).unwrap().to_le_bytes());
        header[30..34].fill(0);
        archive.extend(header);
        archive.extend(name.as_bytes());
        count += 1;
    }
    end_long(&mut archive, listed as u64, count);
    archive
}

/// What ends a zip of more entries, or bytes, than 16 or 32 bits count.
fn end_long(archive: &mut Vec<u8>, start: u64, count: u64) {
    let at = archive.len() as u64;
    archive.extend(b"PK\x06\x06");
    archive.extend(44_u64.to_le_bytes());
    archive.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    for number in [count, count, at - start, start] {
        archive.extend(number.to_le_bytes());
    }
    archive.extend(b"PK\x06\x07\0\0\0\0");
    archive.extend(at.to_le_bytes());
    archive.extend(1_u32.to_le_bytes());
    archive.extend(b"PK\x05\x06\0\0\0\0\xff\xff\xff\xff");
    archive.extend([0xff; 8]);
    archive.extend([0, 0]);
}

fn few(entries: u64) -> Archives {
    Archives {
        entries,
        ..Archives::default()
    }
}

#[test]
fn a_hundred_thousand_entries_are_read_up_to_the_last_that_may_be() {
    let names = || (0..100_000).map(|number| number.to_string());
    let most = Read::of(overlapping(names(), b""), few(99_999));
    assert_eq!((most.coverage.files, most.texts.len()), (99_999, 99_999));
    assert_eq!(most.skipped(), [("a", SkipReason::Capped)]);
    let detail = most.coverage.skipped[0].detail.as_deref().unwrap();
    assert!(detail.contains("more than 99999 entries"), "{detail}");
}

#[test]
fn entries_that_share_their_bytes_pay_for_them_each() {
    let text = b"text ".repeat(20_000);
    let names = (0..5_000).map(|number| number.to_string());
    let archive = overlapping(names, &text);
    assert!(archive.len() < 300_000);
    let all = Read::of(
        archive,
        Archives {
            bytes: 1 << 20,
            ..Archives::default()
        },
    );
    assert_eq!(all.skipped().len(), 1);
    assert_eq!(all.skipped()[0].1, SkipReason::Capped);
    assert!(all.coverage.bytes <= 1 << 20);
}

#[test]
fn long_zips_are_known() {
    let mut writer = ::zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = ::zip::write::SimpleFileOptions::default().large_file(true);
    writer.start_file(".env", options).unwrap();
    writer.write_all(b"A=1").unwrap();
    let whole = writer.finish().unwrap().into_inner();
    assert_eq!(read(whole).text("a!.env"), "A=1");
    // All three numbers of a header where they are when none of them fits, and something in front of it all.
    let mut archive = b"PK\x03\x04 not an entry".to_vec();
    let shift = archive.len() as u64;
    let one = zip(&[(".env", b"A=1")]);
    let listed = memchr::memmem::find(&one, b"PK\x01\x02").unwrap();
    archive.extend(&one[..listed]);
    let mut header = one[listed..listed + 46].to_vec();
    let packed = u32::from_le_bytes(header[20..24].try_into().unwrap());
    header[20..28].fill(0xff);
    header[42..46].fill(0xff);
    header[30..32].copy_from_slice(&28_u16.to_le_bytes());
    archive.extend(header);
    archive.extend(b".env\x01\0\x18\0");
    for number in [3, u64::from(packed), 0] {
        archive.extend(number.to_le_bytes());
    }
    let start = shift + listed as u64;
    end_long(&mut archive, start, 1);
    let offset = archive.len() - 22 - 20 - 8;
    archive[offset..offset + 8].copy_from_slice(&(start - shift).to_le_bytes());
    let all = read(archive);
    assert_eq!(all.text("a!.env"), "A=1");
    assert!(!all.coverage.is_incomplete());
}

#[test]
fn numbers_of_a_long_zip_that_lie_do_no_harm() {
    let names = || ["1".to_owned(), "2".to_owned()].into_iter();
    let whole = overlapping(names(), b"x");
    let record = memchr::memmem::find(&whole, b"PK\x06\x06").unwrap();
    for at in (record + 24..record + 56).step_by(8) {
        for lie in [0, 1, u64::MAX / 2, u64::MAX] {
            let mut archive = whole.clone();
            archive[at..at + 8].copy_from_slice(&lie.to_le_bytes());
            let all = read(archive);
            let is_read = all.names() == ["a!1", "a!2"];
            assert!(is_read || all.coverage.is_incomplete(), "{at}: {lie}");
        }
    }
}

/// Eight archives of eight archives, and so on: 8^9 texts in a few kilobytes.
#[test]
fn a_nested_bomb_ends_at_the_depth_and_at_the_entries() {
    let mut bytes = b"text".to_vec();
    for _ in 0..9 {
        bytes = overlapping((0..8).map(|number| format!("{number}.zip")), &bytes);
    }
    let all = read(bytes.clone());
    assert_eq!(all.names(), Vec::<&str>::new());
    assert_eq!(all.coverage.count(SkipReason::Capped), 8_usize.pow(4));
    let deep = Archives {
        depth: 99,
        entries: 500,
        ..Archives::default()
    };
    let all = Read::of(bytes, deep);
    assert!(all.texts.len() < 500);
    assert_eq!(all.skipped().len(), 1);
    assert_eq!(all.skipped()[0].1, SkipReason::Capped);
}

/// What an archive that holds itself comes to, without the art that it takes to make one.
#[test]
fn packed_files_in_packed_files_end_at_the_depth() {
    let mut bytes = b"text".to_vec();
    for _ in 0..200 {
        bytes = gzip(&bytes);
    }
    let all = read(bytes);
    assert_eq!(all.skipped(), [("a!a!a!a!a", SkipReason::Capped)]);
}

#[test]
fn odd_names_stay_what_they_are() {
    let files: &[(&str, &[u8])] = &[
        ("a\0.env", b"1"),
        ("C:\\x", b"2"),
        ("\u{1b}[2J", b"3"),
        ("..", b"4"),
        ("x/../../../y", b"5"),
    ];
    let all = read(zip(files));
    assert_eq!(
        all.names(),
        ["a!\u{1b}[2J", "a!?", "a!C:/x", "a!a\0.env", "a!x/y"]
    );
}

#[test]
fn hard_links_are_said_and_read_where_they_lead() {
    let mut builder = ::tar::Builder::new(Vec::new());
    let mut header = ::tar::Header::new_gnu();
    header.set_size(3);
    builder.append_data(&mut header, "b", &b"A=1"[..]).unwrap();
    let mut header = ::tar::Header::new_gnu();
    header.set_entry_type(::tar::EntryType::Link);
    header.set_size(0);
    builder.append_link(&mut header, "h", "b").unwrap();
    let all = read(builder.into_inner().unwrap());
    assert_eq!(all.names(), ["a!b"]);
    assert_eq!(all.skipped(), [("a!h", SkipReason::Symlink)]);
    assert_eq!(all.coverage.skipped[0].detail.as_deref(), Some("to b"));
}

/// As long as a link says that it is, its bytes are not taken for the next header.
#[test]
fn a_link_with_bytes_does_not_hide_what_follows() {
    let mut archive = Vec::new();
    for (name, kind) in [
        ("l", ::tar::EntryType::Symlink),
        ("f", ::tar::EntryType::Regular),
    ] {
        let mut header = ::tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_path(name).unwrap();
        header.set_size(3);
        header.set_cksum();
        archive.extend(header.as_bytes());
        let mut block = b"A=1".to_vec();
        block.resize(512, 0);
        archive.extend(block);
    }
    assert_eq!(read(archive).names(), ["a!f"]);
}

#[test]
fn every_packer_cut_anywhere_is_said() {
    let text = b"A=1\nand some more text, so that there is something to cut\n";
    let nested = zip(&[("b.tar.gz", &gzip(&tar(FILES))), ("c.zip", &zip(FILES))]);
    for whole in [gzip(text), bzip2(text), zstd(text), XZ.to_vec(), nested] {
        for len in 0..whole.len() {
            if recognise(&whole[..len]).is_none() {
                continue;
            }
            let cut = read(whole[..len].to_vec());
            assert!(cut.coverage.is_incomplete(), "{len} of {}", whole.len());
        }
    }
}
