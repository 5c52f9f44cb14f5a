//! ASP.NET's error pages and traces.

use crate::checks::names::{is_dockerfile, name};
use crate::checks::{Check, Context, Findings, secrets};
use crate::finding::{Confidence, Severity};
use crate::site::Want;
use crate::site::lex::dockerfile;

pub(in crate::checks) static CHECK: Check = Check {
    id: "aspnet-debug",
    code: "NET-001",
    title: "An ASP.NET application shows its inside",
    description: "Error pages show code, traces and ELMAH's log show requests with their headers and cookies, to \
                  everyone. Files of settings in wwwroot are served as they are.",
    severity: Severity::Medium,
    cwe: &[11, 209, 538],
    fix: "Set customErrors to RemoteOnly, keep traces and ELMAH local, run with ASPNETCORE_ENVIRONMENT=Production, and \
          keep settings out of wwwroot.",
    references: &[
        "https://learn.microsoft.com/en-us/dotnet/api/system.web.configuration.customerrorssection.mode",
        "https://learn.microsoft.com/en-us/aspnet/core/fundamentals/error-handling",
        "https://learn.microsoft.com/en-us/aspnet/core/fundamentals/environments",
    ],
    wants: &[
        Want::name("web.config"),
        Want::start("appsettings"),
        Want::text(".cs", "UseDeveloperExceptionPage"),
        Want::start("dockerfile"),
        Want::start("containerfile"),
        Want::end(".dockerfile"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context
        .own_files()
        .filter(|path| !context.is_for_development(path))
    {
        let lower = name(path).to_ascii_lowercase();
        if lower == "web.config" {
            web_config(context, found, path);
        } else if lower.starts_with("appsettings") && context.is_in(path, "wwwroot") {
            settings(context, found, path);
        } else if is_dockerfile(path) {
            image(context, found, path);
        }
    }
    for path in context
        .index
        .holding(".cs", "UseDeveloperExceptionPage")
        .filter(|path| !context.is_aside(path))
    {
        startup(context, found, path);
    }
}

/// The start tags of an XML file, without comments, with the lines that they start on.
fn tags(text: &str) -> Vec<(u32, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut line = 1;
    let mut counted = 0;
    while let Some(start) = text[at..].find('<').map(|start| at + start) {
        let is_comment = text[start..].starts_with("<!--");
        let end = if is_comment { "-->" } else { ">" };
        let stop = text[start..]
            .find(end)
            .map_or(text.len(), |stop| start + stop + end.len());
        if !is_comment {
            let lines = text[counted..start]
                .bytes()
                .filter(|byte| *byte == b'\n')
                .count();
            line += u32::try_from(lines).unwrap_or(u32::MAX);
            counted = start;
            found.push((line, &text[start..stop]));
        }
        at = stop;
    }
    found
}

/// The value of an attribute of a tag.
fn attribute<'t>(tag: &'t str, wanted: &str) -> Option<&'t str> {
    let mut parts = tag.split('"');
    let mut before = parts.next()?;
    while let (Some(value), Some(next)) = (parts.next(), parts.next()) {
        let attribute = before
            .trim_end()
            .strip_suffix('=')
            .unwrap_or(before)
            .trim_end();
        let attribute = attribute
            .rsplit(char::is_whitespace)
            .next()
            .unwrap_or_default();
        if attribute.eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        before = next;
    }
    None
}

fn web_config(context: &Context<'_>, found: &mut Findings, path: &str) {
    let text = context.files.text(path).unwrap_or_default();
    for (line, tag) in tags(&text) {
        let has = |name: &str, value: &str| {
            attribute(tag, name).is_some_and(|have| have.eq_ignore_ascii_case(value))
        };
        let element = tag
            .trim_start_matches('<')
            .split([' ', '>', '/', '\n', '\r', '\t'])
            .next()
            .unwrap_or_default();
        let (message, severity) = match element {
            "customErrors" if has("mode", "off") => {
                ("Errors are shown to everyone.", Severity::Medium)
            }
            "directoryBrowse" if has("enabled", "true") => (
                "directoryBrowse is on: IIS lists the files of directories.",
                Severity::Medium,
            ),
            "httpErrors" if has("errorMode", "Detailed") => (
                "IIS shows the details of errors to everyone.",
                Severity::Medium,
            ),
            // The transformation for release takes it away in what is published.
            "compilation" if has("debug", "true") => {
                ("The application is compiled for debugging.", Severity::Low)
            }
            "trace" if has("enabled", "true") && has("localOnly", "false") => (
                "Traces of requests are shown to everyone at /trace.axd.",
                Severity::High,
            ),
            "security"
                if has("allowRemoteAccess", "true")
                    || has("allowRemoteAccess", "yes")
                    || has("allowRemoteAccess", "1") =>
            {
                (
                    "ELMAH's log is shown to everyone who may ask for /elmah.axd.",
                    Severity::Medium,
                )
            }
            "environmentVariable"
                if has("name", "ASPNETCORE_ENVIRONMENT") && has("value", "Development") =>
            {
                ("The application runs as in development.", Severity::Medium)
            }
            _ => continue,
        };
        found.report(path, message).at_line(line).severe(severity);
    }
}

fn settings(context: &Context<'_>, found: &mut Findings, path: &str) {
    let all = secrets::all_of(context, path);
    if all.is_empty() {
        return;
    }
    found
        .report(
            path,
            format!("It lies in wwwroot and holds {}.", secrets::names(&all)),
        )
        .severe(Severity::High)
        .sure(Confidence::Medium)
        .served(&context.verdict(path))
        .exposing(path);
}

fn image(context: &Context<'_>, found: &mut Findings, path: &str) {
    let text = context.files.text(path).unwrap_or_default();
    let all = dockerfile::instructions(&text);
    let last = all.last().map_or(0, |last| last.stage);
    for one in all
        .iter()
        .filter(|one| one.name == "ENV" && one.stage == last)
    {
        let args = one.args.replace(['"', '\''], "").replace(' ', "=");
        if args.contains("ASPNETCORE_ENVIRONMENT=Development") {
            found
                .report(path, "The image runs the application as in development.")
                .at_line(one.line);
        }
    }
}

fn startup(context: &Context<'_>, found: &mut Findings, path: &str) {
    let text = context.files.text(path).unwrap_or_default();
    let mut is_guarded = false;
    for (number, line) in (1..).zip(text.lines()) {
        let code = line.split("//").next().unwrap_or_default();
        is_guarded |= code.contains("IsDevelopment")
            || code.contains("IsEnvironment")
            || code.contains("#if DEBUG");
        if code.contains(".UseDeveloperExceptionPage(") && !is_guarded {
            found
                .report(
                    path,
                    "UseDeveloperExceptionPage is called whatever the environment is.",
                )
                .at_line(number);
        }
    }
}
