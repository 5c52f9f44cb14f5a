//! The project as the document root.

use crate::checks::standing::{report, sent, would_be_sent};
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;

use super::app::{WANTS, apps};

pub(in crate::checks) static CHECK: Check = Check {
    id: "laravel-document-root",
    code: "LAR-003",
    title: "The whole Laravel project is under the document root",
    description: "Only public/ is made for the public. With the project as the document root, Apache and nginx send \
                  .env, the logs and the sources to whoever asks.",
    severity: Severity::Critical,
    cwe: &[219, 552],
    fix: "Set the document root to the directory `public` of the project.",
    references: &["https://laravel.com/docs/master/deployment#server-requirements"],
    wants: WANTS,
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for app in apps(context) {
        let artisan = app.file("artisan");
        let is_application = ["public/index.php", "composer.json", "bootstrap/app.php"]
            .iter()
            .any(|name| context.files.is_file(&app.file(name)));
        let standing = sent(context, &artisan);
        if !is_application || !standing.is_open() {
            continue;
        }
        let env = app.file(".env");
        let sends_env = would_be_sent(context, &env).is_open();
        let message = if sends_env {
            "A server sends files of the project that are not for the public, .env among them."
        } else {
            "A server sends files of the project that are not for the public; .env is refused."
        };
        if let Some(exposure) = report(found, &standing, &artisan, message) {
            if sends_env {
                exposure.exposing(&env);
            } else {
                exposure.severe(Severity::High);
            }
        }
    }
}
