//! Development servers where an application runs for others.

use std::collections::BTreeSet;

use crate::checks::names::{directory, join};
use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Reach, Reason, Severity};
use crate::site::Want;
use crate::site::lex::js::Script;
use crate::site::packages::Ecosystem;

use super::dev_files;
use super::project::env_files;
use crate::checks::start::{self, Start};

pub(in crate::checks) static CHECK: Check = Check {
    id: "node-dev-server",
    code: "NODE-012",
    title: "A development server runs for others",
    description: "Development servers send sources, maps and errors to everyone, and give files out that a build would \
                  not: Vite has had several faults by which anyone could read any file, .env included, and can be \
                  told to hand every file out.",
    severity: Severity::High,
    cwe: &[489, 538],
    fix: "Build the application, and serve what the build wrote. Leave `server.fs` and `server.allowedHosts` of Vite as \
          they are.",
    references: &[
        "https://vite.dev/guide/static-deploy.html",
        "https://vite.dev/config/server-options.html#server-fs-strict",
        "https://github.com/vitejs/vite/security/advisories/GHSA-x574-m823-4x7w",
    ],
    wants: &Want::both::<{ OWN.len() + start::WANTS.len() }>(OWN, start::WANTS),
    run,
};

const OWN: &[Want] = &[Want::start("vite.config.")];

fn run(context: &Context<'_>, found: &mut Findings) {
    let mut open = BTreeSet::new();
    for start in context.starts() {
        if let Some(server) = server_of(context, start) {
            report(context, found, start, server);
            if server == "Vite" && !start.is_for_development {
                open.insert(directory(&start.file).to_owned());
            }
        }
    }
    dev_files::look(context, found, &open);
}

/// Which development server a command starts for other machines.
fn server_of(context: &Context<'_>, start: &Start) -> Option<&'static str> {
    let words: Vec<&str> = start
        .command
        .split_whitespace()
        .map(|word| word.rsplit("bin/").next().unwrap_or(word))
        .collect();
    let has = |word: &str| words.contains(&word);
    let runs = |program: &str, action: &str| {
        words
            .windows(2)
            .any(|pair| pair[0] == program && pair[1] == action)
    };
    let is_for_all = is_for_all(&words);
    if has("vite")
        && !["build", "preview", "optimize"]
            .iter()
            .any(|action| runs("vite", action))
    {
        return (is_for_all || is_open_by_config(context, start)).then_some("Vite");
    }
    // These two listen on all addresses unless they are told otherwise:
    // <https://nextjs.org/docs/app/api-reference/cli/next>, <https://create-react-app.dev/docs/advanced-configuration/>.
    if runs("next", "dev") {
        return Some("Next.js");
    }
    if runs("react-scripts", "start") {
        return Some("Create React App");
    }
    let others = [
        (runs("nuxt", "dev") || runs("nuxi", "dev"), "Nuxt"),
        (
            runs("webpack", "serve") || has("webpack-dev-server"),
            "webpack-dev-server",
        ),
        (runs("ng", "serve"), "the Angular CLI"),
        (runs("vue-cli-service", "serve"), "Vue CLI"),
        (runs("astro", "dev"), "Astro"),
    ];
    let found = others.into_iter().find(|(runs, _)| *runs)?;
    is_for_all.then_some(found.1)
}

fn is_for_all(words: &[&str]) -> bool {
    (0..words.len()).any(|at| {
        let (option, value) = words[at].split_once('=').map_or_else(
            || (words[at], words.get(at + 1).copied().unwrap_or_default()),
            |(option, value)| (option, value),
        );
        let is_local = matches!(value, "localhost" | "127.0.0.1" | "::1");
        matches!(option, "--host" | "--hostname" | "-H") && !is_local
    })
}

/// `server.host: true` in the configuration beside the file.
fn is_open_by_config(context: &Context<'_>, start: &Start) -> bool {
    let ends = ["js", "ts", "mjs", "mts", "cjs"];
    let configs = ends
        .iter()
        .map(|end| join(directory(&start.file), &format!("vite.config.{end}")));
    let texts = configs.filter_map(|path| context.files.text(&path));
    let mut opens = texts.map(|text| is_open_to_all(&Script::new(&text)));
    opens.any(|opens| opens)
}

/// `host: true`, `host: '0.0.0.0'`.
pub(super) fn is_open_to_all(script: &Script<'_>) -> bool {
    (0..script.tokens().len()).any(|at| {
        let value = script.text_at(at + 2);
        let is_all =
            value.is_some_and(|value| value == "0.0.0.0") || script.is_word(at + 2, "true");
        script.is_word(at, "host") && script.is(at + 1, ":") && is_all
    })
}

fn report(context: &Context<'_>, found: &mut Findings, start: &Start, server: &str) {
    let vite = context.packages().near(&start.file, Ecosystem::Npm, "vite");
    let vite = vite.filter(|_| server == "Vite");
    let faults = vite.map_or_else(Vec::new, |vite| context.advisories.of(vite));
    let mut message = format!("It starts the development server of {server} for other machines.");
    if let (Some(vite), Some(fault)) = (vite, faults.first()) {
        message.push_str(&format!(
            " Version {} has {}: files of the machine can be read.",
            vite.version, fault.id
        ));
    }
    let severity = match (start.is_for_development, faults.is_empty()) {
        (true, _) => Severity::Low,
        (false, true) => Severity::High,
        (false, false) => Severity::Critical,
    };
    let exposure = found.report(&start.file, message);
    exposure.at_line(start.line).severe(severity);
    for (file, line) in &start.scripts {
        exposure.because(Reason::at(file, *line, start.command.clone()));
    }
    if start.is_for_development {
        exposure.sure(Confidence::Medium);
    } else if !faults.is_empty() {
        for file in env_files(context, directory(&start.file)) {
            exposure.exposing(file).reaching(Reach::Likely);
        }
    }
}
