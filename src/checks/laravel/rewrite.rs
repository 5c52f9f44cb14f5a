//! Rules that lead requests to `public/`, and let files through that are there.

use crate::checks::names::join;
use crate::checks::{Check, Context, Findings};
use crate::finding::{Reason, Severity};
use crate::site::Want;

use super::app::apps;

pub(in crate::checks) static CHECK: Check = Check {
    id: "laravel-rewrite",
    code: "LAR-004",
    title: "The rewrite to public/ lets existing files through",
    description: "On shared hosts a .htaccess in the project leads every request to public/. With `RewriteCond \
                  %{REQUEST_FILENAME} !-f` before the rule it does so only where no file is: .env is one, and is \
                  sent.",
    severity: Severity::Medium,
    cwe: &[219, 552],
    fix: "Leave out the condition: `RewriteRule ^(.*)$ public/$1 [L]`.",
    references: &["https://httpd.apache.org/docs/2.4/mod/mod_rewrite.html#rewritecond"],
    wants: &[Want::name("artisan"), Want::name(".htaccess")],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for app in apps(context) {
        let file = join(app.directory, ".htaccess");
        let Some(text) = context.files.text(&file) else {
            continue;
        };
        let Some(rule) = first_rule_to_public(&text) else {
            continue;
        };
        if let Some((line, condition)) = rule.condition {
            found
                .report(
                    &file,
                    "Files that exist, .env among them, are not led to public/.",
                )
                .at_line(line)
                .because(Reason::at(&file, line, condition))
                .because(Reason::at(&file, rule.line, rule.written))
                .exposing(&app.file(".env"));
        }
    }
}

struct Rule<'t> {
    line: u32,
    written: &'t str,
    /// That the file must not be there.
    condition: Option<(u32, &'t str)>,
}

/// Conditions count for the next rule only.
fn first_rule_to_public(text: &str) -> Option<Rule<'_>> {
    let mut condition = None;
    for (line, written) in (1..).zip(text.lines()) {
        let written = written.trim();
        let words: Vec<&str> = written.split_whitespace().collect();
        match words.as_slice() {
            [word, subject, pattern, ..] if word.eq_ignore_ascii_case("RewriteCond") => {
                let is_file = subject.contains("REQUEST_FILENAME") && *pattern == "!-f";
                if is_file {
                    condition = Some((line, written));
                }
            }
            [word, _, target, ..] if word.eq_ignore_ascii_case("RewriteRule") => {
                if target.trim_start_matches(['"', '/']).starts_with("public/") {
                    return Some(Rule {
                        line,
                        written,
                        condition,
                    });
                }
                condition = None;
            }
            _ => {}
        }
    }
    None
}
