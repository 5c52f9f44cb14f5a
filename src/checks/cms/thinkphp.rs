//! ThinkPHP with debugging on.

use crate::checks::cms::setting::{is_on, judge, true_entry, variable};
use crate::checks::names::{directory, join};
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;
use crate::site::lex::php::Script;

pub(in crate::checks) static CHECK: Check = Check {
    id: "thinkphp-debug",
    code: "THK-001",
    title: "ThinkPHP's debugging is on",
    description: "With debugging on, error pages show the environment and the configuration of the application.",
    severity: Severity::Medium,
    cwe: &[489, 215],
    fix: "Set app_debug to false, or APP_DEBUG = false in .env, where the application runs.",
    references: &["https://doc.thinkphp.cn/v8_0/debug_mode.html"],
    wants: &[
        Want::text(".php", "'app_debug'"),
        Want::name("think"),
        Want::name(".env"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for think in context
        .index
        .named("think")
        .filter(|path| !context.is_aside(path))
    {
        let root = directory(think);
        if !context.files.is_file(think) {
            continue;
        }
        for config in ["config/app.php", "application/config.php"] {
            let path = join(root, config);
            let line = context
                .files
                .text(&path)
                .and_then(|text| true_entry(&Script::new(&text), "app_debug"));
            if let Some(line) = line {
                report(context, found, (root, &path, line));
            }
        }
        let path = join(root, ".env");
        let debug = context
            .files
            .text(&path)
            .and_then(|text| variable(&text, "APP_DEBUG"));
        if let Some((line, _)) = debug.filter(|(_, value)| is_on(value)) {
            report(context, found, (root, &path, line));
        }
    }
}

fn report(context: &Context<'_>, found: &mut Findings, (root, path, line): (&str, &str, u32)) {
    let exposure = found.report(path, "Debugging is on.");
    exposure.at_line(line);
    judge(context, exposure, &join(root, "public/index.php"));
}
