//! What the user leaves out of a walk.

use std::collections::BTreeMap;
use std::path::Path;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::InputError;
use super::ledger::{SkipReason, Skipped};

/// A glob for files and directories that are not to be read, and who asked for it.
///
/// Without a slash it is matched against the name of every file and directory; with one, against
/// the path relative to the scanned root. `*` and `?` stop at slashes, `**` does not. A directory
/// that matches is left out as a whole. A slash or `/**` at the end means directories only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclude {
    /// The glob.
    pub glob: String,
    /// Who gave it: `--exclude`, or `spillcheck.toml line 7`.
    pub who: String,
    /// Why, in the words of who gave it.
    pub reason: Option<String>,
}

/// Globs of paths, as those of [`Exclude`].
#[derive(Debug)]
pub struct PathGlobs {
    set: GlobSet,
    /// As in `set`, whether they are for directories only.
    only_directories: Vec<bool>,
}

impl PathGlobs {
    /// Compiles them.
    ///
    /// # Errors
    /// One is malformed: its number, from 0, and what is wrong with it.
    pub fn new<'g>(
        globs: impl IntoIterator<Item = &'g str>,
    ) -> Result<Self, (usize, globset::Error)> {
        let mut set = GlobSetBuilder::new();
        let mut only_directories = Vec::new();
        for glob in globs {
            let (pattern, is_for_directories) = pattern(glob);
            let glob = GlobBuilder::new(&pattern)
                .literal_separator(true)
                .backslash_escape(true)
                .build()
                .map_err(|error| (only_directories.len(), error))?;
            set.add(glob);
            only_directories.push(is_for_directories);
        }
        let last = only_directories.len().saturating_sub(1);
        Ok(Self {
            set: set.build().map_err(|error| (last, error))?,
            only_directories,
        })
    }

    /// The numbers of those that match a path, from 0, in order.
    fn of(&self, path: &Path, is_dir: bool) -> impl Iterator<Item = usize> {
        let matching = self.set.matches(path).into_iter();
        matching.filter(move |&glob| is_dir || !self.only_directories[glob])
    }

    /// The numbers of those that match a file or one of the directories that it is in, from 0, each once, in order.
    /// An archive is a file and a directory, both by its name: `a/b.zip!c/d`.
    pub fn of_file(&self, path: &str) -> Vec<usize> {
        if self.only_directories.is_empty() {
            return Vec::new();
        }
        let path = path.trim_start_matches('/');
        let mut all: Vec<usize> = Vec::new();
        for (at, separator) in path.match_indices(['/', '!']) {
            let above = path[..at].replace('!', "/");
            all.extend(self.of(Path::new(&above), true));
            if separator == "!" {
                all.extend(self.of(Path::new(&path[..at]), true));
            }
        }
        all.extend(self.of(Path::new(&path.replace('!', "/")), false));
        all.extend(self.of(Path::new(path), false));
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// A glob in the terms of `globset`, and whether it is for directories only.
fn pattern(glob: &str) -> (String, bool) {
    let anchored = glob.trim_start_matches("./");
    let body = anchored.strip_suffix("/**").unwrap_or(anchored);
    let body = body.strip_suffix('/').unwrap_or(body);
    let only_directories = body.len() < anchored.len();
    let has_slash = body.contains('/') || anchored.ends_with("/**");
    let pattern = match body.strip_prefix('/') {
        Some(rest) => rest.to_owned(),
        None if has_slash => body.to_owned(),
        None => format!("**/{body}"),
    };
    (pattern, only_directories)
}

impl Exclude {
    fn detail(&self) -> String {
        let asked = format!("`{}` of {}", self.glob, self.who);
        match &self.reason {
            Some(reason) => format!("{asked}: {reason}"),
            None => asked,
        }
    }
}

/// All excludes of a run, compiled.
#[derive(Debug)]
pub(super) struct Excludes<'o> {
    globs: PathGlobs,
    /// As in `globs`.
    list: &'o [Exclude],
}

impl<'o> Excludes<'o> {
    /// Compiles them.
    ///
    /// # Errors
    /// One is malformed.
    pub(super) fn new(excludes: &'o [Exclude]) -> Result<Self, InputError> {
        let globs = PathGlobs::new(excludes.iter().map(|exclude| exclude.glob.as_str()));
        let globs = globs.map_err(|(index, error)| InputError::Glob {
            exclude: excludes[index].clone(),
            error,
        })?;
        Ok(Self {
            globs,
            list: excludes,
        })
    }

    /// Who left a path below a root out and why, if anyone did; the first exclude that matches
    /// counts.
    pub(super) fn detail(&self, path: &Path, root: &Path, is_dir: bool) -> Option<String> {
        if self.list.is_empty() {
            return None;
        }
        let inside = path.strip_prefix(root).ok()?;
        let first = self.globs.of(inside, is_dir).next()?;
        Some(self.list[first].detail())
    }

    /// Who left a file out, or a directory that it is in, and why, if anyone did; with the length of the path of what
    /// is left out. The path is relative to the root; its first `known` bytes are of something that is not left out.
    pub(super) fn detail_inside(&self, inside: &str, known: usize) -> Option<(usize, String)> {
        if self.list.is_empty() {
            return None;
        }
        let ends = inside.match_indices('/').map(|(at, _)| (at, true));
        let mut ends = ends.chain([(inside.len(), false)]);
        ends.find_map(|(end, is_dir)| {
            let path = Path::new(inside[..end].trim_start_matches('/'));
            let first = (end > known).then(|| self.globs.of(path, is_dir).next())??;
            Some((end, self.list[first].detail()))
        })
    }
}

