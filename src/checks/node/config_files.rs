//! Files of the package `config`.

use crate::checks::names::{directory, join, name};
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;

use super::configs::{REFERENCE, report};

pub(in crate::checks) static CHECK: Check = Check {
    id: "node-config-file",
    code: "NODE-015",
    title: "A configuration file of the application holds credentials",
    description: "The files of config/ are committed with the application: everyone who has the code has the \
                  credentials.",
    severity: Severity::High,
    cwe: &[798, 312],
    fix: "Name environment variables in config/custom-environment-variables, take the values out of git and its \
          history, and change the credentials.",
    references: &[
        "https://github.com/node-config/node-config/wiki/Environment-Variables#custom-environment-variables",
        REFERENCE,
    ],
    wants: &[],
    run,
};

/// What the package reads, without the ending: <https://github.com/node-config/node-config/wiki/Configuration-Files>.
const NAMES: &[&str] = &[
    "default",
    "production",
    "staging",
    "local",
    "local-production",
    "runtime",
];

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context
        .credentials
        .keys()
        .filter(|path| !context.is_aside(path))
    {
        let folder = directory(path);
        let Some((stem, end)) = name(path).split_once('.') else {
            continue;
        };
        let is_read = NAMES.contains(&stem)
            && matches!(
                end,
                "json"
                    | "json5"
                    | "yaml"
                    | "yml"
                    | "js"
                    | "cjs"
                    | "ts"
                    | "toml"
                    | "hjson"
                    | "properties"
            );
        if is_read
            && name(folder) == "config"
            && context
                .files
                .is_file(&join(directory(folder), "package.json"))
        {
            report(context, found, path, "It");
        }
    }
}
