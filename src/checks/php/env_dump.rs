//! Pages that print the whole environment.

use crate::checks::standing::{Standing, report, requested};
use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Severity};
use crate::site::lex::php::{Place, Script};
use crate::site::{Judge, Seen, Want};

use super::dumping::{NEEDLES, names_environment, shows_environment};
use super::guard::{Guard, before};

pub(in crate::checks) static CHECK: Check = Check {
    id: "php-environment-dump",
    code: "PHP-004",
    title: "A page prints the whole environment",
    description: "Someone looked at $_SERVER, $_ENV, getenv() or what `env` says and left the page there. Whatever the container, the \
                  pool or a loaded .env hands over is printed to everyone.",
    severity: Severity::High,
    cwe: &[200, 215, 489],
    fix: "Delete the page, or print the one value that is needed.",
    references: &["https://cwe.mitre.org/data/definitions/489.html"],
    wants: &[Want::judged(&NAMES_ENVIRONMENT)],
    run,
};

static NAMES_ENVIRONMENT: Judge = Judge {
    id: "php-environment-dump",
    ends: &[".php"],
    needles: NEEDLES,
    is_deep: false,
    judges: |seen: &Seen<'_>| names_environment(&seen.text(), seen.held()),
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context.index.judged(&NAMES_ENVIRONMENT) {
        if context.is_aside(path) {
            continue;
        }
        let text = context
            .index
            .text_judged(&NAMES_ENVIRONMENT, path, context.files);
        let Some(text) = text else {
            continue;
        };
        let standing = requested(context, path);
        if standing == Standing::Kept {
            continue;
        }
        let script = Script::new(&text);
        let shown = shows_environment(&script).into_iter().find_map(|at| {
            let guard = before(&script, at);
            let runs = script.place(at) != Place::Function && guard != Guard::Always;
            runs.then_some((at, guard))
        });
        let Some((at, guard)) = shown else { continue };
        let message = "Whoever asks for this page gets every variable of the environment.";
        if let Some(exposure) = report(found, &standing, path, message) {
            exposure.at_line(script.line(at));
            if guard == Guard::Perhaps {
                let severity = exposure.severity.min(Severity::Low);
                exposure.severe(severity).sure(Confidence::Low);
            }
        }
    }
}
