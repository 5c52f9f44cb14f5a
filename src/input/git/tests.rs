use std::fs;
use std::process::Command;

use super::*;

/// A temporary repository, handled with git itself.
struct Repository {
    dir: tempfile::TempDir,
    root: PathBuf,
}

impl Repository {
    fn new(init: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap().join("tree");
        fs::create_dir(&root).unwrap();
        let repository = Self { dir, root };
        repository.git(&[&["init", "--quiet"], init].concat());
        repository
    }

    fn git(&self, args: &[&str]) {
        self.git_in(&self.root, args);
    }

    fn git_in(&self, directory: &Path, args: &[&str]) {
        let output = Command::new("git")
            .args(["-c", "user.name=a", "-c", "user.email=a@example.org"])
            .args(["-c", "protocol.file.allow=always"])
            .args(args)
            .current_dir(directory)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("HOME", self.dir.path())
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "git {args:?}: {stderr}");
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn state(&self, name: &str) -> GitState {
        GitStates::new().state(&self.root.join(name))
    }

    fn expect(&self, state: GitState, names: &[&str]) {
        for name in names {
            assert_eq!(self.state(name), state, "{name}");
        }
    }
}

#[test]
fn outside_of_a_repository_there_is_no_state() {
    let dir = tempfile::tempdir().unwrap();
    let states = GitStates::new();
    assert_eq!(states.state(&dir.path().join("a")), GitState::NoRepository);
    assert_eq!(states.notes(), [""; 0]);
}

#[test]
fn a_directory_that_only_looks_like_a_repository_is_none() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join(".git")).unwrap();
    let state = GitStates::new().state(&dir.path().join("a"));
    assert_eq!(state, GitState::NoRepository);
}

#[test]
fn every_index_version_is_read() {
    for version in ["2", "3", "4"] {
        let repository = Repository::new(&[]);
        repository.git(&["config", "index.version", version]);
        let names = ["a", "a b/ü", "dir/deep/file.txt", "dir/deep/file.txt2", "z"];
        for name in names {
            repository.write(name, "x");
        }
        repository.git(&["add", "."]);
        repository.write("later", "x");
        // An entry with extended flags, which raise version 2 to 3.
        repository.git(&["add", "--intent-to-add", "later"]);
        repository.git(&["update-index", "--index-version", version]);
        repository.expect(GitState::Tracked, &names);
        repository.expect(GitState::Tracked, &["later"]);
        repository.expect(GitState::Untracked, &["dir/deep/file", "dir", "b"]);
    }
}

#[test]
fn a_new_repository_tracks_nothing() {
    let repository = Repository::new(&[]);
    repository.expect(GitState::Untracked, &["a"]);
    repository.expect(GitState::NoRepository, &[".git/config"]);
}

#[test]
fn sha256_repositories_are_read() {
    let repository = Repository::new(&["--object-format=sha256"]);
    repository.write("a", "x");
    repository.write("b", "x");
    repository.git(&["add", "a", "b"]);
    repository.expect(GitState::Tracked, &["a", "b"]);
    repository.expect(GitState::Untracked, &["c"]);
}

#[test]
fn a_split_index_is_put_together() {
    let repository = Repository::new(&[]);
    for number in 0..200 {
        repository.write(&format!("f{number:03}"), "x");
    }
    repository.git(&["add", "."]);
    repository.git(&["config", "splitIndex.maxPercentChange", "100"]);
    repository.git(&["update-index", "--split-index"]);
    repository.git(&["rm", "--quiet", "--cached", "f000", "f070", "f199"]);
    repository.write("f100", "changed");
    repository.write("new", "x");
    repository.git(&["add", "f100", "new"]);
    assert!(
        fs::read_dir(repository.root.join(".git"))
            .unwrap()
            .any(|entry| {
                let name = entry.unwrap().file_name();
                name.to_string_lossy().starts_with("sharedindex.")
            })
    );
    repository.expect(
        GitState::Tracked,
        &["f001", "f069", "f071", "f100", "f198", "new"],
    );
    repository.expect(GitState::Untracked, &["f000", "f070", "f199"]);
}

