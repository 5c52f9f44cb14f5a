//! Which scripts are worth lexing: going by the needles in them first, then by their bytes.
//!
//! Tests hold the gate to what [`super::code::signs`] reports of their scripts. Each look at a text is bounded: where a
//! bound is met, the script is lexed, which takes time in proportion to its length.

use std::collections::BTreeSet;

use memchr::{memchr_iter, memchr2_iter, memmem};

use super::code::{COMMANDS, DECODERS, REQUEST, has_e_modifier};
use super::hidden;
use crate::checks::lines::line_before;

/// A hidden name and its escapes are not longer; in characters.
const LONGEST: usize = 64;
/// So many characters are looked at to each side of a joint, its blanks and quotes included.
const AROUND: usize = 512;
/// So many bytes of indices are looked at.
const INDICES: usize = 512;
/// A pattern that is longer is not looked at here; in bytes.
const PATTERN_LENGTH: usize = 512;
/// So many variables are looked for.
const VARIABLES: usize = 64;

/// Letters of scripts, the most frequent first: what a needle is not looked for by.
const FREQUENT: &[u8] = b"etaoinsrhldcump";

const RUN: Group = Group::first(&[
    "eval(",
    "eval (",
    "eval/*",
    "eval /*",
    "assert(",
    "assert (",
    "create_function",
    "/e'",
    "/e\"",
]);
/// May run what it puts in: the modifier `e` says so, at the end of a pattern in any delimiters.
const PATTERN: Group = RUN.then(&["preg_replace(", "preg_replace ("]);
const COMMAND: Group = PATTERN.then(&[
    "system(",
    "system (",
    "exec(",
    "exec (",
    "passthru",
    "popen(",
    "popen (",
    "proc_open",
]);
const DECODE: Group = COMMAND.then(DECODERS);
const TAKE: Group = DECODE.then(&[
    "$_get",
    "$_post",
    "$_request",
    "$_cookie",
    "$_files",
    "$http_post_vars",
    "$http_get_vars",
]);
const NAMED: Group = TAKE.then(&[
    "'eval'",
    "\"eval\"",
    "'assert'",
    "\"assert\"",
    "'create_function'",
    "\"create_function\"",
    "'system'",
    "\"system\"",
    "'exec'",
    "\"exec\"",
    "'shell_exec'",
    "\"shell_exec\"",
    "'passthru'",
    "\"passthru\"",
    "'popen'",
    "\"popen\"",
    "'proc_open'",
    "\"proc_open\"",
    "'pcntl_exec'",
    "\"pcntl_exec\"",
]);
const CALL_BACK: Group = NAMED.then(&[
    "call_user_func",
    "array_map",
    "array_filter",
    "array_walk",
    "array_reduce",
    "usort(",
    "uasort(",
    "uksort(",
    "register_shutdown_function",
    "register_tick_function",
    "ob_start",
    "preg_replace_callback",
    "iterator_apply",
]);
const JOIN: Group = CALL_BACK.then(&["'.'", "\".\"", "' . '", "\" . \"", "'.\"", "\".'"]);
const ESCAPE: Group = JOIN.then(&["\\x65", "\\145"]);
const INCLUDE: Group = ESCAPE.then(&[
    "include '",
    "include \"",
    "include('",
    "include(\"",
    "include_once '",
    "include_once \"",
    "include_once('",
    "include_once(\"",
    "require '",
    "require \"",
    "require('",
    "require(\"",
    "require_once '",
    "require_once \"",
    "require_once('",
    "require_once(\"",
]);

const GROUPS: &[Group] = &[
    RUN, PATTERN, COMMAND, DECODE, TAKE, NAMED, CALL_BACK, JOIN, ESCAPE, INCLUDE,
];

