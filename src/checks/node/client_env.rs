//! Environment variables that a build puts into what browsers get.

use crate::checks::names::{directory, name};
use crate::checks::{Check, Context, Credential, Findings, secrets};
use crate::finding::{Confidence, Reach, Reason, Severity};
use crate::site::Want;

use super::client_env_config as config;
use super::project::is_secret_name;

pub(in crate::checks) static CHECK: Check = Check {
    id: "node-client-env",
    code: "NODE-003",
    title: "A build puts a credential into what browsers get",
    description: "Bundlers replace variables with a certain prefix by their values, and what they are told to define. \
                  The values then stand in scripts that everyone can read.",
    severity: Severity::Critical,
    cwe: &[200, 522],
    fix: "Call the service from the server and let browsers ask the server; take the prefix away, or the entry out of \
          the bundler's configuration, build anew, and change the credential.",
    references: &[
        "https://vite.dev/guide/env-and-mode.html#env-variables",
        "https://nextjs.org/docs/app/guides/environment-variables#bundling-environment-variables-for-the-browser",
        "https://webpack.js.org/plugins/define-plugin/",
        "https://nuxt.com/docs/4.x/guide/going-further/runtime-config",
    ],
    wants: &[
        Want::start(".env"),
        Want::start("vite.config."),
        Want::start("astro.config."),
        Want::start("esbuild."),
        Want::start("webpack."),
        Want::start("vue.config."),
        Want::start("craco.config."),
        Want::start("rspack.config."),
        Want::start("gatsby-node."),
        Want::start("rollup.config."),
        Want::start("app.config."),
        Want::start("next.config."),
        Want::start("nuxt.config."),
    ],
    run,
};

/// Prefixes by which variables get into scripts for browsers, with whose they are.
const PREFIXES: &[(&str, &str)] = &[
    ("NEXT_PUBLIC_", "Next.js"),
    ("VITE_", "Vite"),
    ("REACT_APP_", "Create React App"),
    ("NUXT_PUBLIC_", "Nuxt"),
    ("NUXT_ENV_", "Nuxt 2"),
    ("GATSBY_", "Gatsby"),
    ("EXPO_PUBLIC_", "Expo"),
    ("VUE_APP_", "Vue CLI"),
    ("PUBLIC_", "SvelteKit and Astro"),
    ("NG_APP_", "@ngx-env/builder"),
    ("STORYBOOK_", "Storybook"),
    ("SNOWPACK_PUBLIC_", "Snowpack"),
    ("MIX_", "Laravel Mix"),
];

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context
        .index
        .starting(".env")
        .filter(|path| !context.is_aside(path))
    {
        if let Some(text) = context.files.text(path) {
            environment(context, found, path, &text);
        }
    }
    config::run(context, found);
}

/// `NAME=value` of a line.
struct Variable<'t> {
    name: &'t str,
    value: &'t str,
    line: u32,
}

fn variables(text: &str) -> Vec<Variable<'_>> {
    let lines = (1..).zip(text.lines());
    let pairs = lines.filter_map(|(line, text)| {
        let text = text.trim();
        let (name, value) = text
            .strip_prefix("export ")
            .unwrap_or(text)
            .split_once('=')?;
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        name.trim().bytes().all(is_name).then_some(Variable {
            name: name.trim(),
            value: value.trim(),
            line,
        })
    });
    pairs.collect()
}

fn environment(context: &Context<'_>, found: &mut Findings, path: &str, text: &str) {
    let variables = variables(text);
    for variable in &variables {
        let Some((_, whose)) = PREFIXES
            .iter()
            .find(|(prefix, _)| variable.name.starts_with(prefix))
        else {
            continue;
        };
        let mut here = secrets::on_lines(context, path, &(variable.line..=variable.line));
        if is_made_public(variable.name) {
            here.retain(|credential| !is_by_name(credential));
        }
        if let Some(worst) = secrets::worst(&here) {
            let message = format!("{whose} puts {} into what browsers get.", variable.name);
            let exposure = found.report(path, message);
            exposure
                .at_line(variable.line)
                .severe(of_browser(worst))
                .reaching(Reach::Published);
            // Only if all of the file gets out by it, the file does.
            if here.len() == secrets::all_of(context, path).len() {
                exposure.exposing(path);
            }
            continue;
        }
        for named in references(variable.value) {
            let target = variables.iter().find(|other| other.name == named);
            reference(context, found, path, variable, (named, target, whose));
        }
    }
}

