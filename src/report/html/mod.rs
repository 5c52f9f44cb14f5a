//! One page that needs nothing beside it: all of it is there with scripts blocked, and with scripts it can be filtered.
//!
//! Its policy lets no script and no style run but those of this page, and nothing be fetched: a report is shown where
//! the files that it is of come from anyone.

mod item;
mod markup;
mod paths;
mod tables;

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use self::markup::escaped;
use super::clean::Clean;
use super::human::text::counted;
use crate::finding::{Reach, Severity};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

pub(super) fn write(report: &Clean<'_>, out: &mut dyn Write) -> io::Result<()> {
    write_head(out)?;
    write_verdict(report, out)?;
    if report.total() > 0 {
        write_filters(report, out)?;
    }
    section("Credentials", report.findings.len(), out)?;
    for finding in &report.findings {
        item::finding(finding, report, out)?;
    }
    section(
        "Misconfigurations and leftovers",
        report.exposures.len(),
        out,
    )?;
    for exposure in &report.exposures {
        item::exposure(exposure, report, out)?;
    }
    let suppressed = report.suppressed.len() + report.suppressed_exposures.len();
    section("Not counted", suppressed, out)?;
    for finding in &report.suppressed {
        item::finding(finding, report, out)?;
    }
    for exposure in &report.suppressed_exposures {
        item::exposure(exposure, report, out)?;
    }
    tables::write(report, out)?;
    writeln!(out, "<script>{SCRIPT}</script>\n</body>\n</html>")
}

fn write_head(out: &mut dyn Write) -> io::Result<()> {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    );
    writeln!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"robots\" content=\"noindex\">\n\
         <title>spillcheck report</title>\n<style>{STYLE}</style>\n</head>\n<body>"
    )
}

fn write_verdict(report: &Clean<'_>, out: &mut dyn Write) -> io::Result<()> {
    let paths: Vec<&str> = report
        .runs
        .iter()
        .flat_map(|run| run.paths.iter().map(String::as_str))
        .collect();
    writeln!(
        out,
        "<header>\n<h1>spillcheck report</h1>\n<p class=\"dim\">of <code>{}</code></p>",
        escaped(&paths.join(" "))
    )?;
    if report.coverage.files == 0 {
        writeln!(
            out,
            "<p class=\"warning\"><strong>Nothing was scanned.</strong> This says nothing about whether credentials \
             leak.</p>"
        )?;
    } else if !report.is_complete() {
        writeln!(
            out,
            "<p class=\"warning\"><strong>Coverage is incomplete.</strong> Something could not be read to the end; what \
             is there is not known. <a href=\"#coverage\">What was not read</a></p>"
        )?;
    }
    if report.total() == 0 {
        let (class, so_far) = if report.is_complete() {
            ("verdict good", "No findings.")
        } else {
            ("verdict", "No findings in what was read.")
        };
        writeln!(out, "<p class=\"{class}\">{so_far}</p>")?;
    } else {
        let total = counted(report.total() as u64, "finding");
        let is_out = report
            .findings
            .iter()
            .filter(|finding| finding.reach.is_out());
        let is_out = match is_out.count() {
            0 => String::new(),
            1 => ": <strong class=\"out\">1 credential can be had from outside</strong>".to_owned(),
            count => format!(
                ": <strong class=\"out\">{count} credentials can be had from outside</strong>"
            ),
        };
        writeln!(
            out,
            "<p class=\"verdict\">{total}{is_out}.</p>\n<ul class=\"counts\">"
        )?;
        for &severity in Severity::ALL.iter().rev() {
            let word = severity.word();
            let count = report.count(severity);
            if count > 0 {
                writeln!(out, "<li class=\"tag {word}\">{count} {word}</li>")?;
            }
        }
        writeln!(out, "</ul>")?;
    }
    writeln!(out, "</header>")
}

/// Shown by the script alone: without it they would do nothing.
fn write_filters(report: &Clean<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<form id=\"filters\" hidden>\n\
         <input type=\"search\" name=\"text\" placeholder=\"Find in rule, file, text\" aria-label=\"Find\">"
    )?;
    for &severity in Severity::ALL.iter().rev() {
        if report.count(severity) > 0 {
            let word = severity.word();
            writeln!(
                out,
                "<label class=\"{word}\"><input type=\"checkbox\" name=\"severity\" value=\"{word}\" checked> {word}</label>"
            )?;
        }
    }
    writeln!(
        out,
        "<select name=\"reach\" aria-label=\"Reach\">\n<option value=\"\">any reach</option>"
    )?;
    let mut reaches: Vec<Reach> = report
        .findings
        .iter()
        .map(|finding| finding.reach)
        .collect();
    reaches.extend(report.exposures.iter().map(|exposure| exposure.reach));
    reaches.sort();
    reaches.dedup();
    for reach in reaches.iter().rev() {
        let word = reach.word();
        writeln!(out, "<option value=\"{word}\">{word}</option>")?;
    }
    writeln!(
        out,
        "</select>\n<button type=\"button\" name=\"unfold\">Unfold or fold</button>\n\
         <output id=\"shown\" class=\"dim\"></output>\n</form>"
    )
}

fn section(title: &str, count: usize, out: &mut dyn Write) -> io::Result<()> {
    if count == 0 {
        return Ok(());
    }
    writeln!(out, "<h2>{title} <span class=\"dim\">({count})</span></h2>")
}

#[cfg(test)]
mod tests;
