//! Credentials in the instructions of a Dockerfile.

use crate::checks::names::is_dockerfile;
use crate::checks::{Check, Context, Findings, secrets};
use crate::finding::{Reach, Reason, Severity};
use crate::site::Want;
use crate::site::lex::dockerfile::{self, Instruction};

pub(in crate::checks) static CHECK: Check = Check {
    id: "docker-image-secret",
    code: "DOC-001",
    title: "A credential in an image",
    description: "What a Dockerfile sets, or writes while it builds, stays in the image and in its history: whoever \
                  can pull the image can read it, also if a later instruction removes it.",
    severity: Severity::High,
    cwe: &[538, 798],
    fix: "Give it to the container when it starts, or to the build with --mount=type=secret; then change the \
          credential.",
    references: &[
        "https://docs.docker.com/build/building/secrets/",
        "https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/",
    ],
    wants: &[
        Want::start("dockerfile"),
        Want::start("containerfile"),
        Want::end(".dockerfile"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context.own_files().filter(|path| is_dockerfile(path)) {
        let Some(text) = context.files.text(path) else {
            continue;
        };
        let instructions = dockerfile::instructions(&text);
        let last = instructions.last().map_or(0, |last| last.stage);
        for instruction in &instructions {
            report(context, found, path, instruction, last);
        }
    }
}

fn report(
    context: &Context<'_>,
    found: &mut Findings,
    path: &str,
    instruction: &Instruction,
    last: usize,
) {
    let here = secrets::on_lines(context, path, &instruction.lines());
    let Some(worst) = secrets::worst(&here) else {
        return;
    };
    let names = secrets::names(&here);
    let name = &instruction.name;
    let is_last = instruction.stage == last;
    let message = if is_last {
        format!("{name} puts {names} into the image: everyone who can pull it can read it.")
    } else {
        format!(
            "{name} puts {names} into an earlier stage of the build, and so into its cache and its registry's copy."
        )
    };
    let severity = if is_last {
        worst
    } else {
        worst.min(Severity::Medium)
    };
    found
        .report(path, message)
        .at_line(instruction.line)
        .severe(severity.min(Severity::High))
        .because(Reason::at(path, instruction.line, format!("{name} …")))
        .exposing(path)
        .reaching(Reach::Published);
}
