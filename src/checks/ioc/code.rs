//! What a script of PHP does that scripts of applications do not do.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::site::lex::php::{Call, Callee, Kind, Script};

use super::markers;

/// A sign, and its line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sign {
    /// The line, from 1.
    pub(super) line: u32,
    /// What it is.
    pub(super) what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    /// What a visitor sends is run.
    RunsRequest,
    /// What is run is written down encoded.
    RunsDecoded,
    /// The name of an included file is written in escapes, or is that of an image.
    HiddenInclude,
    /// A known tool names itself.
    Tool(&'static str),
}

impl What {
    /// The end of a sentence that starts with the script.
    pub(super) fn words(self) -> String {
        match self {
            Self::RunsRequest => "runs code that a visitor sends".to_owned(),
            Self::RunsDecoded => "runs code that it holds encoded".to_owned(),
            Self::HiddenInclude => "includes a file whose name it hides".to_owned(),
            Self::Tool(kind) => format!("calls itself by the name of a known {kind}"),
        }
    }
}

/// Run text as PHP.
const EVALUATE: &[&str] = &["eval", "assert", "create_function"];
/// Run text as commands.
const COMMANDS: &[&str] = &[
    "system",
    "exec",
    "shell_exec",
    "passthru",
    "popen",
    "proc_open",
    "pcntl_exec",
];
/// Turn text that nobody can read into text.
const DECODERS: &[&str] = &[
    "base64_decode",
    "gzinflate",
    "gzuncompress",
    "gzdecode",
    "str_rot13",
    "strrev",
    "convert_uudecode",
    "hex2bin",
    "rawurldecode",
    "bzdecompress",
];
/// What a visitor sends.
const REQUEST: &[&str] = &[
    "$_GET",
    "$_POST",
    "$_REQUEST",
    "$_COOKIE",
    "$_FILES",
    "$HTTP_POST_VARS",
    "$HTTP_GET_VARS",
];
/// Send mail or take files: what mailers and uploaders do.
const SENDERS: &[&str] = &[
    "mail",
    "fsockopen",
    "move_uploaded_file",
    "copy",
    "file_put_contents",
    "fwrite",
];
/// A text of so many characters without a blank is data.
const PACKED: usize = 2000;

/// The signs of a script, by line.
pub(super) fn signs(text: &str) -> Vec<Sign> {
    let script = Script::new(text);
    let mut signs = BTreeSet::new();
    let decoded = decoded_variables(&script);
    for call in script.calls() {
        let sign = evaluated(&script, &call, &decoded).or_else(|| commanded(&script, &call));
        signs.extend(sign.map(|what| Sign {
            line: call.line,
            what,
        }));
    }
    for at in 0..script.tokens().len() {
        let is_called = is_request(&script, at) && called_after(&script, at);
        let what = if is_called {
            Some(What::RunsRequest)
        } else {
            hidden_include(&script, at)
        };
        signs.extend(what.map(|what| Sign {
            line: script.line(at),
            what,
        }));
    }
    if acts(&script)
        && let Some((line, kind)) = markers::tool(text)
    {
        signs.insert(Sign {
            line,
            what: What::Tool(kind),
        });
    }
    signs.into_iter().collect()
}

/// Whether a script can do harm with what a visitor sends: it takes something, and runs, sends or writes something.
pub(super) fn acts(script: &Script<'_>) -> bool {
    let takes = (0..script.tokens().len())
        .any(|at| is_request(script, at) || script.written(at) == "$_SERVER");
    takes
        && script
            .calls()
            .any(|call| call.is_any(EVALUATE) || call.is_any(COMMANDS) || call.is_any(SENDERS))
}

fn is_request(script: &Script<'_>, at: usize) -> bool {
    script.is(at, Kind::Variable) && REQUEST.contains(&script.written(at))
}

/// `eval(base64_decode('…'))`, `assert($_POST['a'])`, `eval($a)` where `$a` was decoded.
fn evaluated(script: &Script<'_>, call: &Call<'_>, decoded: &BTreeSet<&str>) -> Option<What> {
    let pattern_runs = call.is("preg_replace")
        && script
            .text_arg(call, 0)
            .is_some_and(|pattern| has_e_modifier(&pattern));
    if !call.is_any(EVALUATE) && !pattern_runs {
        return None;
    }
    let args = call.args.first()?.start..call.args.last()?.end;
    if args.clone().any(|at| is_request(script, at)) {
        return Some(What::RunsRequest);
    }
    let decodes = is_decoded(script, args.clone())
        || args
            .clone()
            .any(|at| script.is(at, Kind::Variable) && decoded.contains(script.written(at)));
    decodes.then_some(What::RunsDecoded)
}

/// Whether a call decodes what is written out: a text, or one that is fetched or unpacked in the same place.
fn is_decoded(script: &Script<'_>, range: Range<usize>) -> bool {
    let is_decoder = |at: usize| script.call_at(at).is_some_and(|call| call.is_any(DECODERS));
    range.into_iter().any(is_decoder)
}

