//! Moodle's configuration.

use crate::checks::cms::setting::judge;
use crate::checks::names::{directory, join};
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;
use crate::site::lex::php::{Kind, Script};

pub(in crate::checks) static CHECK: Check = Check {
    id: "moodle-configuration",
    code: "MOO-001",
    title: "Moodle shows errors in full, or keeps its data under the document root",
    description: "moodledata holds everybody's files, sessions and backups. Under the document root, anybody who asks \
                  for them gets them. With debugdisplay visitors see backtraces.",
    severity: Severity::Medium,
    cwe: &[219, 209],
    fix: "Let $CFG->dataroot be outside of every document root, and set $CFG->debugdisplay to 0.",
    references: &["https://docs.moodle.org/en/Security_recommendations"],
    wants: &[Want::text("config.php", "$cfg->dataroot")],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context
        .index
        .holding("config.php", "$cfg->dataroot")
        .filter(|path| !context.is_aside(path))
    {
        let Some(text) = context.files.text(path) else {
            continue;
        };
        let script = Script::new(&text);
        let entry = join(directory(path), "index.php");
        let display = settings(&script, "debugdisplay").find(|(_, at)| {
            script
                .literal(*at..at + 1)
                .is_some_and(|value| value.is_true())
                && script.is_operator(at + 1, ";")
        });
        if let Some((line, _)) = display {
            let exposure = found.report(path, "Visitors see errors in full.");
            exposure.at_line(line);
            judge(context, exposure, &entry);
        }
        // `__DIR__ . '/moodledata'`, `dirname(__FILE__) . '/data'`, but not `dirname(__DIR__) . …`.
        let inside = settings(&script, "dataroot").find(|(_, at)| {
            script.is_name(*at, "__DIR__")
                || (script.is_name(*at, "dirname") && script.is_name(at + 2, "__FILE__"))
        });
        if let Some((line, _)) = inside {
            let exposure = found.report(path, "The data lie under the directory of Moodle itself.");
            exposure.at_line(line).severe(Severity::High);
            judge(context, exposure, &entry);
        }
    }
}

/// Where `$CFG->name = …` has its value, with the line.
fn settings(script: &Script<'_>, name: &'static str) -> impl Iterator<Item = (u32, usize)> {
    (0..script.tokens().len()).filter_map(move |at| {
        let is_it = script.is(at, Kind::Variable)
            && script.written(at) == "$CFG"
            && script.is_operator(at + 1, "->")
            && script.written(at + 2) == name
            && script.is_operator(at + 3, "=");
        is_it.then(|| (script.line(at), at + 4))
    })
}