#[test]
fn a_sparse_index_tracks_what_its_directories_hold() {
    let repository = Repository::new(&[]);
    for name in ["top", "in/a", "out/a", "out/deep/b"] {
        repository.write(name, "x");
    }
    repository.git(&["add", "."]);
    repository.git(&["commit", "--quiet", "--message", "all"]);
    repository.git(&["sparse-checkout", "init", "--cone", "--sparse-index"]);
    repository.git(&["sparse-checkout", "set", "in"]);
    repository.expect(GitState::Tracked, &["top", "in/a", "out/a", "out/deep/b"]);
    repository.expect(GitState::Untracked, &["in/b", "outside/a"]);
}

#[test]
fn conflicts_are_tracked() {
    let repository = Repository::new(&["--initial-branch=main"]);
    repository.write("a", "base");
    repository.git(&["add", "a"]);
    repository.git(&["commit", "--quiet", "--message", "base"]);
    repository.git(&["checkout", "--quiet", "-b", "other"]);
    repository.write("a", "theirs");
    repository.git(&["commit", "--quiet", "--all", "--message", "theirs"]);
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write("a", "ours");
    repository.git(&["commit", "--quiet", "--all", "--message", "ours"]);
    let merge = Command::new("git")
        .args(["merge", "other"])
        .current_dir(&repository.root)
        .output()
        .unwrap();
    assert!(!merge.status.success());
    repository.expect(GitState::Tracked, &["a"]);
}

#[test]
fn work_trees_and_submodules_have_their_own_index() {
    let repository = Repository::new(&[]);
    repository.write("a", "x");
    repository.write(".gitignore", "*.log\n");
    repository.git(&["add", "."]);
    repository.git(&["commit", "--quiet", "--message", "all"]);
    fs::write(repository.root.join(".git/info/exclude"), "*.tmp\n").unwrap();
    repository.git(&["worktree", "add", "--quiet", "../second"]);
    fs::write(repository.root.join("../second/b"), "x").unwrap();
    repository.git_in(&repository.root.join("../second"), &["add", "b"]);
    let second = repository.root.parent().unwrap().join("second");
    let states = GitStates::new();
    assert_eq!(states.state(&second.join("b")), GitState::Tracked);
    assert_eq!(states.state(&second.join("c")), GitState::Untracked);
    assert_eq!(states.state(&second.join("c.log")), GitState::Ignored);
    assert_eq!(states.state(&second.join("c.tmp")), GitState::Ignored);
    assert_eq!(
        states.state(&repository.root.join("b")),
        GitState::Untracked
    );
    repository.git(&["submodule", "--quiet", "add", "../tree", "sub"]);
    repository.expect(GitState::Tracked, &["sub/a", ".gitmodules"]);
    repository.expect(GitState::Untracked, &["sub/b"]);
}

/// What git itself says decides.
#[test]
fn ignore_rules_agree_with_git() {
    let repository = Repository::new(&[]);
    repository.write(
        ".gitignore",
        "*.log\n/build/\n.env*\n!.env.example\nlogs/*\n!logs/keep\ndoc/**/x\n",
    );
    repository.write(
        "a/.gitignore",
        "!special.log\n# comment\n\n/only\n\\#hash\nsp ace \n",
    );
    repository.write("a/b/.gitignore", "\u{feff}bom\n*.log\n");
    repository.write("build/.gitignore", "!kept\n");
    fs::write(
        repository.root.join(".git/info/exclude"),
        "excluded\n!x.log\n",
    )
    .unwrap();
    let names = [
        ".env",
        ".env.example",
        "a/.env.local",
        "x.log",
        "a/special.log",
        "a/b/special.log",
        "a/c/special.log",
        "build/kept",
        "a/build/kept",
        "logs/keep",
        "logs/other",
        "excluded",
        "a/excluded",
        "a/only",
        "a/b/only",
        "a/#hash",
        "a/sp ace",
        "a/b/bom",
        "doc/x",
        "doc/a/b/x",
        "plain",
        "a/b/c/plain",
    ];
    let mut ignored = 0;
    for name in names {
        repository.write(name, "x");
    }
    for name in names {
        let check = Command::new("git")
            .args(["check-ignore", "--quiet", name])
            .current_dir(&repository.root)
            .env("HOME", repository.dir.path())
            .status()
            .unwrap();
        let expected = if check.success() {
            ignored += 1;
            GitState::Ignored
        } else {
            GitState::Untracked
        };
        assert_eq!(repository.state(name), expected, "{name}");
    }
    assert!((8..20).contains(&ignored), "{ignored}");
}

