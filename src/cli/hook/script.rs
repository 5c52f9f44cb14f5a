//! The hook itself, a script for any POSIX shell: git for Windows brings one.

use std::path::Path;

/// Which hook it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hook {
    /// Before a commit is made.
    Commit,
    /// Before a push leaves.
    Push,
    /// Before a server takes a push.
    Receive,
}

/// How ours is known.
const MARK: &str =
    "# Written by `spillcheck hook install`; `spillcheck hook uninstall` takes it out.";

/// Whether a hook is ours.
pub(super) fn is_ours(text: &str) -> bool {
    text.lines().any(|line| line == MARK)
}

impl Hook {
    /// As git names it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Commit => "pre-commit",
            Self::Push => "pre-push",
            Self::Receive => "pre-receive",
        }
    }

    /// A hook that was there before is kept under this name, beside ours.
    pub(super) fn before(self) -> String {
        format!("{}.before-spillcheck", self.name())
    }

    /// What is scanned.
    pub(super) fn act(self) -> &'static str {
        match self {
            Self::Commit => "commit",
            Self::Push | Self::Receive => "push",
        }
    }

    /// How it is got past, as the last thing that is said.
    fn way_past(self) -> &'static str {
        match self {
            Self::Commit => r"; \`git commit --no-verify\` commits all the same",
            Self::Push => r"; \`git push --no-verify\` pushes all the same",
            Self::Receive => "",
        }
    }

    /// The hook, for a program that lies at `program` where it is not in the search path. What git says of a push on
    /// standard input is for both hooks.
    pub(super) fn script(self, program: &Path) -> String {
        let program = quoted(&program.to_string_lossy());
        let (act, past, before) = (self.act(), self.way_past(), self.before());
        let (keep, feed, arguments) = match self {
            Self::Commit => ("", "", "--staged"),
            Self::Push => (KEEP, FEED, r#"hook pre-push "$@""#),
            Self::Receive => (KEEP, FEED, "hook pre-receive"),
        };
        format!(
            r#"#!/bin/sh
{MARK}
{keep}before="$(dirname "$0")/{before}"
if [ -x "$before" ]; then
  {feed}"$before" "$@" || exit $?
fi
program=spillcheck
command -v "$program" >/dev/null 2>&1 || program={program}
command -v "$program" >/dev/null 2>&1 || {{
  echo "spillcheck is not installed, so this {act} was not scanned{past}" >&2
  exit 1
}}
{feed}"$program" {arguments} || {{
  code=$?
  echo "spillcheck stopped this {act}{past}" >&2
  exit $code
}}
"#
        )
    }
}

/// Takes what stands on standard input.
const KEEP: &str = "told=$(cat)\n";
/// And gives it on.
const FEED: &str = r#"printf '%s\n' "$told" | "#;

/// As one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hook_is_known_again_and_others_are_not() {
        for hook in [Hook::Commit, Hook::Push, Hook::Receive] {
            assert!(is_ours(&hook.script(Path::new("/usr/bin/spillcheck"))));
        }
        assert!(!is_ours("#!/bin/sh\nspillcheck --staged\n"));
    }

    #[test]
    fn no_path_ends_its_word() {
        assert_eq!(quoted("/it's; rm -r"), r"'/it'\''s; rm -r'");
    }
}