/// Variables that are assigned what a decoder gives of a long text, or of another decoder.
fn decoded_variables<'t>(script: &Script<'t>) -> BTreeSet<&'t str> {
    let mut variables = BTreeSet::new();
    for at in 0..script.tokens().len() {
        if !script.is(at, Kind::Variable) || !script.is_operator(at + 1, "=") {
            continue;
        }
        let Some(call) = script.call_at(at + 2).filter(|call| call.is_any(DECODERS)) else {
            continue;
        };
        let Some(arg) = call.args.first() else {
            continue;
        };
        let is_packed = arg.clone().any(|at| {
            let written = script.written(at);
            (script.is(at, Kind::Text) && written.len() > PACKED / 10 && !written.contains(' '))
                || script
                    .call_at(at)
                    .is_some_and(|inner| inner.is_any(DECODERS))
        });
        if is_packed {
            variables.insert(script.written(at));
        }
    }
    variables
}

/// `system($_GET['c'])`: the command is what the visitor sends, or starts with it.
fn commanded(script: &Script<'_>, call: &Call<'_>) -> Option<What> {
    if call.callee != Callee::Function || !call.is_any(COMMANDS) {
        return None;
    }
    let first = call
        .args
        .first()?
        .clone()
        .find(|&at| !script.is_operator(at, "@"))?;
    is_request(script, first).then_some(What::RunsRequest)
}

/// `$_POST['a'](…)`.
fn called_after(script: &Script<'_>, at: usize) -> bool {
    let mut next = at + 1;
    let mut left = 8;
    while script.is_operator(next, "[") && left > 0 {
        next = script.next(next);
        left -= 1;
    }
    next > at + 1 && script.is_operator(next, "(")
}

/// `@include "\057var…"`, `include 'favicon.ico'`.
fn hidden_include(script: &Script<'_>, at: usize) -> Option<What> {
    const INCLUDES: &[&str] = &["include", "include_once", "require", "require_once"];
    if !INCLUDES.iter().any(|name| script.is_name(at, name)) {
        return None;
    }
    let text = at + 1 + usize::from(script.is_operator(at + 1, "("));
    if !script.is(text, Kind::Text) {
        return None;
    }
    let written = script.written(text);
    let escapes = written
        .as_bytes()
        .windows(2)
        .filter(|pair| pair[0] == b'\\' && (pair[1].is_ascii_digit() || pair[1] == b'x'));
    let name = written.trim_matches(['"', '\'']).to_ascii_lowercase();
    let is_image = [".ico", ".jpg", ".png", ".gif"]
        .iter()
        .any(|end| name.ends_with(end));
    let is_hidden = written.starts_with('"') && escapes.count() >= 3;
    (is_hidden || is_image).then_some(What::HiddenInclude)
}

/// `/…/e`: the replacement is run, up to PHP 5.
fn has_e_modifier(pattern: &str) -> bool {
    let Some(first) = pattern.chars().next() else {
        return false;
    };
    let close = match first {
        '(' => ')',
        '{' => '}',
        '[' => ']',
        other => other,
    };
    pattern.len() > 2
        && !first.is_alphanumeric()
        && pattern
            .rsplit_once(close)
            .is_some_and(|(_, modifiers)| modifiers.len() < 8 && modifiers.contains('e'))
}

/// Whether a script does nothing: it has no code, ends at once, or only names things and gives data back.
pub(super) fn is_inert(text: &str) -> bool {
    const HARMLESS: &[&str] = &[
        "header",
        "http_response_code",
        "exit",
        "die",
        "defined",
        "define",
        "array",
        "dirname",
        "if",
        "isset",
        "empty",
        "headers_sent",
        "list",
        "and",
        "or",
    ];
    let script = Script::new(text);
    let code: Vec<usize> = (0..script.tokens().len())
        .filter(|&at| {
            !script.is(at, Kind::Html) && !script.is(at, Kind::Open) && !script.is(at, Kind::Close)
        })
        .collect();
    let ends = |at: usize| {
        script.is_name(at, "exit")
            || script.is_name(at, "die")
            || script.is_name(at, "__halt_compiler")
    };
    let Some(&first) = code.first() else {
        return true;
    };
    if ends(first) {
        return true;
    }
    code.iter().all(|&at| match script.tokens()[at].kind {
        Kind::Name => match script.call_at(at) {
            Some(call) => call.callee == Callee::Function && call.is_any(HARMLESS),
            None => ![
                "include",
                "include_once",
                "require",
                "require_once",
                "eval",
                "new",
                "function",
            ]
            .iter()
            .any(|name| script.is_name(at, name)),
        },
        Kind::Variable => !script.is_operator(at + 1, "("),
        Kind::Template => !script.written(at).starts_with('`'),
        _ => true,
    })
}