/// What to look out for in scripts, group by group.
pub(super) const NEEDLES: &[&str] = &{
    const COUNT: usize = INCLUDE.first + INCLUDE.needles.len();
    let mut all = [""; COUNT];
    let mut group = 0;
    while group < GROUPS.len() {
        let Group { first, needles } = GROUPS[group];
        let mut at = 0;
        while at < needles.len() {
            all[first + at] = needles[at];
            at += 1;
        }
        group += 1;
    }
    all
};

/// Needles that say the same, and where in [`NEEDLES`] they begin.
#[derive(Clone, Copy)]
struct Group {
    first: usize,
    needles: &'static [&'static str],
}

impl Group {
    const fn first(needles: &'static [&'static str]) -> Self {
        Self { first: 0, needles }
    }

    const fn then(self, needles: &'static [&'static str]) -> Self {
        let first = self.first + self.needles.len();
        Self { first, needles }
    }

    /// A bit for each of them.
    const fn bits(self) -> u128 {
        ((1 << self.needles.len()) - 1) << self.first
    }
}

/// Which needles a script holds: a bit for each of [`NEEDLES`].
#[derive(Clone, Copy)]
pub(super) struct Held(pub(super) u128);

impl Held {
    fn any(self, group: Group) -> bool {
        self.0 & group.bits() != 0
    }

    /// Those of a group that it holds.
    fn of(self, group: Group) -> impl Iterator<Item = &'static str> {
        let needles = group.needles.iter().enumerate();
        needles
            .filter(move |(at, _)| self.0 >> (group.first + at) & 1 != 0)
            .map(|(_, needle)| *needle)
    }

    /// Whether the needles alone make it worth lexing.
    pub(super) fn is_suspect(self) -> bool {
        (self.0 & COMMAND.bits()).count_ones() >= 3
            || (self.any(NAMED) && self.any(CALL_BACK))
            || self.any(ESCAPE)
    }

    /// Whether its text may say more than its needles do.
    pub(super) fn is_worth_reading(self) -> bool {
        self.any(TAKE) || self.any(JOIN) || self.any(INCLUDE) || self.runs() || self.replaces()
    }

    /// Whether something may run what a visitor sends, or what was decoded.
    fn runs(self) -> bool {
        self.any(RUN) && (self.any(TAKE) || self.any(DECODE))
    }

    /// Whether a pattern may run something of a visitor's, or something decoded.
    fn replaces(self) -> bool {
        self.any(PATTERN) && (self.any(TAKE) || self.any(DECODE))
    }

    /// Whether the text makes it worth lexing.
    pub(super) fn is_suspect_text(self, text: &str) -> bool {
        (self.runs() && runs_outside_of_comments(self.of(RUN), text))
            || (self.any(TAKE) && calls_request(self.of(TAKE), text))
            || (self.any(JOIN) && joins_name(text))
            || (self.any(INCLUDE) && includes_hidden(text))
            || (self.replaces() && runs_pattern(text))
    }
}

/// `preg_replace('~.*~ie', …)`; true as well where the pattern goes on for too long to tell.
fn runs_pattern(text: &str) -> bool {
    any_case("preg_replace", text).any(|at| {
        let after = text[at + "preg_replace".len()..].trim_start();
        let Some(args) = after.strip_prefix('(') else {
            return false;
        };
        let args = args.trim_start();
        let Some(quote) = args
            .chars()
            .next()
            .filter(|quote| matches!(quote, '\'' | '"'))
        else {
            // A comment, an array, a variable.
            return args.starts_with('/') || args.starts_with('#');
        };
        let inside = &args.as_bytes()[1..];
        let mut is_escaped = false;
        let end = inside.iter().take(PATTERN_LENGTH).position(|&byte| {
            let is_end = byte == quote as u8 && !is_escaped;
            is_escaped = byte == b'\\' && !is_escaped;
            is_end
        });
        match end {
            Some(end) => has_e_modifier(&args[1..=end]),
            None => inside.len() > PATTERN_LENGTH,
        }
    })
}

/// Whether what runs code stands anywhere but after `//` in its line.
fn runs_outside_of_comments(mut held: impl Iterator<Item = &'static str>, text: &str) -> bool {
    held.any(|needle| any_case(needle, text).any(|at| !is_commented(&text[..at])))
}

