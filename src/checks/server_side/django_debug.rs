//! Django's debug page.

use crate::checks::start::WANTS as STARTS;
use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Reason, Severity};
use crate::site::Want;
use crate::site::lex::python::{Statement, statements};

use super::developed;

pub(in crate::checks) static CHECK: Check = Check {
    id: "django-debug",
    code: "DJ-001",
    title: "Django shows its debug page to everyone",
    description: "With DEBUG, every error shows the settings, the variables of the code and the request. Django hides \
                  settings whose names say API, KEY, PASS, SECRET, SIGNATURE or TOKEN; a URL with a password in it, such \
                  as DATABASE_URL or EMAIL_URL, is shown.",
    severity: Severity::High,
    cwe: &[489, 209],
    fix: "Set DEBUG = False where the application runs, or take it from the environment with False as the default.",
    references: &[
        "https://docs.djangoproject.com/en/stable/ref/settings/#debug",
        "https://docs.djangoproject.com/en/stable/howto/error-reporting/#filtering-sensitive-information",
    ],
    wants: &Want::both::<{ OWN.len() + STARTS.len() }>(OWN, STARTS),
    run,
};

const OWN: &[Want] = &[Want::text(".py", "ALLOWED_HOSTS")];

/// Hosts that only the machine itself can name.
const LOCAL: &[&str] = &[
    "localhost",
    "127.0.0.1",
    "[::1]",
    "::1",
    ".localhost",
    "0.0.0.0",
    "testserver",
    "",
];

fn run(context: &Context<'_>, found: &mut Findings) {
    for one in context.starts() {
        if let Some(developed) = developed::django(one) {
            found
                .report(
                    &one.file,
                    "Django's development server is started for other machines.",
                )
                .at_line(one.line)
                .severe(developed.severity)
                .sure(developed.confidence);
        }
    }
    for path in context.index.holding(".py", "ALLOWED_HOSTS") {
        if context.is_aside(path) || context.is_for_development(path) {
            continue;
        }
        let Some(text) = context.files.text(path) else {
            continue;
        };
        let all = statements(&text);
        let last = |name: &str| {
            let mut of_module = all.iter().rev().filter(|one| one.indent == 0);
            of_module.find(|one| one.assignment().is_some_and(|(have, _)| have == name))
        };
        let (Some(debug), Some(hosts)) = (last("DEBUG"), last("ALLOWED_HOSTS")) else {
            continue;
        };
        let Some(is_default) = debugs(debug) else {
            continue;
        };
        report(found, path, (debug, is_default), hosts);
    }
}

fn report(
    found: &mut Findings,
    path: &str,
    (debug, is_default): (&Statement<'_>, bool),
    hosts: &Statement<'_>,
) {
    let is_from_elsewhere = hosts.text.contains('(');
    let public = hosts
        .strings
        .iter()
        .flat_map(|text| text.split(','))
        .find(|host| {
            let host = host.trim();
            let is_host = host == "*" || (host.contains('.') && !host.contains(' '));
            is_host && !LOCAL.contains(&host)
        });
    let Some(host) = public.or(is_from_elsewhere.then_some("what the environment says")) else {
        return;
    };
    let when = if is_default {
        "unless the environment says otherwise"
    } else {
        "always"
    };
    let is_sure = !is_default && public.is_some();
    found
        .report(
            path,
            format!("DEBUG is on {when}, and the hosts are {host}."),
        )
        .at_line(debug.line)
        .severe(if is_sure {
            Severity::High
        } else {
            Severity::Medium
        })
        .sure(if is_sure {
            Confidence::High
        } else {
            Confidence::Medium
        })
        .because(Reason::at(path, hosts.line, hosts.text.clone()));
}

/// Whether it debugs; and if so, whether by a default only.
fn debugs(statement: &Statement<'_>) -> Option<bool> {
    let (_, value) = statement.assignment()?;
    if value == "True" {
        return Some(false);
    }
    let compact: String = value.chars().filter(|char| !char.is_whitespace()).collect();
    let is_read = compact.contains("env") || compact.starts_with("config(");
    let defaults = [
        "default=True",
        ",True)",
        ",'True')",
        ",\"True\")",
        ",'1')",
        ",\"1\")",
        ",'true')",
        ",\"true\")",
        ",1)",
    ];
    let is_on = is_read && defaults.iter().any(|default| compact.contains(default));
    is_on.then_some(true)
}
