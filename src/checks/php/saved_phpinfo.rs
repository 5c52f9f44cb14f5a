//! Saved outputs of `phpinfo()`.

use crate::checks::standing::{is_tracked, sent};
use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Reach, Severity};
use crate::site::Want;

/// A page has hundreds of rows.
const MIN_ROWS: usize = 8;

pub(in crate::checks) static CHECK: Check = Check {
    id: "php-saved-phpinfo",
    code: "PHP-002",
    title: "A saved output of phpinfo()",
    description: "Someone saved the page, for a ticket or a manual. The environment of the server stands in it, with \
                  the credentials that it had, and the session of who saved it.",
    severity: Severity::High,
    cwe: &[200, 215, 538],
    fix: "Delete the file, from the history of the repository as well, and change the credentials in it.",
    references: &["https://www.php.net/manual/en/function.phpinfo.php"],
    wants: &[
        Want::text(".html", "php version"),
        Want::text(".htm", "php version"),
        Want::text(".txt", "php version"),
        Want::text(".log", "php version"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for end in [".html", ".htm", ".txt", ".log"] {
        for path in context.index.holding(end, "php version") {
            let text = context.files.text(path);
            if text.is_some_and(|text| is_dump(&text)) {
                report(context, path, found);
            }
        }
    }
}

fn report(context: &Context<'_>, path: &str, found: &mut Findings) {
    let has_credentials = !context.credentials_in(path).is_empty();
    let standing = sent(context, path);
    let mut severity = match (has_credentials, standing.is_open()) {
        (true, _) => Severity::High,
        (false, true) => Severity::Medium,
        (false, false) => Severity::Low,
    };
    let is_loose = context.is_aside(path) && !standing.is_open() && !is_tracked(context, path);
    if is_loose {
        severity = severity.min(Severity::Medium);
    }
    let message = if has_credentials {
        "It shows the environment of a server, with credentials in it."
    } else {
        "It shows the environment of a server; no credential was found in it."
    };
    let verdict = context.verdict(path);
    let exposure = found.report(path, message);
    exposure.severe(severity).served(&verdict).exposing(path);
    if context.is_aside(path) {
        exposure.sure(Confidence::Medium);
    }
    exposure.reaching(verdict.reach().unwrap_or(Reach::Latent));
}

/// By its rows: titles are translated, and browsers change the markup when they save a page. One without the
/// variables of the server is harmless.
fn is_dump(text: &str) -> bool {
    let shows_server = text.contains("_SERVER[") || text.contains("$_ENV[");
    let rows = text.matches("class=\"v\"").take(MIN_ROWS).count();
    let keys = text.matches("class=\"e\"").take(MIN_ROWS).count();
    let lines = text.matches(" => ").take(MIN_ROWS).count();
    let is_page = rows >= MIN_ROWS && keys >= MIN_ROWS;
    let is_text = lines >= MIN_ROWS && text.contains("Variable => Value");
    shows_server && text.contains("PHP Version") && (is_page || is_text)
}
