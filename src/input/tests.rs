mod chunks;

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Mutex;

use super::run::Limits;
use super::*;

/// Small enough that tests need no large files.
const SMALL: Limits = Limits {
    one_chunk: 64,
    owned: 32,
    overlap: 8,
    piece: 16,
    memory: 256,
};

/// One chunk: where its own bytes start in the text, what they are, and what stands around them.
type Part = (u64, Vec<u8>, Vec<u8>, u64);

/// Keeps everything that it is given, by path.
#[derive(Default)]
struct Keeper(Mutex<BTreeMap<String, Kept>>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Kept {
    file: SourceFile,
    parts: Vec<Part>,
    again: Vec<u8>,
}

impl Kept {
    fn text(&self) -> Vec<u8> {
        let owned = self.parts.iter().map(|(_, owned, ..)| owned.as_slice());
        owned.collect::<Vec<_>>().concat()
    }
}

impl Sink for Keeper {
    type Part = Part;

    fn scan(&self, _: &SourceFile, chunk: Chunk<'_>) -> Part {
        let at = chunk.offset + chunk.owned.start as u64;
        let owned = chunk.text[chunk.owned].to_vec();
        (at, owned, chunk.text.to_vec(), chunk.offset)
    }

    fn conclude(&self, file: &SourceFile, parts: Vec<Part>, text: &mut dyn TextSource) {
        let mut again = Vec::new();
        let _ = text.pieces(&mut |piece| {
            again.extend_from_slice(piece);
            ControlFlow::Continue(())
        });
        let kept = Kept {
            file: file.clone(),
            parts,
            again,
        };
        let before = self.0.lock().unwrap().insert(file.path.clone(), kept);
        assert_eq!(before, None, "{} was read twice", file.path);
    }
}

fn options(jobs: usize) -> Options {
    Options {
        jobs,
        excludes: Vec::new(),
        only: Only::All,
        archives: None,
    }
}

fn path(path: impl Into<PathBuf>) -> Root {
    Root::Path(path.into())
}

fn scan_with(
    roots: &[Root],
    options: &Options,
    limits: Limits,
) -> (BTreeMap<String, Kept>, Coverage) {
    let keeper = Keeper::default();
    let coverage = run::read(roots, options, &keeper, limits).unwrap();
    (keeper.0.into_inner().unwrap(), coverage)
}

/// The relative paths of what was read below one root, and the ledger by relative path.
fn scan(root: &Path, options: &Options) -> (Vec<String>, BTreeMap<String, String>, Coverage) {
    let (kept, coverage) = scan_with(&[path(root)], options, SMALL);
    let names = kept.into_values().map(|kept| kept.file.relative).collect();
    let prefix = format!("{}/", root.display());
    let skipped = coverage.skipped.iter().map(|skipped| {
        let name = skipped.path.strip_prefix(&prefix).unwrap_or(&skipped.path);
        let detail = skipped.detail.as_deref().unwrap_or("-");
        (
            name.to_owned(),
            format!("{} {detail}", skipped.reason.word()),
        )
    });
    (names, skipped.collect(), coverage.clone())
}

/// A temporary directory with these files, which hold their own names.
fn tree(names: &[&str]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for name in names {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, name).unwrap();
    }
    dir
}

#[test]
fn everything_is_read_hidden_and_ignored_files_too() {
    let dir = tree(&[".env", ".gitignore", "a/.b/c", "empty"]);
    fs::write(dir.path().join(".gitignore"), "*\n").unwrap();
    fs::write(dir.path().join("empty"), "").unwrap();
    let (kept, coverage) = scan_with(&[path(dir.path())], &options(2), SMALL);
    let names: Vec<&str> = kept
        .values()
        .map(|kept| kept.file.relative.as_str())
        .collect();
    assert_eq!(names, [".env", ".gitignore", "a/.b/c", "empty"]);
    assert_eq!((coverage.files, coverage.bytes), (4, 4 + 2 + 6));
    assert_eq!(coverage.skipped, []);
    let env = kept.values().next().unwrap();
    assert_eq!(env.text(), b".env");
    assert_eq!(env.again, b".env");
    assert_eq!(env.file.size, 4);
    assert_eq!(env.file.path, format!("{}/.env", dir.path().display()));
    let real = dir.path().canonicalize().unwrap().join(".env");
    assert_eq!(env.file.real.as_ref(), Some(&real));
}

