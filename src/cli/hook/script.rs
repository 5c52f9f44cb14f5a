//! The hook itself, a script for any POSIX shell: git for Windows brings one.

use std::path::Path;

/// Which hook it is, as git names it.
pub(super) const NAME: &str = "pre-commit";
/// A hook that was there before is kept under this name, beside ours.
pub(super) const BEFORE: &str = "pre-commit.before-spillcheck";
/// How ours is known.
const MARK: &str =
    "# Written by `spillcheck hook install`; `spillcheck hook uninstall` takes it out.";

/// Whether a hook is ours.
pub(super) fn is_ours(text: &str) -> bool {
    text.lines().any(|line| line == MARK)
}

/// The hook, for a program that lies at `program` where it is not in the search path.
pub(super) fn hook(program: &Path) -> String {
    let program = quoted(&program.to_string_lossy());
    format!(
        r#"#!/bin/sh
{MARK}
before="$(dirname "$0")/{BEFORE}"
if [ -x "$before" ]; then
  "$before" "$@" || exit $?
fi
program=spillcheck
command -v "$program" >/dev/null 2>&1 || program={program}
command -v "$program" >/dev/null 2>&1 || {{
  echo "spillcheck is not installed, so this commit was not scanned; \`git commit --no-verify\` commits all the same" >&2
  exit 1
}}
"$program" --staged || {{
  code=$?
  echo "spillcheck stopped this commit; \`git commit --no-verify\` commits all the same" >&2
  exit $code
}}
"#
    )
}

/// As one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hook_is_known_again_and_others_are_not() {
        assert!(is_ours(&hook(Path::new("/usr/bin/spillcheck"))));
        assert!(!is_ours("#!/bin/sh\nspillcheck --staged\n"));
    }

    #[test]
    fn no_path_ends_its_word() {
        assert_eq!(quoted("/it's; rm -r"), r"'/it'\''s; rm -r'");
    }
}
