//! A script of old PHPUnit that runs whatever is sent to it.

use crate::checks::standing::{report, requested};
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;
use crate::site::lex::php::{Kind, Script};

pub(in crate::checks) static CHECK: Check = Check {
    id: "php-eval-stdin",
    code: "PHP-005",
    title: "PHPUnit runs code that anyone sends (CVE-2017-9841)",
    description: "eval-stdin.php of old PHPUnit runs the body of a request as code. With vendor/ under the document \
                  root anyone runs what they like, and reads every credential of the application. Bots ask for it \
                  on every site.",
    severity: Severity::Critical,
    cwe: &[94],
    fix: "Serve only the directory for the public, install with `composer install --no-dev`, and change every \
          credential.",
    references: &[
        "https://nvd.nist.gov/vuln/detail/CVE-2017-9841",
        "https://github.com/FriendsOfPHP/security-advisories/blob/master/phpunit/phpunit/CVE-2017-9841.yaml",
    ],
    wants: &[Want::name("eval-stdin.php").deep()],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context.index.named("eval-stdin.php") {
        let Some(text) = context.files.text(path) else {
            continue;
        };
        if !runs_requests(&text) {
            continue;
        }
        let standing = requested(context, path);
        let message = "It runs the body of a request as PHP.";
        if let Some(exposure) = report(found, &standing, path, message) {
            for file in context.credentials.keys() {
                exposure.exposing(file);
            }
        }
    }
}

/// Mended versions read what the process is given, not the request.
fn runs_requests(text: &str) -> bool {
    let script = Script::new(text);
    let reads_request = (0..script.tokens().len()).any(|at| {
        script.is(at, Kind::Text)
            && script
                .written(at)
                .to_ascii_lowercase()
                .contains("php://input")
    });
    reads_request && script.calls().any(|call| call.is("eval"))
}
