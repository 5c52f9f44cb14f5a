//! What a script of PHP does that scripts of applications do not do.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::site::lex::php::{Call, Callee, Kind, Script};

use super::{hidden, markers};

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
    /// The name of a function is put together from pieces, or written in escapes.
    HidesName,
    /// One command is tried with every function that runs commands.
    TriesEveryWay,
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
            Self::HidesName => "hides the name of a function that runs code".to_owned(),
            Self::TriesEveryWay => {
                "tries every function that runs commands, one after the other".to_owned()
            }
            Self::HiddenInclude => "includes a file whose name it hides".to_owned(),
            Self::Tool(kind) => format!("calls itself by the name of a known {kind}"),
        }
    }
}

/// Run text as PHP.
pub(super) const EVALUATE: &[&str] = &["eval", "assert", "create_function"];
/// Run text as commands.
pub(super) const COMMANDS: &[&str] = &[
    "system",
    "exec",
    "shell_exec",
    "passthru",
    "popen",
    "proc_open",
    "pcntl_exec",
];
/// Turn text that nobody can read into text.
pub(super) const DECODERS: &[&str] = &[
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
pub(super) const REQUEST: &[&str] = &[
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
const PACKED: usize = 200;

/// The signs of a script, by line.
pub(super) fn signs(text: &str) -> Vec<Sign> {
    let script = Script::new(text);
    let mut signs = BTreeSet::new();
    let variables = Variables::of(&script);
    let mut ways = Ways::default();
    for call in script.calls() {
        ways.add(&script, &call);
        let sign = evaluated(&script, &call, &variables)
            .or_else(|| commanded(&script, &call))
            .or_else(|| called_back(&script, &call));
        signs.extend(sign.map(|what| Sign {
            line: call.line,
            what,
        }));
    }
    for at in 0..script.tokens().len() {
        let is_called = is_request(&script, at) && called_after(&script, at, 1);
        // `$x = $_GET; $x['f']($x['c'])`.
        let is_called =
            is_called || (variables.is_request(&script, at) && called_after(&script, at, 0));
        let what = if is_called {
            Some(What::RunsRequest)
        } else {
            hidden::include(&script, at).or_else(|| hidden::name(&script, at))
        };
        signs.extend(what.map(|what| Sign {
            line: script.line(at),
            what,
        }));
    }
    signs.extend(ways.sign());
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
fn evaluated(script: &Script<'_>, call: &Call<'_>, variables: &Variables<'_>) -> Option<What> {
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
    let decodes =
        is_decoded(script, args.clone()) || args.clone().any(|at| variables.is_decoded(script, at));
    decodes.then_some(What::RunsDecoded)
}

/// Whether a call decodes what is written out: a text, or one that is fetched or unpacked in the same place.
fn is_decoded(script: &Script<'_>, range: Range<usize>) -> bool {
    let is_decoder = |at: usize| script.call_at(at).is_some_and(|call| call.is_any(DECODERS));
    range.into_iter().any(is_decoder)
}

/// What is known of variables from the places that assign them.
#[derive(Default)]
struct Variables<'t> {
    /// What a decoder gives of data, or of another decoder.
    decoded: BTreeSet<&'t str>,
    /// What a visitor sends, all of it or a part.
    requests: BTreeSet<&'t str>,
}

impl<'t> Variables<'t> {
    fn of(script: &Script<'t>) -> Self {
        let mut variables = Self::default();
        let mut packed = BTreeSet::new();
        for at in 0..script.tokens().len() {
            if !script.is(at, Kind::Variable) || !script.is_operator(at + 1, "=") {
                continue;
            }
            let name = script.written(at);
            let value = at + 2 + usize::from(script.is_operator(at + 2, "@"));
            if is_packed(script, value) {
                packed.insert(name);
            }
            if is_request(script, value) && called_or_ended(script, value) {
                variables.requests.insert(name);
            }
            let call = script.call_at(value).filter(|call| call.is_any(DECODERS));
            let mut arg = call
                .iter()
                .filter_map(|call| call.args.first())
                .flat_map(Clone::clone);
            let is_data = |at: usize| {
                is_packed(script, at)
                    || packed.contains(script.written(at))
                    || script
                        .call_at(at)
                        .is_some_and(|inner| inner.is_any(DECODERS))
            };
            if arg.any(is_data) {
                variables.decoded.insert(name);
            }
        }
        variables
    }

    fn is_decoded(&self, script: &Script<'_>, at: usize) -> bool {
        script.is(at, Kind::Variable) && self.decoded.contains(script.written(at))
    }

    fn is_request(&self, script: &Script<'_>, at: usize) -> bool {
        script.is(at, Kind::Variable)
            && self.requests.contains(script.written(at))
            && !(at > 0 && (script.is_operator(at - 1, "->") || script.is_operator(at - 1, "::")))
    }
}

/// The whole value is what a visitor sends: `$_GET;`, `$_GET['a'];`.
fn called_or_ended(script: &Script<'_>, at: usize) -> bool {
    let mut next = at + 1;
    while script.is_operator(next, "[") {
        next = script.next(next);
    }
    script.is_operator(next, ";") || script.is_operator(next, ")")
}

fn is_packed(script: &Script<'_>, at: usize) -> bool {
    let written = script.written(at);
    script.is(at, Kind::Text) && written.len() > PACKED && !written.contains(' ')
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

/// `$_POST['a'](…)`: a call after so many indices at least.
fn called_after(script: &Script<'_>, at: usize, least: usize) -> bool {
    let mut next = at + 1;
    let mut indices = 0;
    while script.is_operator(next, "[") && indices < 8 {
        next = script.next(next);
        indices += 1;
    }
    indices >= least && script.is_operator(next, "(")
}

/// `array_map('assert', …)`: a function that runs code is given to one that calls it.
fn called_back(script: &Script<'_>, call: &Call<'_>) -> Option<What> {
    const CALLERS: &[&str] = &[
        "call_user_func",
        "call_user_func_array",
        "array_map",
        "array_filter",
        "array_walk",
        "array_walk_recursive",
        "array_reduce",
        "usort",
        "uasort",
        "uksort",
        "register_shutdown_function",
        "register_tick_function",
        "ob_start",
        "preg_replace_callback",
        "iterator_apply",
    ];
    if !call.is_any(CALLERS) {
        return None;
    }
    let names = (0..call.args.len().min(3)).filter_map(|number| script.text_arg(call, number));
    let runs = |name: String| {
        let mut known = EVALUATE.iter().chain(COMMANDS);
        known.any(|have| have.eq_ignore_ascii_case(&name))
    };
    let mut names = names;
    names.any(runs).then_some(What::RunsRequest)
}

/// Which functions run the command in one variable.
#[derive(Default)]
struct Ways<'t> {
    of: BTreeMap<&'t str, (u32, BTreeSet<String>)>,
}

impl<'t> Ways<'t> {
    fn add(&mut self, script: &Script<'t>, call: &Call<'_>) {
        if call.callee != Callee::Function || !call.is_any(COMMANDS) {
            return;
        }
        if let Some(at) = call
            .args
            .first()
            .map(|arg| arg.start)
            .filter(|&at| script.is(at, Kind::Variable))
        {
            let (_, names) = self
                .of
                .entry(script.written(at))
                .or_insert_with(|| (call.line, BTreeSet::new()));
            names.insert(call.name.to_ascii_lowercase());
        }
    }

    fn sign(self) -> Option<Sign> {
        let (line, _) = self.of.into_values().find(|(_, names)| names.len() >= 3)?;
        Some(Sign {
            line,
            what: What::TriesEveryWay,
        })
    }
}

/// `/…/e`: the replacement is run, up to PHP 5.
pub(super) fn has_e_modifier(pattern: &str) -> bool {
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
