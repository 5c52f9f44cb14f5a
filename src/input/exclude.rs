//! What the user leaves out of a walk.

use std::path::Path;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::InputError;

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

impl Exclude {
    /// The glob in the terms of `globset`, and whether it is for directories only.
    fn pattern(&self) -> (String, bool) {
        let anchored = self.glob.trim_start_matches("./");
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
    set: GlobSet,
    /// As in `set`, with whether they are for directories only.
    list: Vec<(&'o Exclude, bool)>,
}

impl<'o> Excludes<'o> {
    /// Compiles them.
    ///
    /// # Errors
    /// One is malformed.
    pub(super) fn new(excludes: &'o [Exclude]) -> Result<Self, InputError> {
        let mut set = GlobSetBuilder::new();
        let mut list = Vec::new();
        let malformed = |exclude: &Exclude, error| InputError::Glob {
            exclude: exclude.clone(),
            error,
        };
        for exclude in excludes {
            let (pattern, only_directories) = exclude.pattern();
            let glob = GlobBuilder::new(&pattern)
                .literal_separator(true)
                .backslash_escape(true)
                .build()
                .map_err(|error| malformed(exclude, error))?;
            set.add(glob);
            list.push((exclude, only_directories));
        }
        let set = match (set.build(), excludes.last()) {
            (Ok(set), _) => set,
            (Err(error), Some(last)) => return Err(malformed(last, error)),
            (Err(_), None) => GlobSet::empty(),
        };
        Ok(Self { set, list })
    }

    /// Who left a path below a root out and why, if anyone did; the first exclude that matches
    /// counts.
    pub(super) fn detail(&self, path: &Path, root: &Path, is_dir: bool) -> Option<String> {
        if self.list.is_empty() {
            return None;
        }
        let inside = path.strip_prefix(root).ok()?;
        let mut matching = self.set.matches(inside).into_iter();
        matching.find_map(|index| {
            let (exclude, only_directories) = self.list[index];
            (is_dir || !only_directories).then(|| exclude.detail())
        })
    }
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
}
