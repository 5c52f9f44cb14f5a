//! `APA-008`: PHP files are sent instead of run.

use super::{Context, servers};
use crate::checks::{Check, Findings};
use crate::finding::Severity;
use crate::site::{Verdict, Want};

pub(in crate::checks) static CHECK: Check = Check {
    id: "apache-php-source",
    code: "APA-008",
    title: "The source of PHP files is sent",
    description: "Without a handler Apache sends PHP files as text, with the passwords in them.",
    severity: Severity::High,
    cwe: &[540],
    fix: "Set a handler for PHP: `<FilesMatch \"\\.php$\">` with `SetHandler`.",
    references: &["https://www.php.net/manual/en/install.unix.apache2.php"],
    wants: &[Want::end(".php")],
    run,
};

/// So many files are asked for.
const MAX_FILES: usize = 300;

fn run(context: &Context<'_>, findings: &mut Findings) {
    if servers(context).next().is_none() {
        return;
    }
    let files = context
        .index
        .ending(".php")
        .filter(|file| !context.is_aside(file));
    let mut first = None;
    let mut count = 0;
    for file in files.take(MAX_FILES) {
        let verdict = context.verdict(file);
        let is_sent = verdict
            .urls
            .iter()
            .any(|url| url.server == "apache" && url.verdict == Verdict::Served);
        if is_sent {
            count += 1;
            first.get_or_insert((file, verdict));
        }
    }
    if let Some((file, verdict)) = first {
        let message = format!(
            "Apache sends the source of {count} PHP files, this one among them: no handler runs them"
        );
        findings
            .report(file, message)
            .served(&verdict)
            .exposing(file);
    }
}
