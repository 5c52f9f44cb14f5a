//! One credential or one misconfiguration.

use std::io::{self, Write};

use super::markup::{escaped, line, link, marked};
use super::paths;
use crate::finding::{Excerpt, Exposure, Occurrence, Reach, Severity, Suppression};
use crate::report::clean::{Clean, Shown};

/// Of the places of a credential this many are shown with their lines.
const EXCERPTS: usize = 3;
/// And this many are named.
const NAMED: usize = 200;

struct Head<'h> {
    severity: Severity,
    reach: Reach,
    title: &'h str,
    rule: &'h str,
    place: String,
}

pub(super) fn finding(
    finding: &Shown<'_>,
    report: &Clean<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let place = finding.primary().map(|first| place(first, report));
    let head = Head {
        severity: finding.severity,
        reach: finding.reach,
        title: finding.title,
        rule: finding.rule,
        place: place.unwrap_or_default(),
    };
    open(&head, out)?;
    suppression(finding.suppressed.as_ref(), out)?;
    writeln!(
        out,
        "<p><code>{}</code> <span class=\"dim\">confidence {}, fingerprint <code>{}</code></span></p>",
        escaped(&finding.mask),
        finding.confidence.word(),
        escaped(&finding.fingerprint)
    )?;
    for attribute in &finding.attributes {
        writeln!(
            out,
            "<p>{}: <code>{}</code></p>",
            escaped(&attribute.name),
            escaped(&attribute.value)
        )?;
    }
    paths::ways(&finding.ways, out)?;
    places(&finding.occurrences, report, out)?;
    if let Some((_, rule)) = finding.definition {
        writeln!(
            out,
            "<h4>What to do</h4>\n<p>{}</p>",
            escaped(&rule.rotate.summary)
        )?;
        list(
            "ol",
            rule.rotate.steps.iter().map(|step| escaped(step)),
            out,
        )?;
        let urls = rule.rotate.urls.iter().chain(&rule.references);
        list("ul", urls.map(|url| link(url)), out)?;
    }
    close(out)
}

pub(super) fn exposure(
    exposure: &Exposure,
    report: &Clean<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let file = report.relative(&exposure.file);
    let head = Head {
        severity: exposure.severity,
        reach: exposure.reach,
        title: &exposure.title,
        rule: &exposure.check,
        place: match exposure.line {
            Some(line) => format!("{file}:{line}"),
            None => file.to_owned(),
        },
    };
    open(&head, out)?;
    suppression(exposure.suppressed.as_ref(), out)?;
    writeln!(out, "<p>{}</p>", escaped(&exposure.message))?;
    if !exposure.because.is_empty() {
        writeln!(out, "<h4>Why</h4>")?;
        let ends: Vec<&str> = exposure.urls.iter().take(1).map(String::as_str).collect();
        paths::path(&exposure.because, &ends, out)?;
    }
    let code = |text: &String| format!("<code>{}</code>", escaped(text));
    if !exposure.urls.is_empty() {
        writeln!(out, "<h4>What to ask for to see it</h4>")?;
        list("ul", exposure.urls.iter().map(code), out)?;
    }
    if !exposure.exposes.is_empty() {
        writeln!(out, "<h4>Whose credentials get out by it</h4>")?;
        list("ul", exposure.exposes.iter().map(code), out)?;
    }
    if let Some((_, check)) = report.check(exposure) {
        writeln!(out, "<h4>What to do</h4>\n<p>{}</p>", escaped(&check.fix))?;
        list("ul", check.references.iter().map(|url| link(url)), out)?;
    }
    close(out)
}

fn open(head: &Head<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (severity, reach) = (head.severity.word(), head.reach.word());
    writeln!(
        out,
        "<article class=\"item\" data-severity=\"{severity}\" data-reach=\"{reach}\">\n<details{}>\n<summary>\
         <span class=\"tag {severity}\">{severity}</span><h3>{}</h3><code>{}</code>\
         <span class=\"tag {}\">{reach}</span></summary>\n<p class=\"dim\">{}</p>",
        // What can be had from outside is seen without a click.
        if head.reach.is_out() { " open" } else { "" },
        escaped(head.title),
        escaped(&head.place),
        paths::class(head.reach),
        escaped(head.rule)
    )
}

fn close(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "</details>\n</article>")
}

fn suppression(suppression: Option<&Suppression>, out: &mut dyn Write) -> io::Result<()> {
    match suppression {
        Some(by) => writeln!(out, "<p>Not counted: {}</p>", escaped(&by.words())),
        None => Ok(()),
    }
}

fn places(places: &[Occurrence], report: &Clean<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<h4>Where it stands</h4>")?;
    let (shown, named) = places.split_at(places.len().min(EXCERPTS));
    for occurrence in shown {
        let decoders = occurrence.decoders.iter().map(|decoder| decoder.word());
        let decoders: Vec<&str> = decoders.collect();
        let decoded = if decoders.is_empty() {
            String::new()
        } else {
            format!(", decoded from {}", decoders.join(", "))
        };
        writeln!(
            out,
            "<p><code>{}</code> <span class=\"dim\">git: {}{decoded}</span></p>",
            escaped(&place(occurrence, report)),
            occurrence.git.word()
        )?;
        excerpt(&occurrence.excerpt, out)?;
    }
    let more = named.iter().take(NAMED);
    list(
        "ul",
        more.map(|at| format!("<code>{}</code>", escaped(&place(at, report)))),
        out,
    )?;
    if named.len() > NAMED {
        writeln!(out, "<p>and {} more</p>", named.len() - NAMED)?;
    }
    Ok(())
}

fn place(occurrence: &Occurrence, report: &Clean<'_>) -> String {
    let at = &occurrence.location;
    format!(
        "{}:{}:{}",
        report.relative(&at.path),
        at.start.line,
        at.start.column
    )
}

fn excerpt(excerpt: &Excerpt, out: &mut dyn Write) -> io::Result<()> {
    let number = |index: usize| excerpt.first_line + index as u64;
    let width = number(excerpt.lines.len()).to_string().len();
    let lines = excerpt.lines.iter().enumerate().map(|(index, text)| {
        let text = if index == excerpt.marked_line {
            marked(text, excerpt.mark_start, excerpt.mark_len)
        } else {
            line(text)
        };
        format!(
            "<span class=\"n\">{:>width$} | </span>{text}",
            number(index)
        )
    });
    writeln!(out, "<pre>{}</pre>", lines.collect::<Vec<_>>().join("\n"))
}

fn list(tag: &str, entries: impl Iterator<Item = String>, out: &mut dyn Write) -> io::Result<()> {
    let mut entries = entries.peekable();
    if entries.peek().is_none() {
        return Ok(());
    }
    writeln!(out, "<{tag}>")?;
    for entry in entries {
        writeln!(out, "<li>{entry}</li>")?;
    }
    writeln!(out, "</{tag}>")
}
