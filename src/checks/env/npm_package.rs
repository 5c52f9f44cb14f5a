//! Packages that `npm publish` would publish with credentials.

use serde_json::Value;

use crate::checks::names::{directory, join};
use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Reach, Severity};
use crate::site::Want;

use super::files::{Kind, with_credentials};
use super::ignore_rules::Patterns;

pub(in crate::checks) static CHECK: Check = Check {
    id: "env-npm-package",
    code: "ENV-007",
    title: "npm publish would publish a file with credentials",
    description: "npm publishes every file of the directory but those that `files` or an ignore file keeps out; .env \
                  is none of the names that it leaves out by itself.",
    severity: Severity::High,
    cwe: &[538, 540],
    fix: "List what is to be published under `files`, or say `\"private\": true`. `npm pack --dry-run` shows the list.",
    references: &[
        "https://docs.npmjs.com/cli/v11/using-npm/developers#keeping-files-out-of-your-package",
    ],
    wants: &[
        Want::name("package.json"),
        Want::name(".npmignore"),
        Want::name(".gitignore"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context.index.named("package.json") {
        if context.is_aside(path) {
            continue;
        }
        let text = context.files.text(path);
        let package = text.and_then(|text| serde_json::from_str::<Value>(&text).ok());
        let Some(package) = package.filter(is_published) else {
            continue;
        };
        let directory = directory(path);
        let kept = Kept::of(context, directory, &package);
        let files: Vec<&str> = with_credentials(context, &[Kind::Plain, Kind::Variant])
            .filter(|file| {
                let below = match directory {
                    "" => Some(*file),
                    _ => file
                        .strip_prefix(directory)
                        .and_then(|rest| rest.strip_prefix('/')),
                };
                below.is_some_and(|below| kept.is_published(below))
            })
            .collect();
        if let Some(first) = files.first() {
            let message = format!("`npm publish` takes `{first}` along: {}.", kept.why());
            let exposure = found.report(path, message);
            exposure.sure(Confidence::Medium).reaching(Reach::Latent);
            for file in files {
                exposure.exposing(file);
            }
        }
    }
}

/// Without a name and a version npm refuses; applications that are not published often lack one.
fn is_published(package: &Value) -> bool {
    package["private"] != Value::Bool(true)
        && package["name"].is_string()
        && package["version"].is_string()
}

/// What npm goes by.
enum Kept {
    Listed(Patterns),
    Ignored(&'static str, Patterns),
    Everything,
}

impl Kept {
    fn of(context: &Context<'_>, directory: &str, package: &Value) -> Self {
        if let Some(files) = package["files"].as_array() {
            let listed: Vec<String> = files
                .iter()
                .filter_map(Value::as_str)
                .map(|pattern| {
                    let (mark, pattern) = match pattern.strip_prefix('!') {
                        Some(pattern) => ("!", pattern),
                        None => ("", pattern),
                    };
                    match pattern.trim_start_matches("./").trim_start_matches('/') {
                        "" | "." | "*" => format!("{mark}/**"),
                        pattern => format!("{mark}/{pattern}"),
                    }
                })
                .collect();
            return Self::Listed(Patterns::git(listed.iter().map(String::as_str)));
        }
        for name in [".npmignore", ".gitignore"] {
            if let Some(text) = context.files.text(&join(directory, name)) {
                return Self::Ignored(name, Patterns::git(text.lines()));
            }
        }
        Self::Everything
    }

    fn is_published(&self, path: &str) -> bool {
        match self {
            Self::Listed(patterns) => patterns.name(path),
            Self::Ignored(_, patterns) => !patterns.name(path),
            Self::Everything => true,
        }
    }

    fn why(&self) -> String {
        match self {
            Self::Listed(_) => "`files` covers it".to_owned(),
            Self::Ignored(name, _) => format!("there is no `files`, and {name} does not name it"),
            Self::Everything => "there is neither `files` nor an ignore file".to_owned(),
        }
    }
}