/// Where a needle of ASCII in lower case stands, in any case. A copy of a script in lower case costs more than all else
/// here: it is memory that nobody has touched before.
fn any_case<'t>(needle: &'static str, text: &'t str) -> impl Iterator<Item = usize> + 't {
    let rank = |byte: u8| {
        let at = FREQUENT.iter().position(|&frequent| frequent == byte);
        at.map_or(0, |at| FREQUENT.len() - at)
    };
    let rarest = needle
        .bytes()
        .enumerate()
        .min_by_key(|(_, byte)| rank(*byte));
    let (offset, byte) = rarest.unwrap_or_default();
    let bytes = text.as_bytes();
    memchr2_iter(byte, byte.to_ascii_uppercase(), bytes).filter_map(move |at| {
        let start = at.checked_sub(offset)?;
        let piece = bytes.get(start..start + needle.len())?;
        piece
            .eq_ignore_ascii_case(needle.as_bytes())
            .then_some(start)
    })
}

/// Whether a line begins with `//`, and nothing after that ends the comment, or may end a text that it stands in.
fn is_commented(before: &str) -> bool {
    let line = line_before(before).unwrap_or_default();
    let comment = line.trim_start().strip_prefix("//");
    comment.is_some_and(|comment| {
        !comment.contains(['\'', '"', '`']) && !comment.contains("?>") && !comment.contains("*/")
    })
}

/// `system(@`, in front of what a visitor sends, or something that may hide it.
fn is_commanded(before: &str) -> bool {
    let (before, may_be_comment) = before_blanks(before);
    let Some(before) = before.strip_suffix('(') else {
        return may_be_comment;
    };
    let (before, may_hide) = before_blanks(before);
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let word = &before[before.trim_end_matches(is_word).len()..];
    may_be_comment || may_hide || COMMANDS.iter().any(|name| name.eq_ignore_ascii_case(word))
}

/// What stands before blanks and `@`, and whether that may be a comment.
fn before_blanks(text: &str) -> (&str, bool) {
    let before = text.trim_end_matches(|c: char| c.is_whitespace() || c == '@');
    let may_be_comment = before.ends_with("*/")
        || (text[before.len()..].contains(['\n', '\r'])
            && line_before(before).is_none_or(|line| line.contains("//") || line.contains('#')));
    (before, may_be_comment)
}

/// `$_GET['a'](…)`, `system($_GET['a'])`, and `$a = $_GET['a'];` where `$a(` or `$a[…](` stands somewhere.
fn calls_request(held: impl Iterator<Item = &'static str>, text: &str) -> bool {
    let mut assigned_to = BTreeSet::new();
    for needle in held {
        let Some(name) = REQUEST
            .iter()
            .find(|name| name.eq_ignore_ascii_case(needle))
        else {
            continue;
        };
        for at in memmem::find_iter(text.as_bytes(), name) {
            if is_called_after(&text[at + name.len()..]) || is_commanded(&text[..at]) {
                return true;
            }
            assigned_to.extend(assigned(&text[..at]));
            if assigned_to.len() > VARIABLES {
                return true;
            }
        }
    }
    assigned_to.into_iter().any(|name| is_called(text, name))
}

/// Whether a bracket follows `['a'][0]` and blanks, or they go on for too long to tell.
fn is_called_after(text: &str) -> bool {
    let mut depth = 0_usize;
    for byte in text.bytes().take(INDICES) {
        match byte {
            b'[' => depth += 1,
            b']' => depth = depth.saturating_sub(1),
            byte if depth == 0 && !byte.is_ascii_whitespace() => return byte == b'(',
            _ => {}
        }
    }
    text.len() > INDICES
}

/// The variable in `$a = @`, with its `$`.
fn assigned(before: &str) -> Option<&str> {
    let before = before.trim_end().trim_end_matches('@').trim_end();
    let before = before.strip_suffix('=')?.trim_end();
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let start = before.trim_end_matches(is_name).strip_suffix('$')?.len();
    Some(&before[start..])
}

