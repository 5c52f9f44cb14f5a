//! Symfony's secret, left as it was in the template.

use crate::checks::names::name;
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;

pub(in crate::checks) static CHECK: Check = Check {
    id: "symfony-default-secret",
    code: "SYM-003",
    title: "Symfony's secret is the one of the template",
    description: "The secret signs URLs of fragments and links to log in. Whoever knows it runs code by /_fragment, \
                  and everybody knows the one of the template.",
    severity: Severity::High,
    cwe: &[798, 321],
    fix: "Set a secret of your own, of 32 random hexadecimal characters, and look for what was done with the old one.",
    references: &[
        "https://symfony.com/doc/current/reference/configuration/framework.html#secret",
        "https://www.ambionics.io/blog/symfony-secret-fragment",
    ],
    wants: &[
        Want::name("parameters.yml"),
        Want::name("parameters.yaml"),
        Want::name("parameters.ini"),
        Want::name("framework.yaml"),
        Want::name("config.yml"),
        Want::name("services.yaml"),
        Want::start(".env"),
    ],
    run,
};

/// What the templates of Symfony 2 to 4 say, in lower case and in two parts.
const DEFAULTS: &[(&str, &str)] = &[
    ("thistokenisnot", "sosecretchangeit"),
    ("thisisnot", "sosecret"),
];

fn run(context: &Context<'_>, found: &mut Findings) {
    let names = [
        "parameters.yml",
        "parameters.yaml",
        "parameters.ini",
        "framework.yaml",
        "config.yml",
        "services.yaml",
    ];
    let configured = names.iter().flat_map(|name| context.index.named(name));
    let variables = context.index.starting(".env");
    for path in configured
        .chain(variables)
        .filter(|path| !context.is_aside(path))
    {
        let template = ["dist", "example", "sample", "template", "test"];
        if name(path).split('.').any(|part| template.contains(&part)) {
            continue;
        }
        let Some(text) = context.files.text(path) else {
            continue;
        };
        for (number, line) in (1..).zip(text.lines()) {
            if has_default(line) {
                found
                    .report(
                        path,
                        "The secret is that of the template, which everybody knows.",
                    )
                    .at_line(number);
            }
        }
    }
}

/// `secret: …`, `APP_SECRET=…` with a value of a template.
fn has_default(line: &str) -> bool {
    let line = line.trim().to_ascii_lowercase();
    let Some((key, value)) = line.split_once([':', '=']) else {
        return false;
    };
    let is_secret = matches!(
        key.trim(),
        "secret" | "app_secret" | "kernel.secret" | "\"secret\"" | "'secret'"
    );
    let value = value.trim().trim_matches(['"', '\'']);
    let is_default =
        |(start, end): &(&str, &str)| value.strip_prefix(start).is_some_and(|rest| rest == *end);
    is_secret && !line.starts_with('#') && DEFAULTS.iter().any(is_default)
}
