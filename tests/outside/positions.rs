//! Offsets, lines and columns, against a count that is as simple as can be.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::support::{Tree, env_file, findings, mailgun_key};

const ASTRAL: char = '\u{1f511}';

/// Where a key stands in a text: line, and column in UTF-16 units, both from 1.
fn position(text: &str, at: usize) -> Value {
    let (mut line, mut column) = (1, 1);
    for c in text[..at].chars() {
        if c == '\n' {
            (line, column) = (line + 1, 1);
        } else {
            column += c.len_utf16();
        }
    }
    json!({ "line": line, "column": column })
}

/// Scans a file and holds each occurrence of the key in the report against the text and the bytes.
#[track_caller]
fn check(text: &str, key: &str, encode: impl Fn(&str) -> Vec<u8>) {
    let encoded = encode(text);
    let tree = Tree::new();
    tree.write("a.env", &encoded);
    let report = tree.run(&["--format=json", "--min-confidence=low"]).json();
    let finding = findings(&report)
        .iter()
        .find(|finding| finding["secret"].as_str().unwrap()[..4] == key[..4]);
    let finding = finding.unwrap_or_else(|| panic!("no finding in {report:#}"));
    let places = finding["occurrences"].as_array().unwrap();
    let expected: Vec<usize> = text.match_indices(key).map(|(at, _)| at).collect();
    assert_eq!(places.len(), expected.len());
    for (place, at) in places.iter().zip(expected) {
        assert_eq!(place["start"], position(text, at));
        assert_eq!(place["end"], position(text, at + key.len()));
        let offset = place["offset"].as_u64().unwrap() as usize;
        let length = place["length"].as_u64().unwrap() as usize;
        assert_eq!(offset, encode(&text[..at]).len(), "offset");
        // A mark at the start of the file is not repeated in its middle.
        let mark = encode("").len();
        assert!(
            encoded[offset..offset + length] == encode(key)[mark..],
            "the bytes at {offset}"
        );
        assert_eq!(length, encode(key).len() - mark);
    }
}

fn utf8(text: &str) -> Vec<u8> {
    text.as_bytes().to_vec()
}

fn utf8_marked(text: &str) -> Vec<u8> {
    ["\u{feff}", text].concat().into_bytes()
}

fn utf16(text: &str, mark: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    [mark, text]
        .concat()
        .encode_utf16()
        .flat_map(unit)
        .collect()
}

#[test]
fn in_plain_text_at_its_start_and_its_end() {
    let key = mailgun_key(30);
    let last = format!("# mailgun\nMAILGUN_SECRET={key}");
    check(&last, &key, utf8);
    check(&format!("{last}\n"), &key, utf8);
    check(&format!("{key} mailgun mailgun_secret\n"), &key, utf8);
    check(
        &format!("{last}\nMAILGUN_KEY={key}\n\n\nMAILGUN_SECRET={key}"),
        &key,
        utf8,
    );
}

#[test]
fn among_characters_of_several_bytes() {
    let key = mailgun_key(31);
    let text = format!(
        "# größer\n# {ASTRAL}{ASTRAL}\n/* ж{ASTRAL}é */ MAILGUN_SECRET=\"{key}\" # {ASTRAL}\nMAILGUN_KEY={key}\n"
    );
    check(&text, &key, utf8);
}

#[test]
fn with_line_ends_of_two_bytes() {
    let key = mailgun_key(32);
    let text = format!("# a\r\n\r\n{}", env_file(&key).replace('\n', "\r\n"));
    check(&text, &key, utf8);
}

#[test]
fn after_a_byte_order_mark() {
    let key = mailgun_key(33);
    let tree = Tree::new();
    let text = format!("MAILGUN_SECRET={key}\n");
    tree.write(".env", utf8_marked(&text));
    let report = tree.run(&["--format=json"]).json();
    let place = &findings(&report)[0]["occurrences"][0];
    assert_eq!(place["offset"], 18, "the mark counts as bytes of the file");
    assert_eq!(place["length"], 50);
    assert_eq!(place["start"]["line"], 1);
    check(&format!("# a\n{text}"), &key, |text| {
        if text.starts_with("# a") {
            utf8_marked(text)
        } else {
            utf8(text)
        }
    });
}

#[test]
fn in_utf16_of_either_kind_with_and_without_a_mark() {
    let key = mailgun_key(34);
    let text = format!(
        "# Konfiguration, größer\r\nA=1 # {ASTRAL}\r\nMAILGUN_DOMAIN=mg.example.com\r\nMAILGUN_SECRET={key}\r\n{ASTRAL} MAILGUN_KEY={key}"
    );
    for unit in [u16::to_le_bytes, u16::to_be_bytes] {
        check(&text, &key, |text| utf16(text, "\u{feff}", unit));
        check(&text, &key, |text| utf16(text, "", unit));
    }
}

#[test]
fn around_bytes_that_are_not_utf8() {
    let key = mailgun_key(35);
    let tree = Tree::new();
    let text = [
        b"# caf\xe9\nX=\xff\xfe MAILGUN_SECRET=",
        key.as_bytes(),
        b"\n",
    ]
    .concat();
    tree.write(".env", text);
    let report = tree.run(&["--format=json"]).json();
    let place = &findings(&report)[0]["occurrences"][0];
    assert_eq!(place["start"], json!({ "line": 2, "column": 21 }));
    assert_eq!(place["offset"], 27);
}

#[test]
fn in_a_line_of_50_megabytes() {
    let key = mailgun_key(36);
    let mut text = String::from("var a = [");
    while text.len() < 50 << 20 {
        let id = text.len();
        if (25 << 20..(25 << 20) + 60).contains(&id) {
            let _ = write!(text, "{{\"mailgun_api_key\":\"{key}\"}},");
        }
        let _ = write!(text, "{{\"id\":{id},\"name\":\"{ASTRAL} number {id}\"}},");
    }
    let _ = write!(text, "{{\"mailgun_api_key\":\"{key}\"}}]");
    check(&text, &key, utf8);
}

/// The owned part of a chunk is 4 MB; keys start before, on and after each boundary.
#[test]
fn across_the_boundaries_of_chunks() {
    const CHUNK: usize = 4 << 20;
    let key = mailgun_key(37);
    let line = format!("MAILGUN_SECRET={key}\n");
    let filling = "0123456789 abcdef, nothing to see here é\n";
    let mut text = String::new();
    for (boundary, shift) in [(1, 0), (2, 1), (3, 25), (4, 50)] {
        let start = boundary * CHUNK - "MAILGUN_SECRET=".len() - shift;
        while text.len() + filling.len() < start {
            text.push_str(filling);
        }
        text.extend(std::iter::repeat_n('\n', start - text.len()));
        assert_eq!(text.len(), start);
        text.push_str(&line);
    }
    while text.len() < 20 << 20 {
        text.push_str(filling);
    }
    check(&text, &key, utf8);
    check(&text, &key, |text| {
        utf16(text, "\u{feff}", u16::to_le_bytes)
    });
}
