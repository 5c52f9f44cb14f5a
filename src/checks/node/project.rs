//! What every check of Node.js asks about a project.

use crate::checks::names::{directory, join, name};
use crate::checks::{Context, secrets};
use crate::site::lex::js::{Expr, Script};

/// How names of scripts end; `js` stands for `.mjs` and `.cjs` as well.
pub(super) const SCRIPTS: &[&str] = &["js", "ts", "sx"];

/// A longer script was made by a machine.
const MAX_SCRIPT: u64 = 512 * 1024;

/// Directories whose scripts a build wrote.
const BUILT: &[&str] = &[
    "dist", "build", "out", ".next", ".nuxt", ".output", "public", "coverage",
];

/// Words of names that no environment variable has whose value everyone may see.
const SECRET_WORDS: &[&str] = &["SECRET", "PASSWORD", "PASSWD", "PRIVATE", "CREDENTIALS"];

/// Whether a text names the whole environment, in code or elsewhere, and not just a variable of it.
pub(super) fn names_environment(text: &str) -> bool {
    text.split("process.env").skip(1).any(|after| {
        let after = after.trim_start();
        !after.starts_with(['.', '['])
            && !after.starts_with("?.")
            && !after.starts_with(|c: char| c.is_alphanumeric() || c == '_')
    })
}

/// The scripts of the application itself that hold a needle, which the check has to want.
pub(super) fn scripts<'c>(context: &Context<'c>, needle: &'c str) -> Vec<&'c str> {
    let index = context.index;
    let all = SCRIPTS.iter().flat_map(|end| index.holding(end, needle));
    let is_own = |path: &&str| {
        let is_built = directory(context.index.inside(path))
            .split('/')
            .any(|part| BUILT.contains(&part));
        let is_test = name(path).contains(".test.") || name(path).contains(".spec.");
        let length = context.files.len(path).unwrap_or_default();
        !context.is_aside(path) && !is_built && !is_test && length <= MAX_SCRIPT
    };
    let mut paths: Vec<&str> = all.filter(is_own).collect();
    paths.sort_unstable();
    paths.dedup();
    paths
}

/// The nearest directory above a file that has a `package.json`; the file's own, if none has.
pub(super) fn root_of(context: &Context<'_>, path: &str) -> String {
    let start = directory(path);
    let mut at = start;
    loop {
        if context.files.is_file(&join(at, "package.json")) {
            return at.to_owned();
        }
        match at.rsplit_once('/') {
            Some((above, _)) => at = above,
            None if !at.is_empty() => at = "",
            None => return start.to_owned(),
        }
    }
}

/// The environment files of a directory that hold credentials.
pub(in crate::checks) fn env_files<'c>(context: &Context<'c>, directory_of: &str) -> Vec<&'c str> {
    let names = context.credentials.keys().map(String::as_str);
    let is_env = |path: &&str| {
        directory(path) == directory_of
            && name(path).starts_with(".env")
            && !name(path).contains("example")
    };
    names
        .filter(is_env)
        .filter(|path| !secrets::all_of(context, path).is_empty())
        .collect()
}

/// Whether a name of a variable says by itself that it is a secret.
pub(super) fn is_secret_name(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let is_public = upper.contains("PUBLIC") || upper.contains("PUBLISHABLE");
    let is_word = |word: &&str| upper.split('_').any(|part| part == *word);
    let is_mail_key = ["MAILGUN", "SENDGRID", "POSTMARK", "SPARKPOST"]
        .iter()
        .any(|vendor| upper.contains(vendor))
        && upper.ends_with("KEY");
    !is_public && (SECRET_WORDS.iter().any(is_word) || (is_mail_key && !upper.contains("PUB")))
}

/// Whether an expression is the whole environment: `process.env`, `{...process.env}`, `JSON.stringify(process.env)`,
/// or a name that is one of these.
pub(super) fn is_environment(script: &Script<'_>, expr: &Expr) -> bool {
    let mut expr = expr.clone();
    // Each turn goes one step inside; code that wraps it deeper hides it from people as well.
    for _ in 0..6 {
        if script.is_chain(&expr, "process.env") {
            return true;
        }
        if let Some(call) = script.as_call(&expr) {
            let is_through = matches!(
                call.callee.as_str(),
                "JSON.stringify" | "Object.assign" | "structuredClone"
            );
            let args = script.args(&call);
            if is_through && args.iter().any(|arg| script.is_chain(arg, "process.env")) {
                return true;
            }
            match args.first() {
                Some(first) if is_through => expr = first.clone(),
                _ => return false,
            }
            continue;
        }
        let is_spread = |entry: &crate::site::lex::js::Entry| {
            entry.is_spread && script.is_chain(&entry.value, "process.env")
        };
        if script.entries(&expr).iter().any(is_spread) {
            return true;
        }
        match script.constant(script.source(&expr)) {
            Some(value) => expr = value,
            None => return false,
        }
    }
    false
}
