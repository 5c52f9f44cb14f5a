//! TYPO3 that shows errors to everyone.

use crate::checks::cms::setting::{elements, judge};
use crate::checks::names::{directory, join};
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;
use crate::site::lex::php::{Literal, Script};

pub(in crate::checks) static CHECK: Check = Check {
    id: "typo3-debug",
    code: "TYP-001",
    title: "TYPO3 shows errors to everyone",
    description: "With displayErrors on, exceptions are shown to visitors with their code, arguments and paths. With -1 \
                  they are shown to the addresses of devIPmask, which `*` makes everyone.",
    severity: Severity::Medium,
    cwe: &[209, 489],
    fix: "Set SYS/displayErrors to 0, and SYS/devIPmask to the addresses of developers or to nothing.",
    references: &[
        "https://docs.typo3.org/m/typo3/reference-coreapi/main/en-us/Configuration/Typo3ConfVars/SYS.html",
    ],
    wants: &[
        Want::text("localconfiguration.php", "displayerrors"),
        Want::text("additionalconfiguration.php", "displayerrors"),
        Want::text("settings.php", "displayerrors"),
        Want::text("additional.php", "displayerrors"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context.index.holding(".php", "displayerrors") {
        let is_own = context.is_in(path, "typo3conf") || context.is_in(path, "config/system");
        if !is_own || context.is_aside(path) {
            continue;
        }
        let Some(text) = context.files.text(path) else {
            continue;
        };
        let script = Script::new(&text);
        let mask = elements(&script, "devIPmask").last();
        let is_for_all = mask.is_some_and(|(_, mask)| mask.as_text() == Some("*"));
        let Some((line, shown)) = elements(&script, "displayErrors").last() else {
            continue;
        };
        let message = match shown {
            Literal::Number(number) if number == "-1" && is_for_all => {
                "displayErrors is -1, and devIPmask is `*`: errors are shown to everyone."
            }
            Literal::Number(number) if number == "-1" => continue,
            shown if shown.is_true() => "displayErrors is on: errors are shown to everyone.",
            _ => continue,
        };
        let exposure = found.report(path, message);
        exposure.at_line(line);
        judge(context, exposure, &entry(context, path));
    }
}

/// The script that answers requests: beside `typo3conf`, or in the usual document root.
fn entry(context: &Context<'_>, path: &str) -> String {
    let above = directory(directory(path));
    let beside = join(above, "index.php");
    if context.files.is_file(&beside) {
        return beside;
    }
    join(directory(above), "public/index.php")
}
