//! Annotations of a GitHub workflow,
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>.
//!
//! GitHub shows the first ten of each kind of a step. What does not count has none.

use std::io::{self, Write};

use super::clean::Clean;
use super::item::Item;
use crate::finding::Severity;

pub(super) fn write(report: &Clean<'_>, out: &mut dyn Write) -> io::Result<()> {
    for item in Item::counted(report) {
        let command = match item.severity {
            Severity::Critical | Severity::High => "error",
            Severity::Medium => "warning",
            Severity::Low | Severity::Info => "notice",
        };
        let mut properties = vec![("file", item.path.to_owned())];
        if let Some(place) = item.place {
            properties.push(("line", place.line.to_string()));
            properties.push(("endLine", place.end_line.to_string()));
            // Columns are refused where a place has several lines.
            if let (Some(column), Some(end)) = (place.column, place.end_column)
                && place.line == place.end_line
            {
                properties.push(("col", column.to_string()));
                properties.push(("endColumn", end.to_string()));
            }
        }
        properties.push(("title", format!("{} [{}]", item.title, item.rule)));
        let properties: Vec<String> = properties
            .iter()
            .map(|(name, value)| format!("{name}={}", property(value)))
            .collect();
        let message = data(&item.message);
        writeln!(out, "::{command} {}::{message}", properties.join(","))?;
    }
    let coverage = &report.coverage;
    if !report.is_complete() {
        writeln!(
            out,
            "::warning title=spillcheck coverage::Coverage is incomplete: {} files were read, and not everything that \
             should have been; what is there is not known.",
            coverage.files
        )?;
    }
    Ok(())
}

/// A message: it is one line, and `%` starts an escape.
fn data(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' => out.push_str("%25"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            c if c.is_control() => out.extend(c.escape_default()),
            c => out.push(c),
        }
    }
    out
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_starts_a_command_of_its_own() {
        assert_eq!(data("a\n::error::b"), "a%0A::error::b");
        assert_eq!(property("a,line=9::x%\r"), "a%2Cline=9%3A%3Ax%25%0D");
        assert_eq!(data("\u{1b}[2J"), "\\u{1b}[2J");
    }
}
