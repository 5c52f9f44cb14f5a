//! The debugger's port.

use crate::checks::{Check, Context, Findings};
use crate::finding::{Reason, Severity};

use crate::checks::start::{self, Start};

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
        report(found, start, option);
    }
}

fn report(found: &mut Findings, start: &Start, option: &str) {
    let exposure = found.report(&start.file, format!("{option} listens on all addresses."));
    exposure
        .at_line(start.line)
        .severe(start.severity(Severity::High));
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
