//! Middleware that shows errors to everyone.

use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;
use crate::site::lex::js::{Call, Script};

use super::error_environment;
use super::project::scripts;

pub(in crate::checks) static CHECK: Check = Check {
    id: "node-error-handler",
    code: "NODE-007",
    title: "Errors are shown to everyone",
    description: "The package errorhandler is made for development: it sends the stack of an error, and with it paths \
                  and whatever the message holds, to whoever caused it. Express does the same by itself unless \
                  NODE_ENV is production.",
    severity: Severity::Medium,
    cwe: &[209],
    fix: "Use it only if the environment is development, and set NODE_ENV=production where the application runs.",
    references: &[
        "https://expressjs.com/en/resources/middleware/errorhandler.html",
        "https://expressjs.com/en/guide/error-handling.html#the-default-error-handler",
    ],
    wants: &[
        Want::text("js", "'errorhandler'"),
        Want::text("js", "\"errorhandler\""),
        Want::text("ts", "'errorhandler'"),
        Want::text("ts", "\"errorhandler\""),
        Want::start("dockerfile"),
        Want::start("containerfile"),
        Want::end(".dockerfile"),
        Want::name("procfile"),
        Want::end(".service"),
        Want::start("ecosystem.config."),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    error_environment::look(context, found);
    let modules = ["'errorhandler'", "\"errorhandler\""];
    for path in modules.iter().flat_map(|module| scripts(context, module)) {
        let Some(text) = context.files.text(path) else {
            continue;
        };
        let script = Script::new(&text);
        for call in script.calls_of("use") {
            let shows = |arg: &_| {
                script
                    .as_call(arg)
                    .is_some_and(|inner| inner.callee == "errorhandler")
            };
            if script.args(&call).iter().any(shows) && !is_conditional(&script, &call) {
                found
                    .report(path, "errorhandler is used whatever the environment is.")
                    .at_line(call.line);
            }
        }
    }
}

/// Whether a condition on the environment stands before it, or around it.
pub(super) fn is_conditional(script: &Script<'_>, call: &Call) -> bool {
    let speaks_of_environment = |text: &str| {
        let text = text.to_ascii_lowercase();
        ["env", "develop", "production", "debug"]
            .iter()
            .any(|word| text.contains(word))
    };
    let mut at = call.start;
    while let Some(before) = at.checked_sub(1) {
        at = match script.mate(before).filter(|&open| open < before) {
            Some(open) => {
                // `if (…) app.use(…)`, or `if (…) {` whose bracket was met before.
                let is_head = open > 0
                    && script.is_word(open - 1, "if")
                    && (before + 1 == call.start || script.is(before + 1, "{"));
                if is_head
                    && speaks_of_environment(script.source(&(open..before + 1)))
                    && is_open_at(script, before + 1, call.start)
                {
                    return true;
                }
                open
            }
            None => {
                let is_and = script.is(before, "&&") && before + 1 == call.start;
                let line = script.line(before);
                if is_and && (line.saturating_sub(2)..=line).contains(&script.line(before)) {
                    let first = (0..before)
                        .rev()
                        .find(|&at| script.is(at, ";") || script.is(at, "{"));
                    return speaks_of_environment(
                        script.source(&(first.map_or(0, |at| at + 1)..before)),
                    );
                }
                before
            }
        };
    }
    false
}

/// Whether what follows a condition is the call itself, or a block that the call is in.
fn is_open_at(script: &Script<'_>, body: usize, call: usize) -> bool {
    body == call || script.mate(body).is_some_and(|close| close > call)
}