#[test]
fn a_tracked_file_is_not_ignored() {
    let repository = Repository::new(&[]);
    repository.write(".gitignore", "*.env\nvendor/\n");
    repository.write("a.env", "x");
    repository.write("vendor/a", "x");
    repository.write("vendor/b", "x");
    repository.git(&["add", "--force", ".gitignore", "a.env", "vendor/a"]);
    repository.expect(GitState::Tracked, &["a.env", "vendor/a"]);
    repository.expect(GitState::Ignored, &["b.env", "vendor/b"]);
    let states = GitStates::new();
    let vendor = repository.root.join("vendor");
    assert_eq!(states.ignored(&vendor, true), None);
    let reason = states.ignored(&vendor.join("b"), false).unwrap();
    assert_eq!(reason, "`vendor/` of .gitignore");
}

#[test]
fn a_damaged_index_is_noted() {
    let repository = Repository::new(&[]);
    repository.write(".git/index", "DIRC\0\0\0\u{7}\0\0\0\0");
    let states = GitStates::new();
    for name in ["a", "dir/b"] {
        let state = states.state(&repository.root.join(name));
        assert_eq!(state, GitState::NoRepository);
    }
    let notes = states.notes();
    assert_eq!(notes.len(), 1);
    assert!(
        notes[0].contains("tree/.git/index: index version 7"),
        "{}",
        notes[0]
    );
}

#[test]
fn too_many_ignore_rules_are_noted() {
    let repository = Repository::new(&[]);
    repository.write(".gitignore", &"# a long comment\n".repeat(40_000));
    repository.write("a/.gitignore", "*.log\n");
    let states = GitStates::new();
    let state = states.state(&repository.root.join("a/x.log"));
    assert_eq!(state, GitState::Untracked);
    let notes = states.notes();
    assert!(notes[0].contains("shown as untracked"), "{notes:?}");
}

#[cfg(unix)]
#[test]
fn a_fifo_in_place_of_the_index_does_not_block() {
    let repository = Repository::new(&[]);
    for name in [".git/index", ".gitignore"] {
        let path = repository.root.join(name);
        assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    }
    repository.expect(GitState::NoRepository, &["a"]);
}

#[test]
fn threads_agree() {
    let repository = Repository::new(&[]);
    repository.write("a", "x");
    repository.git(&["add", "a"]);
    let states = GitStates::new();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                assert_eq!(states.state(&repository.root.join("a")), GitState::Tracked);
                assert_eq!(
                    states.state(&repository.root.join("d/b")),
                    GitState::Untracked
                );
            });
        }
    });
}

#[test]
fn what_is_only_staged_has_reached_no_remote() {
    let repository = Repository::new(&[]);
    repository.git(&["remote", "add", "origin", "https://github.com/a/b.git"]);
    let remotes = |name: &str| GitStates::new().remotes(&repository.root.join(name)).len();
    repository.write("a/b", "one\n");
    assert_eq!(remotes("a/b"), 0);
    repository.git(&["add", "a"]);
    assert_eq!(remotes("a/b"), 0);
    repository.git(&["commit", "--quiet", "-m", "one"]);
    assert_eq!(remotes("a/b"), 1);
    repository.write("a/c", "two\n");
    repository.git(&["add", "a"]);
    assert_eq!((remotes("a/b"), remotes("a/c")), (1, 0));
}
