//! Drupal's settings.

use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;
use crate::site::lex::php::{Kind, Script};

pub(in crate::checks) static CHECK: Check = Check {
    id: "drupal-settings",
    code: "DRU-001",
    title: "Drupal shows errors in full, or others may change its settings",
    description: "With the error level `verbose` visitors see backtraces with arguments, passwords among them. \
                  A settings.php that every user of the machine may write is as good as code of theirs.",
    severity: Severity::Medium,
    cwe: &[209, 732],
    fix: "Set the error level to hide, and let settings.php be writable by nobody.",
    references: &[
        "https://www.drupal.org/docs/administering-a-drupal-site/security-in-drupal/securing-file-permissions-and-ownership",
    ],
    wants: &[Want::name("settings.php"), Want::name("settings.local.php")],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in ["settings.php", "settings.local.php"]
        .iter()
        .flat_map(|name| context.index.named(name))
    {
        if !context.is_in(path, "sites") || context.is_aside(path) {
            continue;
        }
        let Some(text) = context.files.text(path) else {
            continue;
        };
        let script = Script::new(&text);
        // A local file is included from settings.php, and only if someone has switched that on.
        if path.ends_with("/settings.php")
            && let Some(line) = verbose(&script)
        {
            found
                .report(path, "Errors are shown in full.")
                .at_line(line);
        }
        if context
            .files
            .mode(path)
            .is_some_and(|mode| mode & 0o002 != 0)
        {
            found.report(path, "Every user of the machine may write it.");
        }
    }
}

/// `$config['system.logging']['error_level'] = 'verbose';`
fn verbose(script: &Script<'_>) -> Option<u32> {
    (0..script.tokens().len()).find_map(|at| {
        let text = |at: usize| {
            script
                .literal(at..at + 1)
                .and_then(|literal| literal.as_text().map(str::to_owned))
        };
        let is_it = script.is(at, Kind::Variable)
            && script.written(at) == "$config"
            && text(at + 2).as_deref() == Some("system.logging")
            && text(at + 5).as_deref() == Some("error_level")
            && script.is_operator(at + 7, "=")
            && text(at + 8).as_deref() == Some("verbose");
        is_it.then(|| script.line(at))
    })
}
