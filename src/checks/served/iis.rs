//! IIS that is told a type for files which it would not send.

use std::collections::BTreeMap;

use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Reason, Severity};
use crate::site::{Directive, Software, UrlVerdict, Verdict, Want};

pub(in crate::checks) static CHECK: Check = Check {
    id: "iis-mime-type",
    code: "IIS-001",
    title: "IIS sends files that it would keep to itself",
    description: "IIS sends no file of a type that it does not know, .env, logs and dumps among them. A MIME type for \
                  such an extension, for names without one, or for all, takes that away, and what version control \
                  leaves is then sent as well.",
    severity: Severity::High,
    cwe: &[219, 538],
    fix: "Remove the MIME type, or give it in the one directory that needs it, and add `.env` and `.git` to \
          `hiddenSegments`.",
    references: &[
        "https://learn.microsoft.com/en-us/iis/configuration/system.webserver/staticcontent/mimemap",
        "https://learn.microsoft.com/en-us/iis/configuration/system.webServer/security/requestFiltering/hiddenSegments/",
    ],
    wants: &[
        Want::name("web.config"),
        Want::start(".env"),
        Want::name(".git"),
    ],
    run,
};

/// Types for these let everything out, whether it is there by now or not.
const WIDE: &[&str] = &["fileExtension=.*", "fileExtension=*", "fileExtension=.env"];

fn run(context: &Context<'_>, found: &mut Findings) {
    let mut let_out: BTreeMap<Reason, Vec<String>> = BTreeMap::new();
    let of_git = context
        .index
        .named(".git")
        .map(|git| format!("{git}/config"));
    let files = context.credentials.keys().cloned().chain(of_git);
    for file in files {
        let verdict = context.verdict(&file);
        let by_iis = |url: &&UrlVerdict| {
            url.server == Software::Iis.word() && url.verdict == Verdict::Served
        };
        let urls = verdict.urls.iter().filter(by_iis);
        let mut reasons = urls.flat_map(|url| &url.because);
        if let Some(at) = reasons.find(|reason| reason.directive.starts_with("<mimeMap ")) {
            let_out.entry(at.clone()).or_default().push(file);
        }
    }
    for (at, files) in &let_out {
        let (Some(file), Some(first)) = (&at.file, files.first()) else {
            continue;
        };
        let message = match files.len() {
            1 => format!("It makes IIS send {first}."),
            more => format!("It makes IIS send {first} and {} more.", more - 1),
        };
        let verdict = context.verdict(first);
        let report = found.report(file, message);
        report.at_line(at.line.unwrap_or(1)).served(&verdict);
        for file in files {
            report.exposing(file);
        }
    }
    for hosted in context.model.servers() {
        if hosted.server.software() != Software::Iis {
            continue;
        }
        for directive in hosted.server.directives() {
            let Some(file) = hosted.mapping.to_tree(&directive.file) else {
                continue;
            };
            let is_known = |reason: &Reason| {
                reason.file.as_ref() == Some(&file) && reason.line == Some(directive.line)
            };
            if is_wide(directive) && !let_out.keys().any(is_known) {
                found
                    .report(
                        &file,
                        "It makes IIS send files that it would keep to itself.",
                    )
                    .at_line(directive.line)
                    .severe(Severity::Low)
                    .sure(Confidence::Medium);
            }
        }
    }
}

fn is_wide(directive: &Directive) -> bool {
    directive.name == "mimeMap"
        && directive
            .args
            .iter()
            .any(|arg| WIDE.iter().any(|wide| arg.eq_ignore_ascii_case(wide)))
}
