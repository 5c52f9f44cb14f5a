//! One finding in full: headline, place, masked lines with a caret, and what is known.

use std::collections::BTreeSet;
use std::io;

use anstyle::Style;

use super::chain;
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
    /// `told` holds the ways whose chains have been written above.
    pub(super) fn write(&self, page: &mut Page<'_>, told: &mut BTreeSet<String>) -> io::Result<()> {
        writeln!(page.out, "{}", headline(self.finding, page.styles))?;
        let mut gutter = 1;
        if let Some(first) = self.finding.primary() {
            let caret = page.styles.word(Word::of(self.finding.severity));
            gutter = write_excerpt(first, caret, page)?;
        }
        for fact in self.facts(told) {
            fact.write(gutter, page)?;
        }
        writeln!(page.out)
    }

    fn facts(&self, told: &mut BTreeSet<String>) -> Vec<Fact<'_>> {
        let finding = self.finding;
        let mut facts = Vec::new();
        if let Some(plain) = &finding.plain {
            facts.push(Fact::verbatim("secret", plain));
        }
        facts.extend(self.further_places());
        for attribute in &finding.attributes {
            facts.push(Fact::verbatim(&attribute.name, &attribute.value));
        }
        let severity = finding.severity;
        let levels = format!("{} (severity: {severity})", finding.confidence);
        facts.push(Fact::verbatim("confidence", &levels));
        let ways = chain::facts(finding, told).into_iter();
        facts.extend(ways.map(|(label, lines)| Fact::lines(label, lines)));
        if let Some(first) = finding.primary() {
            let commits = first.commits.as_ref();
            facts.extend(commits.map(|commits| Fact::prose("history", commits.to_string())));
            facts.extend(git_fact(first.git).map(|fact| Fact::prose("git", fact)));
            if !first.decoders.is_empty() {
                let words: Vec<&str> = first.decoders.iter().map(|d| d.word()).collect();
                facts.push(Fact::prose("found in", words.join(", then ")));
            }
        }
        if self.explain {
            if let Some((_, known)) = finding.definition {
                facts.push(Fact::prose("fix", &known.rotate.summary));
            }
            let command = format!("spillcheck explain {}", finding.rule);
            facts.push(Fact::verbatim("help", &command));
        }
        facts
    }

    fn further_places(&self) -> Option<Fact<'_>> {
        let (_, further) = self.finding.occurrences.split_first()?;
        let mut lines: Vec<String> = further.iter().take(PLACES).map(place).collect();
        if further.len() > PLACES {
            let more = counted((further.len() - PLACES) as u64, "more place");
            lines.push(format!("and {more}"));
        }
        (!lines.is_empty()).then_some(Fact {
            label: "also at",
            value: Value::Lines(lines),
        })
    }
}

/// `= label: value`.
pub(super) struct Fact<'f> {
    label: &'f str,
    value: Value,
}

enum Value {
    /// Printable lines.
    Lines(Vec<String>),
    /// To be wrapped.
    Prose(String),
}

impl<'f> Fact<'f> {
    /// Printable lines.
    pub(super) fn lines(label: &'f str, lines: Vec<String>) -> Self {
        Self {
            label,
            value: Value::Lines(lines),
        }
    }

    pub(super) fn verbatim(label: &'f str, value: &str) -> Self {
        Self {
            label,
            value: Value::Lines(vec![printable(value)]),
        }
    }

    pub(super) fn prose(label: &'f str, value: impl Into<String>) -> Self {
        Self {
            label,
            value: Value::Prose(value.into()),
        }
    }

    /// The lines after the first stand under the value.
    pub(super) fn write(self, gutter: usize, page: &mut Page<'_>) -> io::Result<()> {
        let label = printable(self.label);
        let indent = gutter + width(&label) + 5;
        let lines = match self.value {
            Value::Lines(lines) => lines,
            Value::Prose(text) => wrapped(&text, page.width.saturating_sub(indent).max(20)),
        };
        let sign = paint(page.styles.gutter, "=");
        let label = paint(page.styles.strong, &label);
        let mut start = format!("{} {sign} {label}: ", " ".repeat(gutter));
        for line in lines {
            writeln!(page.out, "{start}{line}")?;
            start = " ".repeat(indent);
        }
        Ok(())
    }
}

fn git_fact(state: GitState) -> Option<&'static str> {
    match state {
        GitState::Tracked => Some("tracked in git; once committed, its history keeps it"),
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
