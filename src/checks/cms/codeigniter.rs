//! CodeIgniter in its development environment.

use crate::checks::cms::setting::{judge, variable};
use crate::checks::names::{directory, join};
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;
use crate::site::lex::php::Script;

pub(in crate::checks) static CHECK: Check = Check {
    id: "codeigniter-development",
    code: "CI-001",
    title: "CodeIgniter runs in its development environment",
    description: "In the development environment errors are shown to visitors, with paths, queries and variables; \
                  CodeIgniter 4 shows the environment too.",
    severity: Severity::Medium,
    cwe: &[489, 209],
    fix: "Set CI_ENVIRONMENT = production, or CI_ENV for CodeIgniter 3, where the application runs.",
    references: &["https://codeigniter.com/user_guide/general/environments.html"],
    wants: &[Want::text("index.php", "'environment'"), Want::name(".env")],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context
        .index
        .holding("index.php", "'environment'")
        .filter(|path| !context.is_aside(path))
    {
        let root = directory(path);
        if !context.files.is_directory(&join(root, "system")) {
            continue;
        }
        let Some(text) = context.files.text(path) else {
            continue;
        };
        let script = Script::new(&text);
        let mut defines = script
            .defines()
            .filter(|define| define.name == "ENVIRONMENT");
        let is_development = |value: std::ops::Range<usize>| {
            script
                .literal(value)
                .is_some_and(|value| value.as_text() == Some("development"))
        };
        // As it is shipped the server decides by CI_ENV, and only without it this is development.
        if let Some(define) = defines.find(|define| is_development(define.value.clone())) {
            let exposure = found.report(
                path,
                "ENVIRONMENT is development, whatever the server says.",
            );
            exposure.at_line(define.line);
            judge(context, exposure, path);
        }
    }
    for path in context
        .index
        .named(".env")
        .filter(|path| !context.is_aside(path))
    {
        let root = directory(path);
        if !context.files.is_file(&join(root, "spark")) {
            continue;
        }
        let Some(text) = context.files.text(path) else {
            continue;
        };
        if let Some((line, _)) =
            variable(&text, "CI_ENVIRONMENT").filter(|(_, value)| value == "development")
        {
            let exposure = found.report(path, "CI_ENVIRONMENT is development.");
            exposure.at_line(line);
            judge(context, exposure, &join(root, "public/index.php"));
        }
    }
}
