//! Settings that are switched on, in PHP and in files of variables.

use crate::checks::Context;
use crate::finding::{Confidence, Exposure, Severity};
use crate::site::lex::php::{Kind, Literal, Script};

/// The line of an entry `'key' => true`, the first one.
pub(super) fn true_entry(script: &Script<'_>, key: &str) -> Option<u32> {
    let mut entries = script.entries().filter(|entry| entry.key == key);
    let is_true =
        |value: std::ops::Range<usize>| script.literal(value) == Some(Literal::Bool(true));
    entries
        .find(|entry| is_true(entry.value.clone()))
        .map(|entry| entry.line)
}

/// The line and the literal of an assignment to a variable, or to a property: `public $debug = '1';`.
pub(super) fn assigned(script: &Script<'_>, variable: &str) -> Option<(u32, Literal)> {
    (0..script.tokens().len()).find_map(|at| {
        let is_it = script.is(at, Kind::Variable) && script.written(at) == variable;
        if !is_it || !script.is_operator(at + 1, "=") || !script.is_operator(at + 3, ";") {
            return None;
        }
        Some((script.line(at), script.literal(at + 2..at + 3)?))
    })
}

/// The line and the literal of each assignment to an element of this key, `$a['b'][$i]['key'] = 1;`, in order, and of
/// each entry `'key' => 1`.
pub(super) fn elements<'s>(
    script: &'s Script<'_>,
    key: &'s str,
) -> impl Iterator<Item = (u32, Literal)> + 's {
    let is_key = move |at: usize| {
        script.is(at, Kind::Text) && script.written(at).trim_matches(['"', '\'']) == key
    };
    let assigned = (0..script.tokens().len()).filter_map(move |at| {
        let is_set =
            is_key(at) && script.is_operator(at + 1, "]") && script.is_operator(at + 2, "=");
        // `-1` is two.
        let end = (at + 4..at + 6).find(|end| is_set && script.is_operator(*end, ";"));
        let value = end.and_then(|end| script.literal(at + 3..end));
        Some((script.line(at), value?))
    });
    let entries = script.entries().filter(move |entry| entry.key == key);
    let entries = entries.filter_map(|entry| Some((entry.line, script.literal(entry.value)?)));
    assigned.chain(entries)
}

/// The line and the value of a variable in a file of variables; the last one counts.
pub(super) fn variable(text: &str, name: &str) -> Option<(u32, String)> {
    let lines = (1..).zip(text.lines());
    let values = lines.filter_map(|(number, line)| {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line);
        let value = line
            .strip_prefix(name)?
            .trim_start()
            .strip_prefix('=')?
            .trim();
        let value = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split(quote).next().unwrap_or_default(),
            _ => value.split(" #").next().unwrap_or_default().trim(),
        };
        Some((number, value.to_owned()))
    });
    values.last()
}

/// Whether a value switches something on.
pub(super) fn is_on(value: &str) -> bool {
    ["1", "true", "on", "yes"]
        .iter()
        .any(|on| value.eq_ignore_ascii_case(on))
}

/// A debug switch is as bad as others can bring up pages. Where no server leads to the application, it is low.
pub(super) fn judge(context: &Context<'_>, exposure: &mut Exposure, entry: &str) {
    let verdict = context.verdict(entry);
    let worst = verdict.worst();
    if let Some(url) = worst.filter(|url| url.verdict == crate::site::Verdict::Executed) {
        exposure.because.extend(url.because.iter().cloned());
        exposure.urls.push(url.url.clone());
        if url.assumed.is_some() {
            exposure.sure(Confidence::Medium);
        }
    } else {
        exposure.sure(Confidence::Medium);
        if context.has_servers() && worst.is_none() {
            let severity = exposure.severity.min(Severity::Low);
            exposure.severe(severity);
        }
    }
}
