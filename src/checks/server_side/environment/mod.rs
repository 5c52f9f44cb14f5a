//! Answers of programs in Python, Go, Java, C# and Ruby that hold the whole environment.

mod compiled;
mod guard;
mod python;
mod ruby;
mod template;

use crate::checks::names::{directory, name};
use crate::checks::node::env_files;
use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Reach, Severity};
use crate::site::{Judge, Want};

pub(in crate::checks) static CHECK: Check = Check {
    id: "environment-answer",
    code: "ENV-011",
    title: "An answer holds the environment or all settings",
    description: "A view or a template sends every variable of the environment, or every setting. Someone looked at \
                  one of them and the page stayed; scanners ask for /env, /debug/env, /config and their like.",
    severity: Severity::High,
    cwe: &[200, 215, 497],
    fix: "Delete the page, or send the one value that is needed by its name, and change the credentials.",
    references: &["https://cwe.mitre.org/data/definitions/497.html"],
    wants: &[
        Want::judged(&NAMES_PYTHON),
        Want::judged(&NAMES_COMPILED),
        Want::judged(&NAMES_RUBY),
        Want::judged(&NAMES_TEMPLATES),
    ],
    run,
};

static NAMES_PYTHON: Judge = Judge {
    id: "environment-answer-python",
    ends: &[".py"],
    needles: &[
        "os.environ",
        "os import environ",
        "__dict__",
        "vars(settings",
        "app.config",
    ],
    is_deep: false,
    judges: |seen| python::may_answer(&seen.text()),
};

static NAMES_COMPILED: Judge = Judge {
    id: "environment-answer-compiled",
    ends: &[".go", ".java", ".kt", ".scala", ".groovy", ".cs"],
    needles: &[
        "os.environ()",
        "system.getenv()",
        "getenvironmentvariables()",
        "getdebugview()",
    ],
    is_deep: false,
    judges: |_| true,
};

static NAMES_RUBY: Judge = Judge {
    id: "environment-answer-ruby",
    ends: &[".rb", ".ru"],
    needles: &[
        "env.to_",
        "env.inspect",
        "env.map",
        "env.each",
        "env.sort",
        "credentials.config",
    ],
    is_deep: false,
    judges: |seen| ruby::may_answer(&seen.text()),
};

static NAMES_TEMPLATES: Judge = Judge {
    id: "environment-answer-template",
    ends: &[".jsp", ".jspx", ".erb", ".cshtml", ".aspx"],
    needles: &[
        "system.getenv()",
        "system.getproperties()",
        "getenvironmentvariables()",
        "env.to_",
        "env.inspect",
        "env.each",
        "env.map",
        "env.sort",
        "debug(env)",
        "debug env",
    ],
    is_deep: false,
    judges: |_| true,
};

/// Where the whole environment is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sent {
    /// On which line, from 1.
    line: u32,
    /// Whether something near asks who it is.
    is_guarded: bool,
}

type Reader = fn(&str) -> Vec<Sent>;

fn run(context: &Context<'_>, found: &mut Findings) {
    let readers: [(&Judge, Reader); 4] = [
        (&NAMES_PYTHON, python::sent),
        (&NAMES_COMPILED, compiled::sent),
        (&NAMES_RUBY, ruby::sent),
        (&NAMES_TEMPLATES, template::sent),
    ];
    for (judge, read) in readers {
        for path in context.index.judged(judge) {
            if context.is_aside(path) || is_test(path) {
                continue;
            }
            let text = context.index.text_judged(judge, path, context.files);
            for sent in text.map_or_else(Vec::new, |text| read(&text)) {
                report(context, found, path, sent);
            }
        }
    }
}

fn is_test(path: &str) -> bool {
    let name = name(path);
    name.starts_with("test_") || name.contains("_test.") || name.contains("Test.")
}

fn report(context: &Context<'_>, found: &mut Findings, path: &str, sent: Sent) {
    let exposure = found.report(
        path,
        "An answer holds the whole environment, or all settings.",
    );
    exposure.at_line(sent.line).sure(Confidence::Medium);
    if sent.is_guarded || context.is_for_development(path) {
        exposure.severe(Severity::Low).sure(Confidence::Low);
        return;
    }
    for file in nearest_env_files(context, path) {
        exposure.exposing(file).reaching(Reach::Likely);
    }
}

/// The environment files of the nearest directory above a file that has any: what starts programs loads them.
fn nearest_env_files<'c>(context: &Context<'c>, path: &str) -> Vec<&'c str> {
    let mut at = directory(path);
    loop {
        let files = env_files(context, at);
        if !files.is_empty() || at.is_empty() {
            return files;
        }
        at = directory(at);
    }
}
