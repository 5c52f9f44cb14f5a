//! One finding in full: headline, place, masked lines with a caret, and what is known.

use std::io;

use anstyle::Style;

use super::style::{Word, paint};
use super::text::{counted, expanded, printable, width, wrapped};
use super::{Page, headline, place};
use crate::finding::{Excerpt, GitState, Occurrence};
use crate::report::clean::Shown;

/// This many places are named beside the first.
const PLACES: usize = 3;

pub(super) struct Block<'f> {
    pub(super) finding: &'f Shown<'f>,
    /// Whether to say how to replace it: once for each rule is enough.
    pub(super) explain: bool,
}

impl Block<'_> {
    pub(super) fn write(&self, page: &mut Page<'_>) -> io::Result<()> {
        writeln!(page.out, "{}", headline(self.finding, page.styles))?;
        let mut gutter = 1;
        if let Some(first) = self.finding.primary() {
            let caret = page.styles.word(Word::of(self.finding.severity));
            gutter = write_excerpt(first, caret, page)?;
        }
        for (label, value) in self.facts() {
            write_fact(gutter, label, &value, page)?;
        }
        writeln!(page.out)
    }

    fn facts(&self) -> Vec<(&str, String)> {
        let finding = self.finding;
        let mut facts = Vec::new();
        if let Some(plain) = &finding.plain {
            facts.push(("secret", printable(plain)));
        }
        facts.extend(self.further_places());
        for attribute in &finding.attributes {
            facts.push((attribute.name.as_str(), attribute.value.clone()));
        }
        let levels = format!("{}, severity {}", finding.confidence, finding.severity);
        facts.push(("confidence", levels));
        if let Some(first) = finding.primary() {
            facts.extend(git_fact(first.git).map(|fact| ("git", fact.to_owned())));
            if !first.decoders.is_empty() {
                let words: Vec<&str> = first.decoders.iter().map(|d| d.word()).collect();
                facts.push(("found in", words.join(" in ")));
            }
        }
        if self.explain {
            if let Some((_, known)) = finding.definition {
                facts.push(("fix", known.rule.rotate.summary.clone()));
            }
            facts.push(("help", format!("spillcheck explain {}", finding.rule)));
        }
        facts
    }

    fn further_places(&self) -> Vec<(&str, String)> {
        let further = self.finding.occurrences.get(1..).unwrap_or_default();
        let mut facts: Vec<(&str, String)> = further
            .iter()
            .take(PLACES)
            .map(|occurrence| ("also at", place(occurrence)))
            .collect();
        if further.len() > PLACES {
            let more = (further.len() - PLACES) as u64;
            facts.push(("also at", format!("{} more", counted(more, "place"))));
        }
        facts
    }
}

fn git_fact(state: GitState) -> Option<&'static str> {
    match state {
        GitState::Tracked => Some("tracked in git, so its history keeps it"),
        GitState::Untracked => Some("not tracked and not ignored, so the next commit may take it"),
        GitState::Ignored => Some("ignored by git"),
        GitState::NoRepository => None,
    }
}

/// Returns how wide the line numbers are.
fn write_excerpt(occurrence: &Occurrence, caret: Style, page: &mut Page<'_>) -> io::Result<usize> {
    let excerpt = &occurrence.excerpt;
    let last = excerpt.first_line + excerpt.lines.len().saturating_sub(1) as u64;
    let gutter = last.max(1).to_string().len();
    let style = page.styles.gutter;
    let blank = " ".repeat(gutter);
    let bar = paint(style, "|");
    let arrow = paint(style, "-->");
    writeln!(page.out, "{blank}{arrow} {}", place(occurrence))?;
    if excerpt.lines.is_empty() {
        return Ok(gutter);
    }
    writeln!(page.out, "{blank} {bar}")?;
    for (index, line) in excerpt.lines.iter().enumerate() {
        let number = paint(
            style,
            &format!("{:>gutter$}", excerpt.first_line + index as u64),
        );
        let line = expanded(line, 0);
        writeln!(page.out, "{}", format!("{number} {bar} {line}").trim_end())?;
        if index == excerpt.marked_line {
            let carets = paint(caret, &carets(excerpt));
            writeln!(page.out, "{blank} {bar} {carets}")?;
        }
    }
    writeln!(page.out, "{blank} {bar}")?;
    Ok(gutter)
}

/// Blanks up to the mask, then a caret under each of its columns.
fn carets(excerpt: &Excerpt) -> String {
    let line = &excerpt.lines[excerpt.marked_line];
    let head: String = line.chars().take(excerpt.mark_start).collect();
    let mask: String = line
        .chars()
        .skip(excerpt.mark_start)
        .take(excerpt.mark_len)
        .collect();
    let before = width(&expanded(&head, 0));
    let under = width(&expanded(&mask, before)).max(1);
    " ".repeat(before) + &"^".repeat(under)
}

/// `= label: value`, with the lines after the first under the value.
fn write_fact(gutter: usize, label: &str, value: &str, page: &mut Page<'_>) -> io::Result<()> {
    let label = printable(label);
    let sign = paint(page.styles.gutter, "=");
    let indent = gutter + label.len() + 5;
    let lines = wrapped(value, page.width.saturating_sub(indent).max(20));
    let blank = " ".repeat(gutter);
    let label = paint(page.styles.strong, &label);
    for (index, line) in lines.iter().enumerate() {
        if index == 0 {
            writeln!(page.out, "{blank} {sign} {label}: {line}")?;
        } else {
            writeln!(page.out, "{}{line}", " ".repeat(indent))?;
        }
    }
    Ok(())
}