#[test]
fn a_missing_root_is_an_error() {
    let roots = [path("/nonexistent/tree")];
    let error = read(&roots, &options(1), &Keeper::default()).unwrap_err();
    assert!(error.to_string().contains("/nonexistent/tree"));
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_in_the_ledger() {
    use std::os::unix::ffi::OsStrExt;
    let dir = tree(&["text"]);
    let at = |name: &str| dir.path().join(name);
    std::os::unix::fs::symlink("text", at("link")).unwrap();
    std::os::unix::fs::symlink("/", at("up")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
    let mkfifo = std::process::Command::new("mkfifo")
        .arg(at("fifo"))
        .status();
    assert!(mkfifo.unwrap().success());
    fs::write(at("image.txt"), b"\x89PNG\r\n\x1a\n\0\0").unwrap();
    fs::write(dir.path().join(std::ffi::OsStr::from_bytes(b"\xff\n")), "x").unwrap();
    let (names, skipped, coverage) = scan(dir.path(), &options(2));
    assert_eq!(names, ["text", "\u{fffd}\n"]);
    let expected = [
        ("fifo", "special FIFO"),
        ("image.txt", "binary png"),
        ("link", "symlink to text"),
        ("socket", "special socket"),
        ("up", "symlink to /"),
    ];
    assert_eq!(
        skipped,
        expected.map(|(a, b)| (a.to_owned(), b.to_owned())).into()
    );
    assert!(!coverage.is_incomplete());
}

#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_read_makes_the_coverage_incomplete() {
    // Opens, and fails when it is read, whoever asks.
    let dir = tree(&["a"]);
    let roots = [path("/proc/self/mem"), path(dir.path())];
    let (kept, coverage) = scan_with(&roots, &options(2), SMALL);
    assert_eq!(kept.len(), 1);
    assert_eq!(coverage.count(SkipReason::Unreadable), 1);
    let detail = coverage.skipped[0].detail.as_deref().unwrap();
    assert!(detail.contains("os error 5"), "{detail}");
    assert!(coverage.is_incomplete());
}

#[cfg(target_os = "linux")]
#[test]
fn a_root_that_exists_and_cannot_be_read_is_in_the_ledger() {
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path().join("loop");
    std::os::unix::fs::symlink("loop", &at).unwrap();
    let roots = [path(&at), path("/dev/null")];
    let (kept, coverage) = scan_with(&roots, &options(1), SMALL);
    assert!(kept.is_empty());
    assert_eq!(coverage.count(SkipReason::Unreadable), 1);
    assert_eq!(coverage.count(SkipReason::Special), 1);
}

#[cfg(target_os = "linux")]
#[test]
fn a_directory_that_cannot_be_listed_is_in_the_ledger() {
    // Deeper than a path can say.
    let dir = tree(&["a"]);
    let deep = "d".repeat(250) + "/";
    let outer = dir.path().join(deep.repeat(10));
    fs::create_dir_all(&outer).unwrap();
    let inner = dir.path().join("inner");
    fs::create_dir_all(inner.join(deep.repeat(10))).unwrap();
    fs::rename(inner, outer.join("inner")).unwrap();
    let (names, skipped, coverage) = scan(dir.path(), &options(2));
    assert_eq!(names, ["a"]);
    let told: Vec<&String> = skipped.values().collect();
    assert_eq!(told, ["unreadable File name too long (os error 36)"]);
    assert!(coverage.is_incomplete());
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_hides_its_size_is_read() {
    let roots = [path("/proc/self/status"), path("/proc/self/comm")];
    let (kept, coverage) = scan_with(&roots, &options(1), SMALL);
    assert!(!kept["/proc/self/comm"].text().is_empty());
    assert_eq!(kept["/proc/self/status"].text().len(), SMALL.one_chunk);
    assert_eq!(coverage.files, 1);
    assert_eq!(coverage.skipped[0].reason, SkipReason::Capped);
}

#[test]
fn a_file_that_is_named_is_read_whatever_else_holds() {
    let dir = tree(&["a.skip", "b.skip", "real"]);
    let mut options = options(2);
    options.excludes.push(Exclude {
        glob: "*.skip".to_owned(),
        who: "--exclude".to_owned(),
        reason: None,
    });
    let mut roots = vec![path(dir.path()), path(dir.path().join("a.skip"))];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("real", dir.path().join("link")).unwrap();
        roots.push(path(dir.path().join("link")));
    }
    roots.push(path(dir.path().join("./a.skip")));
    let (kept, coverage) = scan_with(&roots, &options, SMALL);
    let names: Vec<&str> = kept
        .keys()
        .map(|name| name.rsplit('/').next().unwrap())
        .collect();
    assert_eq!(names, ["a.skip", "link"]);
    assert_eq!(coverage.count(SkipReason::Excluded), 1);
    assert_eq!(coverage.files, 2);
}

#[test]
fn of_overlapping_directories_the_inner_one_counts() {
    let dir = tree(&["a/x", "a/b/y", "z"]);
    let inner = dir.path().join("a");
    for roots in [[dir.path(), &inner], [&inner, dir.path()]] {
        let roots = roots.map(path);
        let (kept, coverage) = scan_with(&roots, &options(2), SMALL);
        let names: Vec<&str> = kept
            .values()
            .map(|kept| kept.file.relative.as_str())
            .collect();
        assert_eq!(names, ["b/y", "x", "z"]);
        assert_eq!(coverage.skipped, []);
    }
}

#[test]
fn version_control_is_left_alone_but_for_its_configuration() {
    let dir = tree(&[
        ".git/config",
        ".git/objects/ab/cd",
        ".git/HEAD",
        "sub/.hg/hgrc",
        "sub/.hg/store/x",
        "worktree/.git",
    ]);
    let (names, skipped, _) = scan(dir.path(), &options(2));
    assert_eq!(names, [".git/config", "sub/.hg/hgrc", "worktree/.git"]);
    let expected = [
        (".git", "version-control -"),
        ("sub/.hg", "version-control -"),
    ];
    assert_eq!(
        skipped,
        expected.map(|(a, b)| (a.to_owned(), b.to_owned())).into()
    );
}

#[test]
fn excluded_directories_are_left_out_as_a_whole() {
    let dir = tree(&["a/vendor/x", "a/vendor/y/z", "a/b"]);
    let mut options = options(2);
    options.excludes.push(Exclude {
        glob: "vendor/".to_owned(),
        who: "spillcheck.toml line 3".to_owned(),
        reason: Some("not ours".to_owned()),
    });
    let (names, skipped, _) = scan(dir.path(), &options);
    assert_eq!(names, ["a/b"]);
    let detail = "excluded `vendor/` of spillcheck.toml line 3: not ours";
    assert_eq!(skipped, [("a/vendor".to_owned(), detail.to_owned())].into());
}

#[test]
fn what_git_ignores_is_left_out_only_when_asked() {
    let dir = tree(&["a/x.log", "a/y", "cache/z", ".git/HEAD"]);
    fs::write(dir.path().join(".gitignore"), "*.log\ncache\n").unwrap();
    let asked = Options {
        only: Only::NotIgnored,
        ..options(2)
    };
    let (names, mut skipped, _) = scan(dir.path(), &asked);
    assert_eq!(names, [".gitignore", "a/y"]);
    skipped.remove(".git");
    let expected = [
        ("a/x.log", "excluded `*.log` of .gitignore"),
        ("cache", "excluded `cache` of .gitignore"),
    ];
    assert_eq!(
        skipped,
        expected.map(|(a, b)| (a.to_owned(), b.to_owned())).into()
    );
    assert_eq!(scan(dir.path(), &options(2)).0.len(), 4);
}

#[test]
fn deep_trees_are_read_to_the_bottom() {
    let dir = tempfile::tempdir().unwrap();
    let bottom = dir.path().join("d/".repeat(500));
    fs::create_dir_all(&bottom).unwrap();
    fs::write(bottom.join("f"), "x").unwrap();
    let (names, skipped, _) = scan(dir.path(), &options(2));
    assert_eq!(names, [format!("{}f", "d/".repeat(500))]);
    assert!(skipped.is_empty());
}

#[test]
fn every_number_of_threads_reads_the_same() {
    let dir = tempfile::tempdir().unwrap();
    for number in 0..10_000 {
        let path = dir.path().join(format!("{}/{number}", number % 7));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "line\n".repeat(number % 40)).unwrap();
    }
    let one = scan_with(&[path(dir.path())], &options(1), SMALL);
    assert_eq!(one.1.files, 10_000);
    for jobs in [0, 2, 8] {
        let many = scan_with(&[path(dir.path())], &options(jobs), SMALL);
        assert!(one == many, "with {jobs} threads");
    }
}
