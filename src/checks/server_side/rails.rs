//! What a Rails application keeps secret, and what it shows.

use crate::checks::names::{directory, join, name};
use crate::checks::{Check, Context, Findings, secrets};
use crate::finding::{Confidence, GitState, Severity};
use crate::site::Want;
use crate::site::lex::yaml;

use super::developed;

pub(in crate::checks) static CHECK: Check = Check {
    id: "rails-secrets",
    code: "RB-001",
    title: "A Rails application gives its secrets, or its debug pages, away",
    description: "The master key opens the encrypted credentials. In production, debug pages and the web console show \
                  the application's inside, or run code in it.",
    severity: Severity::High,
    cwe: &[321, 489],
    fix: "Keep the key out of git and take a new one, keep consider_all_requests_local off in production, and keep \
          web-console in the development group.",
    references: &[
        "https://guides.rubyonrails.org/security.html#custom-credentials",
        "https://guides.rubyonrails.org/configuring.html#config-consider-all-requests-local",
        "https://github.com/rails/web-console#readme",
    ],
    wants: &[
        Want::name("master.key"),
        Want::end(".key"),
        Want::name("production.rb"),
        Want::name("gemfile"),
        Want::name("secrets.yml"),
        Want::name("production.log"),
        Want::text(".rb", "authorization_mode"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    started(context, found);
    for path in context.own_files() {
        if context.is_at(path, "config/master.key")
            || (context.is_in(path, "config/credentials") && path.ends_with(".key"))
        {
            key(context, found, path);
        } else if context.is_at(path, "config/environments/production.rb") {
            environment(context, found, path);
        } else if name(path) == "Gemfile" && is_application(context, path) {
            gemfile(context, found, path);
        } else if context.is_at(path, "config/secrets.yml") {
            literals(context, found, path);
        } else if context.index.holds(path, "authorization_mode") {
            profiler(context, found, path);
        } else if context.is_in(path, "public") && name(path) == "production.log" {
            let verdict = context.verdict(path);
            found
                .report(path, "The log lies in the document root.")
                .sure(Confidence::Medium)
                .served(&verdict)
                .exposing(path);
        }
    }
}

/// <https://github.com/MiniProfiler/rack-mini-profiler#configuration-options>: `?pp=env` shows the environment to
/// whoever the profiler answers.
fn profiler(context: &Context<'_>, found: &mut Findings, path: &str) {
    let text = context.files.text(path).unwrap_or_default();
    for (number, line) in (1..).zip(text.lines()) {
        let compact: String = code(line).split_whitespace().collect();
        if compact.ends_with("authorization_mode=:allow_all") {
            found
                .report(
                    path,
                    "rack-mini-profiler answers everyone, and shows the environment at /?pp=env.",
                )
                .at_line(number);
        }
    }
}

/// Rails as developers start it, for other machines.
fn started(context: &Context<'_>, found: &mut Findings) {
    for one in context.starts() {
        if let Some(developed) = developed::rails(context, one) {
            found
                .report(
                    &one.file,
                    "Rails is started in development for other machines: its error pages show requests, sessions and \
                     code, and whatever is for development answers.",
                )
                .at_line(one.line)
                .severe(developed.severity)
                .sure(developed.confidence);
        }
    }
}

fn key(context: &Context<'_>, found: &mut Findings, path: &str) {
    let text = context.files.text(path).unwrap_or_default();
    let is_key =
        text.trim().len() >= 32 && text.trim().bytes().all(|byte| byte.is_ascii_hexdigit());
    let verdict = context.verdict(path);
    let state = (context.git)(path);
    let is_served = verdict.served().is_some();
    if !is_key || (state == GitState::Ignored && !is_served) {
        return;
    }
    let exposure = found.report(
        path,
        "The key of the encrypted credentials is there, and git does not ignore it.",
    );
    exposure.at_line(1).served(&verdict);
    if state != GitState::Tracked && !is_served {
        exposure.severe(Severity::Medium).sure(Confidence::Medium);
    }
}

/// The code of a line, without a comment.
fn code(line: &str) -> &str {
    let end = line.find(" #").unwrap_or(line.len());
    let code = line[..end].trim();
    if code.starts_with('#') { "" } else { code }
}

fn environment(context: &Context<'_>, found: &mut Findings, path: &str) {
    let text = context.files.text(path).unwrap_or_default();
    for (number, line) in (1..).zip(text.lines()) {
        let compact: String = code(line).split_whitespace().collect();
        if compact == "config.consider_all_requests_local=true" {
            found
                .report(path, "Production shows the debug page for every error.")
                .at_line(number);
        }
    }
}

/// Whether a Gemfile is an application's, and not a library's that is developed with it.
fn is_application(context: &Context<'_>, gemfile: &str) -> bool {
    let application = join(directory(gemfile), "config/application.rb");
    context.files.is_file(&application)
}

/// Gems that are for development, outside of their group.
fn gemfile(context: &Context<'_>, found: &mut Findings, path: &str) {
    let text = context.files.text(path).unwrap_or_default();
    // For each open block, whether it is the group's.
    let mut blocks: Vec<bool> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let code = code(line);
        if code == "end" {
            blocks.pop();
        } else if code.ends_with(" do") || code.starts_with("if ") || code.starts_with("unless ") {
            blocks.push(code.contains("group") && !code.contains("production"));
        }
        let is_console =
            code.starts_with("gem 'web-console'") || code.starts_with("gem \"web-console\"");
        let is_grouped =
            blocks.contains(&true) || code.contains("group:") || code.contains("groups:");
        if is_console && !is_grouped {
            found
                .report(path, "web-console is installed in production as well.")
                .at_line(number)
                .severe(Severity::Medium);
        }
    }
}

fn literals(context: &Context<'_>, found: &mut Findings, path: &str) {
    let text = context.files.text(path).unwrap_or_default();
    for leaf in yaml::leaves(&text)
        .iter()
        .filter(|leaf| leaf.is_below(&["production"]))
    {
        let here = secrets::on_lines(context, path, &leaf.lines());
        if !here.is_empty() && !secrets::is_kept_out_of_git(context, path) {
            found
                .report(
                    path,
                    format!("It holds {} of production in clear.", secrets::names(&here)),
                )
                .at_line(leaf.line);
        }
    }
}