/// Takes those of the paths of blobs out that the user left out, and blobs that have no other; `blobs` and `carriers` go
/// together. Gives what to note.
///
/// # Errors
/// An exclude is malformed.
pub fn leave_out<B, T>(
    excludes: &[Exclude],
    blobs: &mut Vec<B>,
    carriers: &mut Vec<BTreeMap<String, T>>,
) -> Result<Vec<Skipped>, InputError> {
    let excludes = Excludes::new(excludes)?;
    let mut left_out = BTreeMap::new();
    let mut is_kept = Vec::new();
    for paths in carriers.iter_mut() {
        let had_none = paths.is_empty();
        paths.retain(|path, _| match excludes.detail_inside(path, 0) {
            None => true,
            Some((len, detail)) => {
                left_out.insert(format!("history:{}", &path[..len]), detail);
                false
            }
        });
        is_kept.push(had_none || !paths.is_empty());
    }
    let mut keep = is_kept.iter();
    blobs.retain(|_| keep.next().copied().unwrap_or(true));
    let mut keep = is_kept.iter();
    carriers.retain(|_| keep.next().copied().unwrap_or(true));
    let skipped = |(path, detail)| Skipped {
        path,
        reason: SkipReason::Excluded,
        detail: Some(detail),
    };
    Ok(left_out.into_iter().map(skipped).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exclude(glob: &str) -> Exclude {
        Exclude {
            glob: glob.to_owned(),
            who: "--exclude".to_owned(),
            reason: None,
        }
    }

    fn excludes(glob: &str, path: &str, is_dir: bool) -> bool {
        let list = [exclude(glob)];
        let excludes = Excludes::new(&list).unwrap();
        excludes
            .detail(&Path::new("/r").join(path), Path::new("/r"), is_dir)
            .is_some()
    }

    #[test]
    fn without_a_slash_names_match_at_any_depth() {
        assert!(excludes("*.min.js", "a/b/x.min.js", false));
        assert!(excludes("vendor", "vendor", true));
        assert!(excludes("vendor", "a/vendor", true));
        assert!(!excludes("vendor", "a/vendors", true));
    }

    #[test]
    fn with_a_slash_the_path_matches() {
        assert!(excludes("a/*.js", "a/x.js", false));
        assert!(!excludes("a/*.js", "a/b/x.js", false));
        assert!(!excludes("a/*.js", "b/a/x.js", false));
        assert!(excludes("**/a/*.js", "b/a/x.js", false));
        assert!(excludes("/x.js", "x.js", false));
        assert!(!excludes("/x.js", "a/x.js", false));
        assert!(excludes("./a/x.js", "a/x.js", false));
    }

    #[test]
    fn a_slash_at_the_end_means_directories() {
        assert!(excludes("vendor/", "a/vendor", true));
        assert!(!excludes("vendor/", "a/vendor", false));
        assert!(excludes("vendor/**", "vendor", true));
        assert!(!excludes("vendor/**", "a/vendor", true));
        assert!(excludes("**/vendor/**", "a/vendor", true));
    }

    #[test]
    fn the_detail_says_who_and_why() {
        let list = [
            exclude("*.txt"),
            Exclude {
                reason: Some("generated".to_owned()),
                ..exclude("*.js")
            },
        ];
        let excludes = Excludes::new(&list).unwrap();
        let detail = |name| excludes.detail(&Path::new("/r").join(name), Path::new("/r"), false);
        assert_eq!(detail("a.txt").unwrap(), "`*.txt` of --exclude");
        assert_eq!(detail("a.js").unwrap(), "`*.js` of --exclude: generated");
        assert_eq!(detail("a.rs"), None);
    }

    #[test]
    fn a_malformed_glob_is_named() {
        let list = [exclude("fine"), exclude("a[")];
        let error = Excludes::new(&list).unwrap_err().to_string();
        assert!(error.contains("`a[` of --exclude"), "{error}");
    }

    #[test]
    fn a_file_falls_under_globs_of_its_directories() {
        let globs = PathGlobs::new(["vendor/", "*.zip", "a/b"]).unwrap();
        assert_eq!(globs.of_file("x/vendor/c/d"), [0]);
        assert!(globs.of_file("x/vendor").is_empty());
        assert_eq!(globs.of_file("a/b/c.zip!vendor/d"), [0, 1, 2]);
        assert!(globs.of_file("b/c").is_empty());
    }

    #[test]
    fn blobs_without_a_path_that_is_kept_go() {
        let map = |paths: &[&str]| -> BTreeMap<String, ()> {
            paths.iter().map(|&path| (path.to_owned(), ())).collect()
        };
        let mut blobs = vec![1, 2, 3];
        let mut carriers = vec![map(&["v/a", "b"]), map(&["v/c"]), map(&[])];
        let noted = leave_out(&[exclude("v/")], &mut blobs, &mut carriers).unwrap();
        assert_eq!(blobs, [1, 3]);
        assert_eq!(carriers, [map(&["b"]), map(&[])]);
        let noted: Vec<&str> = noted.iter().map(|skipped| skipped.path.as_str()).collect();
        assert_eq!(noted, ["history:v"]);
    }
}
