//! Django's secret key in the code.

use crate::checks::{Check, Context, Findings, secrets};
use crate::finding::Severity;
use crate::site::Want;
use crate::site::lex::python::statements;

pub(in crate::checks) static CHECK: Check = Check {
    id: "django-key-in-source",
    code: "DJ-002",
    title: "Django's secret key stands in the code",
    description: "Whoever knows the key can sign cookies and links to reset passwords. The key that startproject writes \
                  starts with django-insecure-, and is meant for a developer's machine.",
    severity: Severity::Medium,
    cwe: &[321, 798],
    fix: "Take SECRET_KEY from the environment, and make a new one; SECRET_KEY_FALLBACKS keeps sessions alive.",
    references: &["https://docs.djangoproject.com/en/stable/ref/settings/#secret-key"],
    wants: &[Want::text(".py", "INSTALLED_APPS")],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context.index.holding(".py", "INSTALLED_APPS") {
        if context.is_aside(path)
            || context.is_for_development(path)
            || secrets::is_kept_out_of_git(context, path)
        {
            continue;
        }
        let Some(text) = context.files.text(path) else {
            continue;
        };
        for statement in statements(&text) {
            let Some(("SECRET_KEY", value)) = statement.assignment() else {
                continue;
            };
            let is_literal = value.starts_with(['\'', '"']) || value.starts_with("r'");
            let key = statement.strings.first().copied().unwrap_or_default();
            let is_new = key.starts_with("django-insecure-") && key.len() > 30;
            let lines = statement.line..=statement.end_line;
            let is_known = !secrets::on_lines(context, path, &lines).is_empty();
            if is_literal && (is_new || is_known) {
                let what = if is_new {
                    "It is the key that startproject wrote."
                } else {
                    "The key is written out."
                };
                found.report(path, what).at_line(statement.line);
            }
        }
    }
}
