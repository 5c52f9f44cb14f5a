//! The debugger's port.

use crate::checks::container::published;
use crate::checks::names::is_compose;
use crate::checks::start::{self, Start};
use crate::checks::{Check, Context, Findings};
use crate::finding::{Reason, Severity};
use crate::site::lex::yaml;

pub(in crate::checks) static CHECK: Check = Check {
    id: "node-inspector",
    code: "NODE-008",
    title: "The debugger listens for everyone",
    description: "Whoever reaches the port of --inspect can run code in the process, and read its environment with it. \
                  Nobody is asked for a password.",
    severity: Severity::High,
    cwe: &[489, 306],
    fix: "Take --inspect out of what starts the application, or bind it to 127.0.0.1 and use a tunnel.",
    references: &["https://nodejs.org/en/learn/getting-started/debugging#security-implications"],
    wants: start::WANTS,
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for start in context.starts() {
        let Some(option) = start.command.split_whitespace().find(|word| is_open(word)) else {
            continue;
        };
        report(context, found, start, option);
    }
}

/// Whether a compose file publishes the port that an option names, or the usual one.
fn is_published(context: &Context<'_>, start: &Start, option: &str) -> bool {
    let port = option.rsplit(':').next().unwrap_or_default();
    let is_number = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let port = if is_number { port } else { "9229" };
    let text = is_compose(&start.file)
        .then(|| context.files.text(&start.file))
        .flatten();
    let leaves = text.map_or_else(Vec::new, |text| yaml::leaves(&text));
    published(&leaves).any(|one| one.inside == port)
}

fn report(context: &Context<'_>, found: &mut Findings, start: &Start, option: &str) {
    let severity = if is_published(context, start, option) {
        context.severity_in_compose(&start.file, Severity::Medium)
    } else {
        start.severity(Severity::High)
    };
    let exposure = found.report(&start.file, format!("{option} listens on all addresses."));
    exposure.at_line(start.line).severe(severity);
    for (file, line) in &start.scripts {
        exposure.because(Reason::at(file, *line, start.command.clone()));
    }
}

/// Without an address, Node listens on 127.0.0.1: <https://nodejs.org/api/cli.html#--inspecthostport>.
fn is_open(word: &str) -> bool {
    let options = [
        "--inspect=",
        "--inspect-brk=",
        "--inspect-port=",
        "--inspect-wait=",
    ];
    let value = options.iter().find_map(|option| word.strip_prefix(option));
    value.is_some_and(|value| {
        value.starts_with("0.0.0.0") || value.starts_with("[::]") || value.starts_with("::")
    })
}
