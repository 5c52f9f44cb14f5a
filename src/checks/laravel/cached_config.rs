//! The configuration with all values filled in.

use crate::checks::standing::{is_tracked, report, sent};
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;

pub(in crate::checks) static CHECK: Check = Check {
    id: "laravel-cached-config",
    code: "LAR-006",
    title: "The cached configuration of Laravel gets out",
    description: "`config:cache` writes every value of the .env into bootstrap/cache/config.php, in clear.",
    severity: Severity::High,
    cwe: &[540, 312],
    fix: "Take the file out of git, ignore bootstrap/cache/*.php, and change the credentials.",
    references: &["https://laravel.com/docs/master/configuration#configuration-caching"],
    wants: &[Want::name("config.php")],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context.index.named("config.php") {
        let is_cache =
            path == "bootstrap/cache/config.php" || path.ends_with("/bootstrap/cache/config.php");
        if !is_cache || context.is_aside(path) || context.credentials_in(path).is_empty() {
            continue;
        }
        let standing = sent(context, path);
        if standing.is_open() {
            report(found, &standing, path, "It holds every value of the .env.");
        } else if is_tracked(context, path) {
            found.report(path, "It holds every value of the .env, and git has it.");
        }
    }
}
