//! The key of an application where others can read it.

use crate::checks::dotenv::DotEnv;
use crate::checks::names::{is_for_tests, name};
use crate::checks::standing::is_tracked;
use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Severity};

use super::app::{WANTS, apps};

/// What Laravel 5.0 and 5.1 shipped with:
/// <https://github.com/laravel/laravel/blob/v5.0.0/.env.example>.
const SHIPPED: &str = "SomeRandomString";

pub(in crate::checks) static CHECK: Check = Check {
    id: "laravel-key-shipped",
    code: "LAR-002",
    title: "The key of a Laravel application is known to others",
    description: "Whoever has APP_KEY makes cookies that the application believes. With sessions in cookies, with \
                  Laravel before 5.6.30, and wherever a request is decrypted, that runs code, and the rest of the \
                  .env follows.",
    severity: Severity::Critical,
    cwe: &[321, 540],
    fix: "Make a new key with `php artisan key:generate`, and keep it out of the repository.",
    references: &[
        "https://laravel.com/docs/master/encryption",
        "https://nvd.nist.gov/vuln/detail/CVE-2018-15133",
    ],
    wants: WANTS,
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for (path, credentials) in context.credentials {
        if context.is_aside(path) {
            continue;
        }
        let mut keys = credentials
            .iter()
            .filter(|credential| credential.rule.starts_with("laravel-app-key"));
        let Some(key) = keys.next() else { continue };
        let is_shared = is_for_others(path);
        if !is_shared && !is_tracked(context, path) {
            continue;
        }
        let message = if is_shared {
            "APP_KEY stands in a file that is handed on."
        } else {
            "APP_KEY is in git."
        };
        let exposure = found.report(path, message);
        exposure.at_line(u32::try_from(key.line).unwrap_or(u32::MAX));
        if is_shared && !is_tracked(context, path) {
            exposure.sure(Confidence::Medium).severe(Severity::High);
        }
        if is_for_tests(path) {
            exposure.severe(Severity::Low);
        }
    }
    for app in apps(context) {
        let env = DotEnv::new(&app.env);
        if let Some(setting) = env
            .get("APP_KEY")
            .filter(|setting| setting.value.contains(SHIPPED))
        {
            let message = "APP_KEY is the one that Laravel 5 came with: everyone knows it.";
            found
                .report(&app.file(".env"), message)
                .at_line(setting.line);
        }
    }
}

/// Files that are written to be committed.
fn is_for_others(path: &str) -> bool {
    let name = name(path).to_ascii_lowercase();
    let is_yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    let is_example = name.starts_with(".env.")
        && [".example", ".sample", ".dist", ".template"]
            .iter()
            .any(|end| name.ends_with(end));
    is_example || is_yaml || name.starts_with("dockerfile")
}
