//! Whether a script prints the whole environment.

use std::ops::Range;

use memchr::{memchr_iter, memmem};

use crate::checks::lines::line_before;
use crate::site::lex::php::{Call, Callee, Kind, Script};

/// Variables that hold it.
const VARIABLES: &[&str] = &["$_ENV", "$_SERVER", "$GLOBALS"];
/// Functions that give it, if they are asked for nothing in particular.
const GIVERS: &[&str] = &["getenv", "get_defined_vars", "config"];
/// Functions that give text for what they are given.
const WRITERS: &[&str] = &[
    "json_encode",
    "print_r",
    "var_export",
    "htmlspecialchars",
    "htmlentities",
    "serialize",
    "implode",
    "join",
    "nl2br",
    "http_build_query",
    "collect",
    "array_merge",
    "yaml_emit",
];
/// Functions that print what they are given.
const PRINTERS: &[&str] = &[
    "var_dump",
    "print_r",
    "var_export",
    "dd",
    "dump",
    "ddd",
    "exit",
    "die",
    "printf",
];
/// Brackets within brackets are followed so far.
const MAX_DEPTH: usize = 8;
/// The body of a loop is read so many tokens far.
const MAX_BODY: usize = 60;

/// What to look out for: [`VARIABLES`], then [`GIVERS`].
pub(in crate::checks) const NEEDLES: &[&str] = &[
    "$_env",
    "$_server",
    "$globals",
    "getenv",
    "get_defined_vars",
    "config()",
];

/// Whether a text names the whole environment, in code or elsewhere: only then is it worth lexing. `held` has a bit
/// for each of [`NEEDLES`] that stands in it.
pub(in crate::checks) fn names_environment(text: &str, held: u128) -> bool {
    let is_whole = |name: &str| {
        memmem::find_iter(text.as_bytes(), name).any(|at| {
            !text[at + name.len()..].trim_start().starts_with('[') && !is_commented(&text[..at])
        })
    };
    let mut variables = VARIABLES.iter().enumerate();
    variables.any(|(bit, name)| held >> bit & 1 == 1 && is_whole(name))
        || (held >> VARIABLES.len() != 0 && calls_giver(text))
}

/// Whether a line begins as those of comments do.
fn is_commented(before: &str) -> bool {
    let line = line_before(before).unwrap_or_default().trim_start();
    line.starts_with('*') || line.starts_with("//")
}

fn calls_giver(text: &str) -> bool {
    memchr_iter(b'(', text.as_bytes()).any(|at| {
        let after = text[at + 1..].trim_start().strip_prefix(')');
        // `config()->get('a')`, `getenv()['A']`.
        let is_whole = |after: &str| !["->", "?->", "["].iter().any(|of| after.starts_with(of));
        after.is_some_and(|after| is_whole(after.trim_start())) && {
            let before = text[..at].trim_end().as_bytes();
            let mut givers = GIVERS.iter().map(|name| name.as_bytes());
            givers.any(|name| ends_with(before, name))
        }
    })
}

fn ends_with(text: &[u8], name: &[u8]) -> bool {
    let start = text.len().checked_sub(name.len());
    start.is_some_and(|start| text[start..].eq_ignore_ascii_case(name))
}

/// The tokens at which a script prints all of the environment, in order.
pub(in crate::checks) fn shows_environment(script: &Script<'_>) -> Vec<usize> {
    (0..script.tokens().len())
        .filter(|at| prints_at(script, *at))
        .collect()
}

fn prints_at(script: &Script<'_>, at: usize) -> bool {
    if script.is(at, Kind::OpenEcho) || script.is_name(at, "echo") || script.is_name(at, "print") {
        return shows(script, statement(script, at + 1), MAX_DEPTH);
    }
    let Some(call) = script.call_at(at) else {
        return false;
    };
    if call.is("foreach") {
        return loops_and_prints(script, &call);
    }
    if !call.is_any(PRINTERS) || returns_text(script, &call) {
        return false;
    }
    call.args
        .iter()
        .any(|arg| shows(script, arg.clone(), MAX_DEPTH))
}

/// `print_r($x, true)` prints nothing.
fn returns_text(script: &Script<'_>, call: &Call<'_>) -> bool {
    let second = call.args.get(1).cloned();
    call.is_any(&["print_r", "var_export"])
        && second
            .and_then(|arg| script.literal(arg))
            .is_some_and(|arg| arg.is_true())
}

/// Up to the end of the statement.
fn statement(script: &Script<'_>, start: usize) -> Range<usize> {
    let mut at = start;
    let mut left = MAX_BODY;
    while left > 0 && at < script.tokens().len() {
        if script.is(at, Kind::Close) || matches!(script.written(at), ";" | "}" | ")") {
            break;
        }
        at = script.next(at);
        left -= 1;
    }
    start..at
}

