//! Symfony's entry for development, open to everybody.

use crate::checks::cms::setting::judge;
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;
use crate::site::lex::php::Script;

pub(in crate::checks) static CHECK: Check = Check {
    id: "symfony-front-controller",
    code: "SYM-001",
    title: "Symfony's entry for development is open to everybody",
    description: "app_dev.php starts an application with debugging and the profiler, which shows parameters, \
                  environment and the last requests of others. As it is shipped it lets in only the machine itself.",
    severity: Severity::High,
    cwe: &[489, 215],
    fix: "Do not deploy app_dev.php; at least put its guard back, which refuses requests from elsewhere.",
    references: &["https://symfony.com/doc/3.4/deployment.html"],
    wants: &[
        Want::name("app_dev.php"),
        Want::name("frontend_dev.php"),
        Want::name("index_dev.php"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    let names = ["app_dev.php", "frontend_dev.php", "index_dev.php"];
    for path in names
        .iter()
        .flat_map(|name| context.index.named(name))
        .filter(|path| !context.is_aside(path))
    {
        let Some(text) = context.files.text(path) else {
            continue;
        };
        let script = Script::new(&text);
        let starts = script.calls().any(|call| {
            call.name.ends_with("Kernel")
                || call
                    .name
                    .eq_ignore_ascii_case("getApplicationConfiguration")
        });
        let guard = ["REMOTE_ADDR", "cli-server", "HTTP_CLIENT_IP"];
        let is_guarded = (0..script.tokens().len()).any(|at| {
            let literal = script.literal(at..at + 1);
            literal
                .is_some_and(|literal| literal.as_text().is_some_and(|text| guard.contains(&text)))
        });
        if starts && !is_guarded {
            let exposure = found.report(
                path,
                "It starts the application with debugging, and looks at no address.",
            );
            judge(context, exposure, path);
        }
    }
}
