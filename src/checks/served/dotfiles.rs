//! Middleware that is told to send what it would hide.

use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Severity};
use crate::site::{Mapped, Request, Software, Verdict, Want};

pub(in crate::checks) static CHECK: Check = Check {
    id: "node-dotfiles",
    code: "NODE-002",
    title: "A static middleware sends files whose names start with a dot",
    description: "Express and koa-static ignore files such as .env by default; here an option allows them. \
                  @fastify/static and serve-handler send them unless they are told otherwise.",
    severity: Severity::High,
    cwe: &[219, 538],
    fix: "Leave the option out, or set `dotfiles: 'ignore'`; serve `.well-known` as a directory of its own.",
    references: &[
        "https://expressjs.com/en/resources/middleware/serve-static.html",
        "https://github.com/fastify/fastify-static#dotfiles",
    ],
    wants: &[Want::start(".env")],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for hosted in context.model.servers() {
        let Software::Middleware(product) = hosted.server.software() else {
            continue;
        };
        for host in hosted.server.hosts() {
            let root = host.root.iter().map(|directory| ("/", directory));
            let aliases = host
                .aliases
                .iter()
                .map(|(url, directory)| (url.as_str(), directory));
            for (url, directory) in root.chain(aliases) {
                let Some(tree) = hosted.mapping.to_tree(directory) else {
                    continue;
                };
                if tree.ends_with(".well-known") {
                    continue;
                }
                let target = format!("{}/.env", url.trim_end_matches('/'));
                let files = Mapped::new(context.files, &hosted.mapping);
                let answer = hosted.server.answer(0, &Request::of(&target), &files);
                let name = if tree.is_empty() {
                    ".env".to_owned()
                } else {
                    format!("{tree}/.env")
                };
                let Some(at) = answer.because.first() else {
                    continue;
                };
                let is_told = at.directive.contains("dotfiles") || at.directive.contains("hidden");
                let is_served = answer.verdict == Verdict::Served;
                if answer.verdict == Verdict::Denied || (!is_told && !is_served) {
                    continue;
                }
                let file = at.file.clone().unwrap_or_default();
                let report = found.report(
                    &file,
                    format!("{product} sends files whose names start with a dot"),
                );
                report.at_line(at.line.unwrap_or(1)).because(at.clone());
                if is_served && !context.credentials_in(&name).is_empty() {
                    let verdict = context.verdict(&name);
                    report.exposing(&name).served(&verdict);
                } else {
                    // Nothing is lost as long as there is no such file.
                    report.severe(Severity::Low).sure(Confidence::Medium);
                }
            }
        }
    }
}