/// Whether all of the environment is in the value of an expression.
fn shows(script: &Script<'_>, range: Range<usize>, depth: usize) -> bool {
    if depth == 0 {
        return false;
    }
    let mut start = range.start;
    let mut at = range.start;
    while at < range.end {
        if matches!(script.written(at), "." | "," | "+" | "?:" | "??") {
            if part_shows(script, start..at, depth) {
                return true;
            }
            start = at + 1;
        }
        at = script.next(at);
    }
    part_shows(script, start..range.end, depth)
}

fn part_shows(script: &Script<'_>, range: Range<usize>, depth: usize) -> bool {
    let at = range.start;
    if range.len() == 1 {
        return VARIABLES.contains(&script.written(at));
    }
    if script.is_operator(at, "(") || script.is_operator(at, "[") {
        let inside = script
            .partner(at)
            .filter(|partner| partner + 1 == range.end);
        return inside.is_some_and(|end| shows(script, at + 1..end, depth - 1));
    }
    let Some(call) = script.call_at(at) else {
        return false;
    };
    if call.callee != Callee::Function || call.end != range.end {
        return false;
    }
    if call.args.is_empty() {
        return call.is_any(GIVERS);
    }
    call.is_any(WRITERS) && {
        let mut args = call.args.iter();
        args.any(|arg| shows(script, arg.clone(), depth - 1))
    }
}

/// `foreach ($_SERVER as $name => $value) { echo … }`.
fn loops_and_prints(script: &Script<'_>, call: &Call<'_>) -> bool {
    let Some(head) = call.args.first() else {
        return false;
    };
    let over = (head.start..head.end).find(|at| script.is_name(*at, "as"));
    let Some(over) = over.filter(|over| shows(script, head.start..*over, MAX_DEPTH)) else {
        return false;
    };
    let variables: Vec<&str> = (over..head.end)
        .filter(|at| script.is(*at, Kind::Variable))
        .map(|at| script.written(at))
        .collect();
    let Some(value) = variables.last() else {
        return false;
    };
    let end = match script.partner(call.end) {
        Some(end) if script.is_operator(call.end, "{") => end,
        _ => statement(script, call.end).end,
    };
    let body = call.end..end.min(call.end + MAX_BODY);
    let mut printing =
        body.filter(|at| script.is_name(*at, "echo") || script.is_name(*at, "print"));
    printing.any(|at| {
        let said = statement(script, at + 1);
        let mut said = said.clone().filter(|at| {
            let is_part = script.is(*at, Kind::Template) && script.written(*at).contains(value);
            script.written(*at) == *value || is_part
        });
        said.next().is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_all_of_it_counts() {
        for loud in [
            "var_dump(getenv());",
            "echo json_encode($_SERVER);",
            "echo '<pre>' . htmlspecialchars(print_r($_ENV, true)) . '</pre>';",
            "die(print_r($GLOBALS, 1));",
            "print_r([$_SERVER, 1]);",
            "foreach ($_SERVER as $k => $v) { echo \"$k=$v<br>\"; }",
            "foreach (getenv() as $k => $v) echo $k, $v;",
            "dd(config());",
            "$x = 2\n  // all\n ; print_r($_ENV);",
            "?><?= json_encode($_ENV) ?>",
        ] {
            let text = format!("<?php {loud}");
            let lower = text.to_ascii_lowercase();
            let bits = NEEDLES.iter().zip(0..);
            let held = bits.filter(|(needle, _)| lower.contains(**needle));
            let held = held.fold(0, |held, (_, bit)| held | 1 << bit);
            assert!(names_environment(&text, held), "{loud}");
            assert_eq!(shows_environment(&Script::new(&text)).len(), 1, "{loud}");
        }
        for silent in [
            "$x = $_ENV['APP_NAME']; echo $x;",
            "echo count($_SERVER);",
            "var_dump(getenv('HOME'));",
            "$text = print_r($_SERVER, true);",
            "echo $_SERVER['REQUEST_URI'] . '?x';",
            "// var_dump($_ENV);",
            "echo 'var_dump($_ENV)';",
            "foreach ($_SERVER as $k => $v) { $a[$k] = 1; }",
            "echo config('app.name');",
            "file_put_contents($f, json_encode($_SERVER));",
            "$this->dump($_SERVER);",
            "Debug::dump($_SERVER);",
        ] {
            let text = format!("<?php {silent}");
            let found = shows_environment(&Script::new(&text));
            assert!(found.is_empty(), "{silent}");
        }
    }
}
