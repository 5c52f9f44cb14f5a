//! PrestaShop in development mode.

use crate::checks::cms::setting::judge;
use crate::checks::names::{directory, join};
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;
use crate::site::lex::php::Script;

pub(in crate::checks) static CHECK: Check = Check {
    id: "prestashop-debug",
    code: "PRE-001",
    title: "PrestaShop runs in development mode",
    description: "In development mode visitors see errors in full, and Symfony's profiler with its parameters.",
    severity: Severity::Medium,
    cwe: &[489, 209],
    fix: "Switch the debug mode off under Advanced Parameters, Performance.",
    references: &["https://devdocs.prestashop-project.org/9/development/configuration/"],
    wants: &[
        Want::name("defines.inc.php"),
        Want::name("defines_custom.inc.php"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    let names = ["defines.inc.php", "defines_custom.inc.php"];
    for path in names
        .iter()
        .flat_map(|name| context.index.named(name))
        .filter(|path| !context.is_aside(path))
    {
        let Some(text) = context.files.text(path) else {
            continue;
        };
        let script = Script::new(&text);
        let mut defines = script
            .defines()
            .filter(|define| define.name == "_PS_MODE_DEV_");
        let is_on = |value: std::ops::Range<usize>| {
            script.literal(value).is_some_and(|value| value.is_true())
        };
        if let Some(define) = defines.find(|define| is_on(define.value.clone())) {
            let exposure = found.report(path, "_PS_MODE_DEV_ is on.");
            exposure.at_line(define.line);
            judge(
                context,
                exposure,
                &join(directory(directory(path)), "index.php"),
            );
        }
    }
}
