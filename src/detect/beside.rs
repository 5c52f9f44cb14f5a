//! What stands beside a match: its context and its attributes.

use std::ops::Range;

use regex_automata::{Input, util::captures::Captures};

use crate::rules::compile::CompiledRule;

use super::lexer::UserInfo;

/// However many lines a rule asks for, no more than this many bytes to either side are looked at.
const MAX_NEAR: usize = 8 * 1024;
/// Of longer lines the start is not looked for.
const MAX_INDENT_AND_LINE: usize = 1024;
/// What comments of programs start with, and examples in documentation.
const COMMENT_STARTS: [&[u8]; 7] = [b"* ", b"//", b"/*", b"#", b"--", b"<!--", b">>>"];
/// How many lines away an attribute may stand when the rule does not say.
const DEFAULT_LINES: u32 = 15;
/// Attributes longer than this are cut off: they are for people to read.
const MAX_ATTRIBUTE: usize = 200;

/// Where the credential stands in a match: its group `secret`, or all of it. `None` if there is no match.
pub(super) fn secret(captures: &Captures) -> Option<Range<usize>> {
    let span = captures.get_group_by_name("secret");
    span.or_else(|| captures.get_match().map(|whole| whole.span()))
        .map(|span| span.range())
}

/// What the named groups of a match give, for each attribute of the rule.
pub(super) fn groups(
    compiled: &CompiledRule,
    captures: &Captures,
    text: &[u8],
) -> Vec<Option<String>> {
    let group = |name: &String| {
        captures
            .get_group_by_name(name)
            .map(|span| shown(&text[span.range()]))
    };
    compiled
        .rule
        .attributes
        .iter()
        .map(|a| a.group.as_ref().and_then(group))
        .collect()
}

/// What the parts of a URL give, for each attribute of the rule.
pub(super) fn url_parts(
    compiled: &CompiledRule,
    url: &UserInfo,
    text: &[u8],
) -> Vec<Option<String>> {
    let part = |name: &String| {
        let range = match name.as_str() {
            "user" => Some(url.user.clone()),
            "host" => Some(url.host.clone()),
            "path" => Some(url.path.clone()),
            _ => None,
        };
        range
            .filter(|range| !range.is_empty())
            .map(|range| shown(&text[range]))
    };
    compiled
        .rule
        .attributes
        .iter()
        .map(|a| a.url_part.as_ref().and_then(part))
        .collect()
}

/// Whether the line of a match is a comment from its start, or an example of a console session in one.
pub(super) fn comment(text: &[u8], at: usize) -> bool {
    let from = at.saturating_sub(MAX_INDENT_AND_LINE);
    let line = memchr::memrchr(b'\n', &text[from..at]).map_or(from, |newline| from + newline + 1);
    let line = text[line..at].trim_ascii_start();
    let is_macro = line.starts_with(b"#define");
    !is_macro && COMMENT_STARTS.iter().any(|start| line.starts_with(start))
}

/// Whether the context that the rule wants stands within as many lines as it says.
pub(super) fn context(compiled: &CompiledRule, text: &[u8], span: &Range<usize>) -> bool {
    let lines = compiled
        .rule
        .context
        .as_ref()
        .and_then(|context| context.lines);
    match (&compiled.context, lines) {
        (Some(regex), Some(lines)) => {
            let range = around(text, span, lines);
            regex
                .get(range.len())
                .is_match(Input::new(text).range(range))
        }
        _ => false,
    }
}

/// Fills in the attributes that are read near the match and were not found yet.
pub(super) fn near(
    compiled: &CompiledRule,
    text: &[u8],
    span: &Range<usize>,
    attributes: &mut [Option<String>],
) {
    let rules = compiled
        .rule
        .attributes
        .iter()
        .zip(&compiled.near)
        .zip(attributes);
    for ((rule, regex), attribute) in rules {
        if let (Some(regex), None) = (regex, attribute.as_ref()) {
            let range = around(text, span, rule.lines.unwrap_or(DEFAULT_LINES));
            *attribute = nearest(regex.get(range.len()), text, range, span)
                .map(|found| rule.value.clone().unwrap_or_else(|| shown(&text[found])));
        }
    }
}

fn nearest(
    regex: &regex_automata::meta::Regex,
    text: &[u8],
    range: Range<usize>,
    span: &Range<usize>,
) -> Option<Range<usize>> {
    let distance = |found: &Range<usize>| {
        span.start
            .saturating_sub(found.end)
            .max(found.start.saturating_sub(span.end))
    };
    regex
        .captures_iter(Input::new(text).range(range))
        .filter_map(|captures| {
            let whole = captures.get_match()?.range();
            Some(
                captures
                    .get_group_by_name("value")
                    .map_or(whole, |value| value.range()),
            )
        })
        .min_by_key(distance)
}

/// The lines around a match.
fn around(text: &[u8], span: &Range<usize>, lines: u32) -> Range<usize> {
    let before = span.start.saturating_sub(MAX_NEAR);
    let after = span.end.saturating_add(MAX_NEAR).min(text.len());
    let lines = lines as usize;
    let start = memchr::memrchr_iter(b'\n', &text[before..span.start])
        .nth(lines)
        .map_or(before, |at| before + at + 1);
    let end = memchr::memchr_iter(b'\n', &text[span.end..after])
        .nth(lines)
        .map_or(after, |at| span.end + at);
    start..end
}

fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_ATTRIBUTE)]).into_owned()
}
