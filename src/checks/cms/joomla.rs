//! Joomla's configuration.

use crate::checks::cms::setting::{assigned, judge};
use crate::checks::names::{directory, join};
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;
use crate::site::lex::php::{Literal, Script};

pub(in crate::checks) static CHECK: Check = Check {
    id: "joomla-debug",
    code: "JOO-001",
    title: "Joomla's debugging is on",
    description: "With debugging or the highest error reporting on, visitors see queries, sessions, paths and \
                  backtraces with arguments.",
    severity: Severity::Medium,
    cwe: &[489, 209],
    fix: "Switch `Debug System` off and set `Error Reporting` to None in the global configuration.",
    references: &["https://docs.joomla.org/Help5.x:Site_Global_Configuration"],
    wants: &[Want::name("configuration.php")],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context
        .index
        .named("configuration.php")
        .filter(|path| !context.is_aside(path))
    {
        let Some(text) = context
            .files
            .text(path)
            .filter(|text| text.contains("JConfig"))
        else {
            continue;
        };
        let script = Script::new(&text);
        let debug = assigned(&script, "$debug").filter(|(_, value)| value.is_true());
        let is_high = |value: &Literal| matches!(value.as_text(), Some("maximum" | "development"));
        let errors = assigned(&script, "$error_reporting").filter(|(_, value)| is_high(value));
        for (line, what) in debug
            .map(|(line, _)| (line, "Debugging is on."))
            .into_iter()
            .chain(errors.map(|(line, _)| (line, "Visitors see all errors.")))
        {
            let exposure = found.report(path, what);
            exposure.at_line(line);
            judge(context, exposure, &join(directory(path), "index.php"));
        }
    }
}
