//! Lists of patterns: `.gitignore`, `.npmignore`, and the `files` of a `package.json`.

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// More lines are not read.
const MAX_LINES: usize = 10_000;

/// Patterns, the last one that fits counts.
pub(super) struct Patterns {
    compiled: Gitignore,
}

impl Patterns {
    /// As `.gitignore` means them; lines that are no pattern are left out.
    pub(super) fn git<'l>(lines: impl Iterator<Item = &'l str>) -> Self {
        let mut builder = GitignoreBuilder::new("");
        for line in lines.take(MAX_LINES) {
            let _ = builder.add_line(None, line.trim_end_matches('\r'));
        }
        Self {
            compiled: builder.build().unwrap_or_else(|_| Gitignore::empty()),
        }
    }

    /// Whether a file, or a directory that it lies in, is named.
    pub(super) fn name(&self, path: &str) -> bool {
        // What the library cannot place it panics on.
        if path.is_empty() || path.starts_with('/') {
            return false;
        }
        self.compiled
            .matched_path_or_any_parents(path, false)
            .is_ignore()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn git_names_at_any_depth() {
        let patterns = Patterns::git(["/vendor", ".env"].into_iter());
        assert!(patterns.name("app/.env") && patterns.name("vendor/x"));
        assert!(!patterns.name("app/vendor/x"));
    }
}
