//! Expressions that read a setting and fall back to a literal: `env('X', 'literal')`, `process.env.X || 'literal'`.

use super::Syntax;
use super::operators::{Kind, operator_at};
use super::quotes::{closing, mark_at};
use super::source::{Source, Span, is_joined};
use super::templates::default_argument;
use super::values::{Literal, quoted_at};

/// The longest `object.method` of such an expression, in bytes.
const MAX_PATH: usize = 64;
/// How far on the same line a `.default(…)` is looked for, in bytes.
const MAX_CHAIN: usize = 160;

/// Functions that take a name and the value to use without it.
const READERS: [&[u8]; 10] = [
    b"env",
    b"getenv",
    b"get",
    b"fetch",
    b"config",
    b"getOrDefault",
    b"getOrElse",
    b"getProperty",
    b"get_env",
    b"pop",
];

/// Functions that give a name a value.
const WRITERS: [&[u8]; 24] = [
    b"define",
    b"setenv",
    b"putenv",
    b"set",
    b"put",
    b"ini_set",
    b"add_option",
    b"update_option",
    b"setProperty",
    b"setdefault",
    b"header",
    b"setHeader",
    b"addHeader",
    b"setRequestHeader",
    b"append",
    b"variable_set",
    b"SetEnvironmentVariable",
    b"add",
    b"setItem",
    b"withHeader",
    b"set_header",
    b"add_header",
    b"insert",
    // A test's attribute: <https://packages.tools/testbench/basic/config.html>
    b"WithConfig",
];

/// Whether the function name takes a name and a value as its first two arguments.
pub(super) fn takes_pair(source: Source<'_>, function: Span) -> bool {
    source.is_any(function, &READERS) || source.is_any(function, &WRITERS)
}

/// The literal that the expression at the offset falls back to.
pub(super) fn fallback_at(source: Source<'_>, at: usize) -> Option<Literal> {
    let end = path_end(source, at);
    if end == at {
        return None;
    }
    match source.at(end) {
        b'(' => after_call(source, end).or_else(|| chained_default(source, end)),
        b'[' => default_after(source, index_end(source, end)?),
        b' ' => default_after(source, end),
        _ => None,
    }
}

fn path_end(source: Source<'_>, at: usize) -> usize {
    source.skip(at, MAX_PATH, |byte| {
        is_joined(byte) || b"$>:\\".contains(&byte)
    })
}

/// `f('X', 'literal')`, `f('X') || 'literal'`, `f('X') { 'literal' }`.
fn after_call(source: Source<'_>, open: usize) -> Option<Literal> {
    let argument = argument_end(source, source.blanks(open + 1))?;
    let next = source.blanks(argument);
    match source.at(next) {
        b',' if source.is_any(source.word_back(open), &READERS) => {
            second_argument(source, next + 1)
        }
        b')' => default_after(source, next + 1),
        _ => None,
    }
}

fn argument_end(source: Source<'_>, at: usize) -> Option<usize> {
    let mark = mark_at(source, at)?;
    closing(source, mark, false).map(|close| close + (mark.end - mark.start))
}

fn index_end(source: Source<'_>, open: usize) -> Option<usize> {
    let end = argument_end(source, open + 1)?;
    (source.at(end) == b']').then_some(end + 1)
}

/// The literal after the comma of a call.
pub(super) fn second_argument(source: Source<'_>, after_comma: usize) -> Option<Literal> {
    let at = past_keyword(source, source.space(after_comma));
    quoted_at(source, at)
        .map(|found| found.0)
        .or_else(|| fallback_at_argument(source, at))
}

/// Whether the word names the argument that an expression falls back to.
pub(super) fn is_keyword(source: Source<'_>, word: Span) -> bool {
    const KEYWORDS: [&[u8]; 3] = [b"default", b"defaultValue", b"fallback"];
    source.is_any(word, &KEYWORDS)
}

/// `default='literal'`, `defaultValue: 'literal'`
pub(super) fn past_keyword(source: Source<'_>, at: usize) -> usize {
    let word = source.word(at);
    let operator = source.blanks(word.end);
    if is_keyword(source, word) && matches!(source.at(operator), b'=' | b':') {
        source.space(operator + 1)
    } else {
        at
    }
}

/// One level of nesting, as in `define('A', env('B', 'literal'))`.
fn fallback_at_argument(source: Source<'_>, at: usize) -> Option<Literal> {
    let open = path_end(source, at);
    if source.at(open) != b'(' || open == at {
        return None;
    }
    let next = source.blanks(argument_end(source, source.blanks(open + 1))?);
    match source.at(next) {
        b',' if source.is_any(source.word_back(open), &READERS) => {
            quoted_at(source, source.space(next + 1)).map(|found| found.0)
        }
        b')' => default_after(source, next + 1),
        _ => None,
    }
}

/// The literal after `||`, `??`, `?:`, `or`, `| default(…)`, or in the block of `fetch('X') { 'literal' }`.
pub(super) fn default_after(source: Source<'_>, at: usize) -> Option<Literal> {
    let next = source.blanks(at);
    if let Some(operator) =
        operator_at(source, next).filter(|operator| operator.kind == Kind::Default)
    {
        return quoted_at(source, source.space(operator.end)).map(|found| found.0);
    }
    match source.at(next) {
        b'{' => quoted_at(source, source.blanks(next + 1)).map(|found| found.0),
        b'|' => {
            let filter = source.blanks(next + 1);
            source
                .starts(filter, b"default")
                .then(|| default_argument(source, filter + b"default".len()))?
                .map(Literal::quoted)
        }
        _ => None,
    }
}

/// `Joi.string().default('literal')`
fn chained_default(source: Source<'_>, at: usize) -> Option<Literal> {
    const METHOD: &[u8] = b".default(";
    if source.syntax != Syntax::Js {
        return None;
    }
    let line = Span::new(at, source.line(at, MAX_CHAIN).end);
    let found = memchr::memmem::find(source.slice(line), METHOD)?;
    quoted_at(source, source.blanks(at + found + METHOD.len())).map(|found| found.0)
}
