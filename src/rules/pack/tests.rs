use std::fs;

use super::super::bounded::MAX_FILE;
use super::*;

#[test]
fn the_built_in_pack_is_the_directory() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let read = load_dir(&dir, &[]).unwrap();
    let carried = builtin();
    assert!(!carried.is_empty());
    assert_eq!(
        serde_json::to_value(&read).unwrap(),
        serde_json::to_value(&carried).unwrap()
    );
    assert!(load_dir(&dir, &carried).is_err(), "every id is taken");
}

#[test]
fn directories_without_rules_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let errors = load_dir(dir.path(), &[]).unwrap_err();
    assert!(errors[0].reason.contains("no rule file"));
    let errors = load_dir(&dir.path().join("absent"), &[]).unwrap_err();
    assert!(errors[0].reason.contains("cannot be read"));
}

#[test]
fn files_that_are_no_text_are_errors_beside_those_that_are() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.toml"), b"\xff\xfe").unwrap();
    fs::write(dir.path().join("b.toml"), "provider = 1").unwrap();
    fs::write(
        dir.path().join("large.toml"),
        "#".repeat(MAX_FILE as usize + 1),
    )
    .unwrap();
    fs::write(dir.path().join("c.txt"), "not a rule file").unwrap();
    let errors = load_dir(dir.path(), &[]).unwrap_err();
    assert_eq!(errors.len(), 3, "{errors:?}");
    assert!(errors[0].reason.contains("cannot be read"));
    assert!(errors[1].reason.contains("longer than"));
    assert!(errors[2].reason.contains("provider"));
}
