//! A table for spreadsheets: RFC 4180, one row for each thing that was found.
//!
//! A cell that a spreadsheet would take for a formula starts with an apostrophe,
//! <https://owasp.org/www-community/attacks/CSV_Injection>.

use std::io::{self, Write};

use super::clean::Clean;
use super::human::text::printable;
use super::item::Item;
use crate::finding::Suppression;

const HEAD: [&str; 16] = [
    "severity",
    "confidence",
    "reach",
    "rule",
    "title",
    "path",
    "line",
    "column",
    "end_line",
    "end_column",
    "secret",
    "message",
    "also",
    "fix",
    "fingerprint",
    "suppressed",
];

pub(super) fn write(report: &Clean<'_>, out: &mut dyn Write) -> io::Result<()> {
    row(&HEAD.map(str::to_owned), out)?;
    for item in Item::counted(report)
        .iter()
        .chain(&Item::suppressed(report))
    {
        let number = |number: Option<u64>| number.map_or_else(String::new, |n| n.to_string());
        let place = item.place;
        let suppressed = item.suppressed.map(Suppression::words);
        row(
            &[
                item.severity.word().to_owned(),
                item.confidence.word().to_owned(),
                item.reach.word().to_owned(),
                item.rule.to_owned(),
                item.title.to_owned(),
                item.path.to_owned(),
                number(place.map(|place| place.line)),
                number(place.and_then(|place| place.column)),
                number(place.map(|place| place.end_line)),
                number(place.and_then(|place| place.end_column)),
                item.mask.unwrap_or_default().to_owned(),
                item.message.clone(),
                item.also.join("; "),
                item.fix.unwrap_or_default().to_owned(),
                item.fingerprint.clone(),
                suppressed.unwrap_or_default(),
            ],
            out,
        )?;
    }
    Ok(())
}

fn row(cells: &[String], out: &mut dyn Write) -> io::Result<()> {
    let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    write!(out, "{}\r\n", cells.join(","))
}

fn cell(text: &str) -> String {
    let mut text = printable(text);
    if text.starts_with(['=', '+', '-', '@', '\\', '|']) {
        text.insert(0, '\'');
    }
    if text.contains(['"', ',', '\'', ';', ' ']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_or_ends_its_row() {
        assert_eq!(cell("plain"), "plain");
        assert_eq!(cell("a, \"b\""), "\"a, \"\"b\"\"\"");
        assert_eq!(cell("=HYPERLINK(1)"), "\"'=HYPERLINK(1)\"");
        assert_eq!(cell("@SUM(1)"), "\"'@SUM(1)\"");
        assert_eq!(cell("\t=1\r\n2"), "\"'\\t=1\\r\\n2\"");
    }
}
