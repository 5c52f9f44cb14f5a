//! Texts made to take long: a run has to end, and to say what it left out.

use super::support::{Outcome, Tree};

const MIB: usize = 1 << 20;
/// The limit on time guards against hangs; anything quadratic takes hours on so much text.
const SIZE: usize = 3 * MIB;

#[track_caller]
fn scan(name: &str, text: Vec<u8>) -> Outcome {
    let tree = Tree::new();
    tree.write(name, text);
    let run = tree.run(&["--format=json", "--min-confidence=low"]);
    assert!(
        matches!(run.code, Some(0 | 1 | 3)),
        "{name}: {:?} {}",
        run.code,
        run.stderr
    );
    assert_eq!(run.stderr, "");
    run
}

fn repeated(unit: &[u8]) -> Vec<u8> {
    unit.repeat(SIZE / unit.len())
}

#[test]
fn anchors_without_end() {
    scan("a.txt", repeated(b"ghp_"));
    scan("a.txt", repeated(b"key-"));
    scan("a.txt", repeated(b"-----BEGIN PRIVATE KEY-----"));
    scan("a.txt", repeated(b"eyJ."));
}

#[test]
fn assignments_without_end() {
    scan(".env", repeated(b"password="));
    scan("a.php", repeated(b"'password'=>"));
    scan("a.txt", repeated(b"password: \""));
}

/// Where the text is read in chunks.
#[test]
fn more_than_one_chunk_without_end() {
    scan("a.txt", b"ghp_".repeat(9 * MIB / 4));
    scan(".env", b"password=".repeat(MIB));
}

#[test]
fn json_without_end() {
    scan("a.json", repeated(b"\"a\":"));
    scan("a.json", repeated(b"{\"password\":"));
    scan("a.json", repeated(b"{"));
    scan("a.json", repeated(b"[\"key\","));
}

#[test]
fn markup_without_end() {
    scan("a.xml", repeated(b"<password>"));
    scan("a.xml", b"<add key=\"password\" ".repeat(MIB / 8));
    scan("a.html", repeated(b"&#x70;"));
}

#[test]
fn urls_without_end() {
    scan("a.txt", repeated(b"://a:b@"));
    scan("a.txt", repeated(b"https://"));
    scan("a.txt", repeated(b"redis://a:"));
}

#[test]
fn escapes_without_end() {
    scan("a.json", repeated(b"\\\\"));
    scan("a.json", repeated(b"\\u0070"));
    scan("a.txt", repeated(b"%25"));
    scan("a.txt", repeated(b"s:9:\""));
    scan("a.txt", repeated(b"a:1:{"));
}

#[test]
fn runs_without_end() {
    scan("a.txt", repeated(b"A"));
    scan("a.txt", repeated(b"6f"));
    scan("a.txt", repeated(b"-"));
    scan("a.txt", repeated(b"\n"));
    scan("a.txt", repeated(b"\""));
}

/// Each time a third larger: what is decoded is again something to decode.
#[test]
fn encodings_within_encodings() {
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    let mut text = "password=correcthorse7staple\n".repeat(20);
    while text.len() < 64 << 10 {
        text = BASE64_STANDARD.encode(&text);
    }
    let once = text.clone() + "\n";
    scan("a.txt", once.repeat(SIZE / once.len()).into_bytes());
    let mut text = b"password=correcthorse7staple&".repeat(8);
    while text.len() < 256 << 10 {
        text = text
            .iter()
            .flat_map(|byte| format!("%{byte:02x}").into_bytes())
            .collect();
    }
    scan("a.txt", text);
}

/// More of one rule than is kept: the report says so.
#[test]
fn too_many_matches_of_one_rule_are_in_the_ledger() {
    let mut text = String::new();
    for seed in 0..6_000 {
        text.push_str(&super::support::env_file(&super::support::mailgun_key(
            seed,
        )));
    }
    let run = scan("a.env", text.into_bytes());
    run.exits(1);
    let report = run.json();
    let skipped = report["coverage"]["skipped"].as_array().unwrap();
    assert!(skipped.iter().any(|skipped| {
        skipped["reason"] == "capped"
            && skipped["detail"] == "more matches of rule mailgun-api-key than are kept"
    }));
    assert_eq!(report["coverage"]["complete"], false);
}
