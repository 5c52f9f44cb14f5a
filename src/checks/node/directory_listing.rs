//! Directories that Node.js lists.

use crate::checks::names::{join, name};
use crate::checks::{Check, Context, Findings, secrets};
use crate::finding::{Exposure, Severity};
use crate::site::Want;
use crate::site::lex::js::{Call, Script};

use super::error_handler::is_conditional;
use super::project::{root_of, scripts};

pub(in crate::checks) static CHECK: Check = Check {
    id: "node-directory-listing",
    code: "NODE-017",
    title: "A directory is listed to everyone",
    description: "serve-index shows the names of all files of a directory, and leads to directories below it. Copies, \
                  keys and logs that nobody would have guessed are then found at once.",
    severity: Severity::Medium,
    cwe: &[548],
    fix: "Take the listing away, or ask for a login before it.",
    references: &["https://expressjs.com/en/resources/middleware/serve-index.html"],
    wants: &[Want::text("js", MODULE), Want::text("ts", MODULE)],
    run,
};

const MODULE: &str = "serve-index";

/// Parts of names of middleware that asks who someone is.
const GUARDS: &[&str] = &[
    "auth", "login", "session", "admin", "basic", "guard", "protect",
];

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in scripts(context, MODULE) {
        let Some(text) = context.files.text(path) else {
            continue;
        };
        let script = Script::new(&text);
        for call in script.calls_of("use") {
            if !is_conditional(&script, &call) {
                look(context, found, path, (&script, &call));
            }
        }
    }
}

/// Looks at `app.use('/files', …, serveIndex('files'))`.
fn look(
    context: &Context<'_>,
    found: &mut Findings,
    path: &str,
    (script, call): (&Script<'_>, &Call),
) {
    let args = script.args(call);
    for (at, arg) in args.iter().enumerate() {
        let Some(listing) = script.as_call(arg).filter(|inner| inner.callee == MODULE) else {
            continue;
        };
        let is_guard = |arg| {
            let source = script.source(arg).to_ascii_lowercase();
            script.text(arg).is_none() && GUARDS.iter().any(|word| source.contains(word))
        };
        if args[..at].iter().any(is_guard) {
            continue;
        }
        let url = args
            .first()
            .filter(|_| at > 0)
            .and_then(|url| script.text(url));
        let place = script
            .args(&listing)
            .first()
            .and_then(|arg| script.place(arg));
        let listed = place.and_then(|place| place.in_tree(path, &root_of(context, path)));
        // Everything in it is made to be found.
        if listed
            .as_deref()
            .is_some_and(|listed| name(listed) == ".well-known")
        {
            continue;
        }
        let url = url.unwrap_or_else(|| "/".to_owned());
        let exposure = found.report(path, format!("`GET {url}` lists a directory."));
        exposure.at_line(listing.line).urls.push(url.clone());
        if let Some(listed) = listed {
            tell(context, exposure, (&url, &listed));
        }
    }
}

/// What is in the directory.
fn tell(context: &Context<'_>, exposure: &mut Exposure, (url, listed): (&str, &str)) {
    let shown = context.index.inside(listed);
    let names = context.files.list(listed);
    let is_secret = |file: &&String| !secrets::all_of(context, &join(listed, file)).is_empty();
    exposure.message = match names.iter().find(is_secret) {
        Some(file) => {
            exposure.severity = Severity::High;
            format!("`GET {url}` lists {shown}, where {file} holds credentials.")
        }
        None => format!("`GET {url}` lists {shown}."),
    };
}
