//! Pages that are written with the environment in them.

use crate::checks::{Check, Context, Findings};
use crate::finding::{Reach, Severity};
use crate::site::Want;
use crate::site::lex::js::{Kind, Script};

use super::project::{env_files, is_environment, names_environment, root_of, scripts};

pub(in crate::checks) static CHECK: Check = Check {
    id: "node-template-env",
    code: "NODE-014",
    title: "A page holds the environment",
    description: "What a page is written with stands in its source, also what it shows nowhere. Next.js puts the \
                  properties of a page into __NEXT_DATA__.",
    severity: Severity::Medium,
    cwe: &[200, 497],
    fix: "Give the page the few settings that it needs, each by its name.",
    references: &[
        "https://nextjs.org/docs/pages/building-your-application/data-fetching/get-server-side-props",
        "https://cwe.mitre.org/data/definitions/497.html",
    ],
    wants: &[
        Want::text(".ejs", "process.env"),
        Want::text(".pug", "process.env"),
        Want::text(".hbs", "process.env"),
        Want::text(".njk", "process.env"),
        Want::text("js", "process.env"),
        Want::text("ts", "process.env"),
        Want::text("sx", "process.env"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for end in [".ejs", ".pug", ".hbs", ".njk"] {
        for path in context
            .index
            .holding(end, "process.env")
            .filter(|path| !context.is_aside(path))
        {
            let text = context.files.text(path).unwrap_or_default();
            let line = (1..).zip(text.lines()).find(|(_, line)| writes_all(line));
            if let Some((line, _)) = line {
                report(context, found, path, line);
            }
        }
    }
    for path in scripts(context, "process.env") {
        let text = context.files.text(path);
        let Some(text) = text.filter(|text| names_environment(text)) else {
            continue;
        };
        let script = Script::new(&text);
        let in_page = (0..script.tokens().len())
            .find(|&at| is_in_page(&script, at) || is_property(&script, at));
        if let Some(at) = in_page {
            report(context, found, path, script.line(at));
        }
    }
}

fn report(context: &Context<'_>, found: &mut Findings, path: &str, line: u32) {
    let exposure = found.report(path, "The whole environment is written into a page.");
    exposure.at_line(line);
    for file in env_files(context, &root_of(context, path)) {
        exposure
            .severe(Severity::High)
            .exposing(file)
            .reaching(Reach::Likely);
    }
}

/// `JSON.stringify(process.env)` in the code of a template.
fn writes_all(line: &str) -> bool {
    let parts: Vec<&str> = line.split("process.env").collect();
    parts.windows(2).any(|pair| {
        let before = pair[0].trim_end();
        let is_written = before.ends_with("JSON.stringify(")
            || before.ends_with("<%-")
            || before.ends_with("!=");
        let is_whole = !pair[1].starts_with(['.', '[', '?']);
        is_written && is_whole
    })
}

/// A template of a page with `${JSON.stringify(process.env)}` in it.
fn is_in_page(script: &Script<'_>, at: usize) -> bool {
    let starts = matches!(script.kind(at), Kind::TemplateHead | Kind::TemplateMiddle);
    let Some(end) = script.mate(at).filter(|&end| starts && end > at) else {
        return false;
    };
    let text = script.word(at);
    let is_page = ["<script", "window.", "</", "<html"]
        .iter()
        .any(|mark| text.contains(mark));
    is_page && is_environment(script, &(at + 1..end))
}

/// `props: { env: process.env }`.
fn is_property(script: &Script<'_>, at: usize) -> bool {
    if !script.is_word(at, "props") || !script.is(at + 1, ":") || !script.is(at + 2, "{") {
        return false;
    }
    let entries = script.entries(&script.expression(at + 2));
    entries
        .iter()
        .any(|entry| is_environment(script, &entry.value))
}
