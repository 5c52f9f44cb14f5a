//! What bundlers are told to put into scripts for browsers.

use crate::checks::names::{directory, name};
use crate::checks::{Context, Findings, secrets};
use crate::finding::{Confidence, Exposure, Reach, Severity};
use crate::site::lex::js::{Expr, Script};

use super::client_env::secret_variables;
use super::project::{env_files, is_environment, is_secret_name};

/// Looks at one configuration.
type Look = fn(&mut Config<'_, '_>);

/// Whose configuration a file is, by its name, and what is looked for in it.
const CONFIGS: &[(&str, Look)] = &[
    ("vite.config.", vite),
    ("astro.config.", vite),
    ("esbuild.", vite),
    ("webpack.", webpack),
    ("vue.config.", webpack),
    ("craco.config.", webpack),
    ("rspack.config.", webpack),
    ("gatsby-node.", webpack),
    ("rollup.config.", rollup),
    ("next.config.", next),
    ("nuxt.config.", nuxt),
    ("app.config.", expo),
];

struct Config<'r, 'c> {
    context: &'r Context<'c>,
    found: &'r mut Findings,
    path: &'r str,
    script: &'r Script<'r>,
}

pub(super) fn run(context: &Context<'_>, found: &mut Findings) {
    for (start, look) in CONFIGS {
        let paths: Vec<&str> = context.index.starting(start).collect();
        for path in paths.into_iter().filter(|path| !context.is_aside(path)) {
            let is_script = ["js", "ts"].iter().any(|end| name(path).ends_with(end));
            let Some(text) = context.files.text(path).filter(|_| is_script) else {
                continue;
            };
            let script = Script::new(&text);
            look(&mut Config {
                context,
                found,
                path,
                script: &script,
            });
        }
    }
}

impl Config<'_, '_> {
    /// The values of a key, wherever in the file it stands in an object.
    fn values_of(&self, key: &str) -> Vec<(usize, Expr)> {
        let script = self.script;
        let is_key = |at: &usize| {
            let is_named =
                script.word(*at) == key || script.text_at(*at).is_some_and(|text| text == key);
            let follows = at.checked_sub(1);
            let starts =
                follows.is_some_and(|before| script.is(before, "{") || script.is(before, ","));
            is_named && starts && script.is(at + 1, ":")
        };
        let keys = (0..script.tokens().len()).filter(is_key);
        keys.map(|at| (at, script.expression(at + 2))).collect()
    }

    fn report(&mut self, line: u32, message: String) -> &mut Exposure {
        self.found.report(self.path, message).at_line(line)
    }

    /// The whole environment gets into the bundle.
    fn whole(&mut self, line: u32, what: &str) {
        let files = env_files(self.context, directory(self.path));
        let exposure = self.report(
            line,
            format!("{what} puts the whole environment into what browsers get."),
        );
        if files.is_empty() {
            exposure.severe(Severity::High).sure(Confidence::Medium);
        }
        for file in files {
            exposure.exposing(file).reaching(Reach::Published);
        }
    }

    /// Entries whose values are secrets: `{KEY: process.env.MAILGUN_API_KEY}`.
    fn entries(&mut self, object: &Expr, what: &str) {
        let known = secret_variables(self.context, self.path);
        for entry in self.script.entries(object) {
            if entry.is_spread && self.script.is_chain(&entry.value, "process.env") {
                self.whole(entry.line, what);
                continue;
            }
            let Some(key) = entry.key else { continue };
            let source = self.script.source(&entry.value);
            let variable = source.split("process.env.").nth(1).map(|rest| {
                let end = rest.find(|char: char| !char.is_ascii_alphanumeric() && char != '_');
                &rest[..end.unwrap_or(rest.len())]
            });
            let is_known =
                variable.is_some_and(|variable| known.iter().any(|known| known == variable));
            let is_named = variable.is_some_and(is_secret_name);
            let literals = secrets::on_lines(self.context, self.path, &(entry.line..=entry.line));
            if !literals.is_empty() || is_known || is_named {
                let exposure = self.report(
                    entry.line,
                    format!("{what} puts {key} into what browsers get."),
                );
                if !literals.is_empty() {
                    let path = exposure.file.clone();
                    exposure.exposing(&path).reaching(Reach::Published);
                } else if !is_known {
                    exposure.severe(Severity::High).sure(Confidence::Medium);
                }
            }
        }
    }

    fn defines(&mut self, object: &Expr, what: &str) {
        for entry in self.script.entries(object) {
            let is_whole = entry.key.as_deref().is_some_and(|key| {
                matches!(
                    key,
                    "process.env" | "import.meta.env" | "process" | "__ENV__" | "window.env"
                )
            });
            if is_environment(self.script, &entry.value)
                || (is_whole && self.is_loaded(&entry.value))
            {
                self.whole(entry.line, what);
            }
        }
        self.entries(object, what);
    }

