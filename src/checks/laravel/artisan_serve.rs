//! The development server in production.

use crate::checks::names::name;
use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Severity};
use crate::site::Want;

pub(in crate::checks) static CHECK: Check = Check {
    id: "laravel-artisan-serve",
    code: "LAR-009",
    title: "Laravel runs on its development server, open to everyone",
    description: "`artisan serve` starts the web server of PHP, which is made for one developer: it sends every \
                  file of public/, hidden ones too, and answers one request at a time.",
    severity: Severity::Medium,
    cwe: &[489],
    fix: "Run PHP-FPM behind nginx, or FrankenPHP.",
    references: &[
        "https://www.php.net/manual/en/features.commandline.webserver.php",
        "https://laravel.com/docs/master/deployment",
    ],
    wants: &[
        Want::text("dockerfile", "artisan"),
        Want::text("procfile", "artisan"),
        Want::text(".conf", "artisan"),
        Want::text(".service", "artisan"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for end in ["dockerfile", "procfile", ".conf", ".service"] {
        for path in context.index.holding(end, "artisan") {
            let lower = name(path).to_ascii_lowercase();
            let is_for_development = ["dev", "local", "test"]
                .iter()
                .any(|word| lower.contains(word));
            if context.is_aside(path) || is_for_development || context.is_in(path, "runtimes") {
                continue;
            }
            let text = context.files.text(path).unwrap_or_default();
            if let Some(line) = served_on(&text) {
                found
                    .report(path, "`artisan serve` listens for everyone.")
                    .at_line(line)
                    .sure(Confidence::Medium);
            }
        }
    }
}

fn served_on(text: &str) -> Option<u32> {
    let mut lines = (1..).zip(text.lines());
    let found = lines.find(|(_, line)| {
        let line = line.trim();
        let plain: String = line
            .chars()
            .map(|c| {
                if matches!(c, '"' | '\'' | ',' | '[' | ']' | '=') {
                    ' '
                } else {
                    c
                }
            })
            .collect();
        let words: Vec<&str> = plain.split_whitespace().collect();
        let serves = words
            .windows(2)
            .any(|pair| pair[0].ends_with("artisan") && pair[1] == "serve");
        let is_open = words.windows(2).any(|pair| pair == ["--host", "0.0.0.0"]);
        serves && is_open && !line.starts_with(['#', ';'])
    });
    found.map(|(line, _)| line)
}
