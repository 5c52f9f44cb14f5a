//! CakePHP with debugging on.

use crate::checks::cms::setting::{judge, true_entry};
use crate::checks::names::{directory, join};
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;
use crate::site::lex::php::Script;

pub(in crate::checks) static CHECK: Check = Check {
    id: "cakephp-debug",
    code: "CAK-001",
    title: "CakePHP's debugging is on",
    description: "With debugging on, error pages show variables, queries and configuration to visitors.",
    severity: Severity::Medium,
    cwe: &[489, 209],
    fix: "Set 'debug' to false, or DEBUG=false in the environment, where the application runs.",
    references: &["https://book.cakephp.org/5/en/development/configuration.html"],
    wants: &[Want::name("app.php"), Want::name("app_local.php")],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in ["app.php", "app_local.php"]
        .iter()
        .flat_map(|name| context.index.named(name))
    {
        let Some(root) = directory(path)
            .strip_suffix("config")
            .filter(|_| !context.is_aside(path))
        else {
            continue;
        };
        let root = root.trim_end_matches('/');
        if !is_application(context, root) {
            continue;
        }
        let Some(text) = context.files.text(path) else {
            continue;
        };
        if let Some(line) = true_entry(&Script::new(&text), "debug") {
            let exposure = found.report(path, "'debug' is true, whatever the environment says.");
            exposure.at_line(line);
            judge(context, exposure, &join(root, "webroot/index.php"));
        }
    }
}

/// Whether CakePHP's console, or a `composer.json` that asks for it, lies there.
fn is_application(context: &Context<'_>, root: &str) -> bool {
    let is_file = |name: &str| context.files.is_file(&join(root, name));
    let composer = || context.files.text(&join(root, "composer.json"));
    is_file("bin/cake.php")
        || is_file("bin/cake")
        || composer().is_some_and(|text| text.contains("\"cakephp/cakephp\""))
}