    /// `loadEnv(mode, directory, '')`, which gives all variables, whatever their prefix.
    fn is_loaded(&self, expr: &Expr) -> bool {
        let script = self.script;
        let inner = script
            .as_call(expr)
            .filter(|call| call.callee == "JSON.stringify");
        let inner = inner.and_then(|call| script.args(&call).into_iter().next());
        let expr = inner.unwrap_or_else(|| expr.clone());
        let value = script.constant(script.source(&expr)).unwrap_or(expr);
        let call = script
            .as_call(&value)
            .filter(|call| call.callee.ends_with("loadEnv"));
        call.is_some_and(|call| {
            let args = script.args(&call);
            args.get(2)
                .and_then(|prefix| script.text(prefix))
                .is_some_and(|prefix| prefix.is_empty())
        })
    }
}

fn vite(config: &mut Config<'_, '_>) {
    let known = secret_variables(config.context, config.path);
    for (at, value) in config.values_of("envPrefix") {
        let script = config.script;
        let items = script.items(&value);
        let items = if items.is_empty() { vec![value] } else { items };
        let prefixes: Vec<String> = items.iter().filter_map(|item| script.text(item)).collect();
        let line = script.line(at);
        for prefix in &prefixes {
            // Vite takes no empty prefix: <https://vite.dev/config/shared-options.html#envprefix>.
            let taken: Vec<&String> = known
                .iter()
                .filter(|name| name.starts_with(prefix.as_str()))
                .collect();
            if let Some(first) = taken.first().filter(|_| !prefix.is_empty()) {
                config.report(
                    line,
                    format!("The prefix {prefix} puts {first} into what browsers get."),
                );
            }
        }
    }
    for (_, value) in config.values_of("define") {
        config.defines(&value, "define");
    }
}

fn webpack(config: &mut Config<'_, '_>) {
    let script = config.script;
    for call in script.calls().filter(|call| call.is_new) {
        let args = script.args(&call);
        let Some(first) = args.first() else { continue };
        match call.callee.rsplit('.').next().unwrap_or_default() {
            "DefinePlugin" => config.defines(first, "DefinePlugin"),
            "EnvironmentPlugin" if script.is_chain(first, "process.env") => {
                config.whole(call.line, "EnvironmentPlugin");
            }
            "EnvironmentPlugin" => environment_plugin(config, first, call.line),
            "Dotenv" | "dotenv-webpack" => dotenv(config, first, call.line),
            _ => {}
        }
    }
}

fn environment_plugin(config: &mut Config<'_, '_>, list: &Expr, line: u32) {
    let script = config.script;
    let known = secret_variables(config.context, config.path);
    let names = script
        .items(list)
        .into_iter()
        .filter_map(|item| script.text(&item));
    let keys = script
        .entries(list)
        .into_iter()
        .filter_map(|entry| entry.key);
    for name in names.chain(keys) {
        let is_known = known.contains(&name);
        if is_known || is_secret_name(&name) {
            let exposure = config.report(
                line,
                format!("EnvironmentPlugin puts {name} into what browsers get."),
            );
            if !is_known {
                exposure.severe(Severity::High).sure(Confidence::Medium);
            }
        }
    }
}

/// The plugin puts in only what the code names: <https://github.com/mrsteele/dotenv-webpack#readme>.
fn dotenv(config: &mut Config<'_, '_>, options: &Expr, line: u32) {
    let value = config.script.entry_of(options, "systemvars");
    if value.is_some_and(|value| config.script.source(&value) == "true") {
        let message = "dotenv-webpack puts any variable of the build machine that the code names into what browsers get.";
        config
            .report(line, message.to_owned())
            .severe(Severity::Low)
            .sure(Confidence::Medium);
    }
}

/// <https://github.com/rollup/plugins/tree/master/packages/replace>.
fn rollup(config: &mut Config<'_, '_>) {
    let script = config.script;
    // An imported function has its module's name.
    let is_plugin = |callee: &str| callee == "replace" || callee.ends_with("plugin-replace");
    for call in script.calls().filter(|call| is_plugin(&call.callee)) {
        for options in script.args(&call).into_iter().take(1) {
            let values = script.entry_of(&options, "values");
            config.defines(&options, "replace");
            if let Some(values) = values {
                config.defines(&values, "replace");
            }
        }
    }
}

/// What is extra goes into the application that is installed:
/// <https://docs.expo.dev/versions/latest/config/app/#extra>.
fn expo(config: &mut Config<'_, '_>) {
    for (_, value) in config.values_of("extra") {
        config.entries(&value, "extra");
    }
}

fn next(config: &mut Config<'_, '_>) {
    for key in ["env", "publicRuntimeConfig"] {
        for (at, value) in config.values_of(key) {
            if is_environment(config.script, &value) {
                let line = config.script.line(at);
                config.whole(line, key);
            }
            config.entries(&value, key);
        }
    }
}

fn nuxt(config: &mut Config<'_, '_>) {
    for key in ["env", "publicRuntimeConfig", "public"] {
        for (at, value) in config.values_of(key) {
            if is_environment(config.script, &value) {
                let line = config.script.line(at);
                config.whole(line, key);
            }
            config.entries(&value, key);
        }
    }
}
