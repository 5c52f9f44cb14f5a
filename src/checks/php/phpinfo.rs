//! Pages that call `phpinfo()`.

use std::collections::BTreeSet;

use crate::checks::names::{directory, name};
use crate::checks::standing::{Standing, report, requested};
use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Severity};
use crate::site::lex::php::{Call, Kind, Literal, Place, Script};
use crate::site::{Judge, Seen, Want};

use super::guard::{Guard, before};

/// `INFO_ENVIRONMENT | INFO_VARIABLES`: <https://www.php.net/manual/en/info.constants.php>.
const ENVIRONMENT_BITS: i64 = 16 | 32;

pub(in crate::checks) static CHECK: Check = Check {
    id: "php-phpinfo",
    code: "PHP-001",
    title: "A page shows phpinfo()",
    description: "phpinfo() prints the environment of the process, the variables of the server, and the cookies and \
                  passwords of who looks at it. Credentials that containers, pools and SetEnv hand over stand in it; \
                  those of a .env only where a framework has loaded it before.",
    severity: Severity::High,
    cwe: &[200, 215, 497],
    fix: "Delete the page. On the server itself `php -i` shows the same.",
    references: &[
        "https://www.php.net/manual/en/function.phpinfo.php",
        "https://cwe.mitre.org/data/definitions/215.html",
    ],
    wants: &[Want::judged(&MAY_CALL)],
    run,
};

static MAY_CALL: Judge = Judge {
    id: "php-phpinfo",
    ends: &[".php", ".phtml"],
    needles: &["phpinfo"],
    is_deep: false,
    judges: |seen: &Seen<'_>| may_call(&seen.text()),
};

/// Whether a bracket, or a comment that may stand before it, follows the name.
fn may_call(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let mut after = lower.split("phpinfo").skip(1);
    after.any(|after| after.trim_start().starts_with(['(', '/', '#']))
}

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context.index.judged(&MAY_CALL) {
        if context.is_aside(path) {
            continue;
        }
        let standing = requested(context, path);
        if standing == Standing::Kept {
            continue;
        }
        if let Some(text) = context.index.text_judged(&MAY_CALL, path, context.files) {
            look(context, path, &text, (&standing, found));
        }
    }
}

fn look(
    context: &Context<'_>,
    path: &str,
    text: &str,
    (standing, found): (&Standing, &mut Findings),
) {
    let script = Script::new(text);
    let mut calls = script.calls().filter(|call| call.is("phpinfo"));
    let Some((call, guard)) = calls.find_map(|call| {
        let guard = before(&script, call.at);
        let runs = script.place(call.at) != Place::Function && guard != Guard::Always;
        runs.then_some((call, guard))
    }) else {
        return;
    };
    let mut message = "Whoever asks for this page gets phpinfo().".to_owned();
    let mut severity = Severity::Medium;
    let holders = environment(context, path);
    if !shows_environment(&script, &call) {
        message = "It shows the settings of PHP, and leaves out the environment.".to_owned();
        severity = Severity::Info;
    } else if guard == Guard::Perhaps {
        message.push_str(" Something before it may ask who that is.");
        severity = Severity::Low;
    } else if let Some(holder) = holders.first() {
        message.push_str(&format!(
            " `{holder}` hands credentials to the environment."
        ));
        severity = Severity::High;
    }
    let Some(exposure) = report(found, standing, path, &message) else {
        return;
    };
    let severity = severity.min(exposure.severity);
    exposure.at_line(call.line).severe(severity);
    if guard == Guard::Perhaps {
        let confidence = exposure.confidence.min(Confidence::Medium);
        exposure.sure(confidence);
    }
    if severity >= Severity::Medium {
        for holder in holders {
            exposure.exposing(holder);
        }
    }
}

/// Files that put credentials in the environment of the processes that run a page.
fn environment<'c>(context: &'c Context<'_>, page: &str) -> Vec<&'c str> {
    let verdict = context.verdict(page);
    let chain = verdict.urls.iter().flat_map(|url| &url.because);
    let named: BTreeSet<&str> = chain.filter_map(|at| at.file.as_deref()).collect();
    // In a tree of several applications each has its own.
    let is_of_page = |path: &str| {
        let directory = directory(path);
        let is_above = directory.is_empty()
            || page
                .strip_prefix(directory)
                .is_some_and(|rest| rest.starts_with('/'));
        is_above || named.contains(path)
    };
    let holding = context.credentials.iter();
    holding
        .filter(|(path, credentials)| !credentials.is_empty() && !context.is_aside(path))
        .map(|(path, _)| path.as_str())
        .filter(|path| is_of_page(path))
        .filter(|path| {
            let name = name(path).to_ascii_lowercase();
            let is_yaml = name.ends_with(".yml") || name.ends_with(".yaml");
            name.starts_with("dockerfile")
                || name == ".htaccess"
                || (is_yaml && name.contains("compose"))
        })
        .collect()
}

fn shows_environment(script: &Script<'_>, call: &Call<'_>) -> bool {
    let Some(what) = call.args.first().cloned() else {
        return true;
    };
    if let Some(Literal::Number(number)) = script.literal(what.clone()) {
        let bits = number.parse::<i64>().unwrap_or(-1);
        return bits & ENVIRONMENT_BITS != 0;
    }
    let has_other = what.clone().any(|at| {
        let is_harmless = [
            "INFO_GENERAL",
            "INFO_CREDITS",
            "INFO_CONFIGURATION",
            "INFO_MODULES",
            "INFO_LICENSE",
        ]
        .iter()
        .any(|name| script.is_name(at, name));
        !is_harmless && !script.is_operator(at, "|")
    });
    has_other || what.clone().any(|at| script.is(at, Kind::Variable))
}