/// Whether a name says that its value is the half that browsers send.
fn is_made_public(name: &str) -> bool {
    const MARKS: &[&str] = &[
        "ANON_KEY",
        "ANON_TOKEN",
        "PUBLISHABLE",
        "PUBLIC_KEY",
        "SITE_KEY",
        "SITEKEY",
        "CLIENT_ID",
        "SENTRY_DSN",
    ];
    MARKS.iter().any(|mark| name.contains(mark))
}

/// Whether a credential was told by its name, or by a shape that public values have as well.
fn is_by_name(credential: &Credential) -> bool {
    credential.rule.starts_with("generic-") || credential.rule == "json-web-token"
}

/// In a browser, a credential is everybody's.
fn of_browser(worst: Severity) -> Severity {
    if worst >= Severity::High {
        Severity::Critical
    } else {
        worst
    }
}

/// `VITE_KEY="${MAILGUN_SECRET}"`.
fn reference(
    context: &Context<'_>,
    found: &mut Findings,
    path: &str,
    variable: &Variable<'_>,
    (named, target, whose): (&str, Option<&Variable<'_>>, &str),
) {
    let here = target.map_or_else(Vec::new, |target| {
        secrets::on_lines(context, path, &(target.line..=target.line))
    });
    let worst = secrets::worst(&here);
    if worst.is_none() && !is_secret_name(named) {
        return;
    }
    let message = format!(
        "{whose} puts {} into what browsers get, and it takes {named}.",
        variable.name
    );
    let exposure = found.report(path, message);
    exposure
        .at_line(variable.line)
        .severe(worst.map_or(Severity::High, of_browser));
    if worst.is_none() {
        exposure.sure(Confidence::Medium);
    }
    if let Some(target) = target {
        exposure.because(Reason::at(path, target.line, named));
    }
    if !here.is_empty() && here.len() == secrets::all_of(context, path).len() {
        exposure.exposing(path).reaching(Reach::Published);
    }
}

/// The names in `${NAME}` and `$NAME`.
fn references(value: &str) -> Vec<&str> {
    if value.starts_with('\'') {
        return Vec::new();
    }
    let parts = value.split('$').skip(1);
    let names = parts.map(|part| {
        let part = part.strip_prefix('{').unwrap_or(part);
        let end = part.find(|char: char| !char.is_ascii_alphanumeric() && char != '_');
        &part[..end.unwrap_or(part.len())]
    });
    names.filter(|name| !name.is_empty()).collect()
}

/// The variables of the environment files beside a configuration that hold credentials.
pub(super) fn secret_variables(context: &Context<'_>, config: &str) -> Vec<String> {
    let mut names = Vec::new();
    for path in context.index.starting(".env") {
        if directory(path) != directory(config) || name(path).contains("example") {
            continue;
        }
        let text = context.files.text(path).unwrap_or_default();
        for variable in variables(&text) {
            if !secrets::on_lines(context, path, &(variable.line..=variable.line)).is_empty() {
                names.push(variable.name.to_owned());
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_found_where_they_are_put_in() {
        assert_eq!(references("\"${A}-$B\""), ["A", "B"]);
        assert_eq!(references("${A:-x}"), ["A"]);
        assert!(references("'${A}'").is_empty() && references("a$").is_empty());
    }

    #[test]
    fn names_of_secrets_are_told() {
        for name in [
            "MAILGUN_SECRET",
            "MAIL_PASSWORD",
            "MAILGUN_API_KEY",
            "JWT_PRIVATE_KEY",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "PUSHER_APP_KEY",
            "APP_NAME",
            "MAILGUN_PUBLIC_KEY",
            "MAILGUN_DOMAIN",
            "KEYCLOAK_URL",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }
}