fn is_called(text: &str, variable: &str) -> bool {
    memmem::find_iter(text.as_bytes(), variable)
        .any(|at| is_called_after(&text[at + variable.len()..]))
}

/// A name that stands in no piece of a text stands in the pieces together.
fn joins_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr_iter(b'.', bytes).any(|dot| {
        let before = text[..dot].trim_end();
        let after = text[dot + 1..].trim_start();
        before.ends_with(['\'', '"'])
            && after.starts_with(['\'', '"'])
            && is_name_around(before, after)
    })
}

/// `'ba'` and `'se64_' . 'decode'`: pieces of letters alone to both sides.
fn is_name_around(before: &str, after: &str) -> bool {
    let is_joint = |c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '.');
    let is_piece = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '(' | '\\');
    let kept = |c: &char| !is_joint(*c);
    let is_near = |c: &char| is_joint(*c) || is_piece(*c);
    let left: Vec<char> = before
        .chars()
        .rev()
        .take(AROUND)
        .take_while(is_near)
        .collect();
    let right: Vec<char> = after.chars().take(AROUND).take_while(is_near).collect();
    if left.len() == AROUND || right.len() == AROUND {
        return true;
    }
    let mut whole: Vec<char> = left.into_iter().filter(kept).take(LONGEST).collect();
    whole.reverse();
    whole.extend(right.into_iter().filter(kept).take(LONGEST));
    let whole: String = whole.into_iter().collect::<String>().to_ascii_lowercase();
    hidden::has_name(&whole) || hidden::escapes(&whole) > 0
}

/// `include 'favicon.ico'`, `@include "\057var…"`.
fn includes_hidden(text: &str) -> bool {
    ["include", "require"].iter().any(|word| {
        memmem::find_iter(text.as_bytes(), word).any(|at| {
            let after = &text[at + word.len()..];
            let after = after.strip_prefix("_once").unwrap_or(after);
            let after = after.trim_start().trim_start_matches('(').trim_start();
            let quote = after
                .chars()
                .next()
                .filter(|quote| matches!(quote, '\'' | '"'));
            let name = quote.and_then(|quote| after[1..].split(quote).next());
            name.is_some_and(hidden::is_hidden_file)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calls(text: &str) -> bool {
        calls_request(TAKE.needles.iter().copied(), text)
    }

    #[test]
    fn needles_are_found_in_any_case() {
        fn found(needle: &'static str, text: &str) -> Vec<usize> {
            any_case(needle, text).collect()
        }
        assert_eq!(found("eval(", "é eVaL(Eval (eval("), [3, 14]);
        assert_eq!(found("preg_replace", "PREG_REPLACE preg_replac"), [0]);
        assert!(found("eval(", "val(").is_empty());
        for needle in RUN.needles {
            let upper = needle.to_ascii_uppercase();
            assert_eq!(found(needle, &upper), [0]);
        }
        for name in TAKE.needles {
            assert!(
                REQUEST.iter().any(|known| known.eq_ignore_ascii_case(name)),
                "{name}"
            );
        }
    }

    /// Each of these took time that grew with the square of its length.
    #[test]
    fn texts_that_never_end_are_given_up_early() {
        let many = 200_000;
        assert!(joins_name(&"'.".repeat(many)));
        assert!(calls(&"$_GET[".repeat(many)));
        let variables: String = (0..many / 10)
            .map(|at| format!("$v{at} = $_GET;"))
            .collect();
        assert!(calls(&variables));
        assert!(!calls(&"$v = $_GET;".repeat(many)));
        assert!(!calls(&"$v =\n$_GET;".repeat(many)));
        assert!(calls(&" #a\n$_GET;".repeat(many)));
        let comment = format!("//{}", "eval(".repeat(many));
        assert!(runs_outside_of_comments(["eval("].into_iter(), &comment));
    }
}
