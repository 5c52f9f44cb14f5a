//! Whether a script prints the whole environment.

use std::ops::Range;

use memchr::{memchr_iter, memmem};

use crate::checks::lines::line_before;
use crate::checks::shell::prints_environment;
use crate::site::lex::php::{Call, Callee, Kind, Script};

/// Variables that hold it.
const VARIABLES: &[&str] = &["$_ENV", "$_SERVER", "$GLOBALS"];
/// Functions that give it, if they are asked for nothing in particular.
const GIVERS: &[&str] = &["getenv", "get_defined_vars", "config"];
/// Functions that give what a command prints.
const SHELLS: &[&str] = &["shell_exec", "exec"];
/// Functions that send what a command prints.
const SENDING_SHELLS: &[&str] = &["system", "passthru"];
/// All settings of Laravel, in small letters and without blanks.
const SETTINGS: &[&str] = &[
    "config()->all()",
    "config()->toarray()",
    "app('config')->all()",
    "app(\"config\")->all()",
    "config::all()",
];
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
/// Where a variable is set is looked for so many tokens back.
const MAX_BACK: usize = 120;

/// What to look out for: [`VARIABLES`], then what gives it.
pub(in crate::checks) const NEEDLES: &[&str] = &[
    "$_env",
    "$_server",
    "$globals",
    "getenv",
    "get_defined_vars",
    "config()",
    "config::all(",
    "config')->all(",
    "config\")->all(",
    "printenv",
    "('env",
    "(\"env",
    "`env",
    "/bin/env",
    "/proc/self/environ",
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
        || (held >> VARIABLES.len() != 0 && (calls_giver(text) || runs_printer(text)))
}

/// Whether `env` or `printenv` stands in a text as a whole command may.
fn runs_printer(text: &str) -> bool {
    ["env", "printenv", "environ"].iter().any(|name| {
        memmem::find_iter(text.as_bytes(), name).any(|at| {
            let before = text[..at].chars().next_back();
            let after = text[at + name.len()..].chars().next();
            before.is_some_and(|c| "'\"`/ ".contains(c))
                && after.is_some_and(|c| "'\"`|; ".contains(c))
                && !is_commented(&text[..at])
        })
    })
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
        let is_whole = |after: &str| {
            let mut parts = ["->", "?->", "["].iter();
            !parts.any(|of| after.starts_with(of))
                || ["->all(", "->toArray("]
                    .iter()
                    .any(|all| after.starts_with(all))
        };
        after.is_some_and(|after| is_whole(after.trim_start())) && {
            let before = text[..at].trim_end().as_bytes();
            let all = [&b"config::all"[..], b"config')->all", b"config\")->all"];
            let mut givers = GIVERS.iter().map(|name| name.as_bytes()).chain(all);
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
    if call.is_any(SENDING_SHELLS) {
        return runs_env(script, &call);
    }
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

/// Whether all of the environment, or of the settings, is in the value of an expression.
pub(in crate::checks) fn is_whole(script: &Script<'_>, range: Range<usize>) -> bool {
    shows(script, range, MAX_DEPTH)
}

/// Whether a call runs a command that prints the environment.
fn runs_env(script: &Script<'_>, call: &Call<'_>) -> bool {
    let command = script.text_arg(call, 0);
    command.is_some_and(|command| prints_environment(&command))
}

/// Whether a variable was last set to all of the environment, not far before a place.
fn holds(script: &Script<'_>, use_at: usize, depth: usize) -> bool {
    let variable = script.written(use_at);
    let is_it = |at: usize| script.is(at, Kind::Variable) && script.written(at) == variable;
    for at in (use_at.saturating_sub(MAX_BACK)..use_at).rev() {
        if is_it(at) && script.is_operator(at + 1, "=") {
            return shows(script, statement(script, at + 2), depth - 1);
        }
        // `exec('env', $lines)`
        let call = script.call_at(at).filter(|call| call.is("exec"));
        let into = call.as_ref().and_then(|call| call.args.get(1));
        if into.is_some_and(|into| into.len() == 1 && is_it(into.start)) {
            return call.is_some_and(|call| runs_env(script, &call));
        }
    }
    false
}

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
        let written = script.written(at);
        return VARIABLES.contains(&written)
            || script.is(at, Kind::Template)
                && written.starts_with('`')
                && prints_environment(written.trim_matches('`'))
            || script.is(at, Kind::Variable) && holds(script, at, depth);
    }
    let source: String = script.between(range.clone()).split_whitespace().collect();
    if SETTINGS.contains(
        &source
            .trim_start_matches('\\')
            .to_ascii_lowercase()
            .as_str(),
    ) {
        return true;
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
    if call.is_any(SHELLS) {
        return runs_env(script, &call);
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
            "echo shell_exec('env');",
            "echo `env | sort`;",
            "system(\"printenv\");",
            "echo '<pre>' . shell_exec('/usr/bin/env') . '</pre>';",
            "exec('env', $lines); echo implode(\"\\n\", $lines);",
            "$all = getenv(); print_r($all);",
            "echo json_encode(config()->all());",
            "dd(Config::all());",
            "dd(app('config')->all());",
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
            "echo shell_exec('uptime');",
            "system('env A=1 make');",
            "echo exec('printenv HOME');",
            "$all = getenv(); print_r($all['A']);",
            "$all = getenv(); $all = 1; print_r($all);",
            "echo config()->get('a');",
            "$this->system('env');",
        ] {
            let text = format!("<?php {silent}");
            let found = shows_environment(&Script::new(&text));
            assert!(found.is_empty(), "{silent}");
        }
    }
}
