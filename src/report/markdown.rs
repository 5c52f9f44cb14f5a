//! GitHub-flavoured Markdown: for job summaries and comments on merge requests.

use std::cmp::Reverse;
use std::io::{self, Write};

use super::clean::Clean;
use super::human::text::{bytes, counted, printable};
use super::item::Item;
use crate::finding::{Severity, Suppression};

/// GitHub refuses a summary of more than 1 MiB, and nobody reads it; more rows than this are counted.
const MAX_ROWS: usize = 1000;

pub(super) fn write(report: &Clean<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut items = Item::counted(report);
    items.sort_by_key(|item| Reverse(item.severity));
    writeln!(out, "# spillcheck: {}\n", verdict(report))?;
    if !report.is_complete() {
        writeln!(
            out,
            "> **Coverage is incomplete:** something that should have been read was not, or there was nothing to read. \
             What is there is not known.\n"
        )?;
    }
    if !items.is_empty() {
        table(&items, out)?;
        for item in items.iter().take(MAX_ROWS) {
            details(item, out)?;
        }
    }
    let suppressed = Item::suppressed(report);
    if !suppressed.is_empty() {
        writeln!(out, "## Not counted\n")?;
        writeln!(out, "| rule | place | by |\n| --- | --- | --- |")?;
        for item in suppressed.iter().take(MAX_ROWS) {
            let by = item.suppressed.map(Suppression::words).unwrap_or_default();
            let (rule, place, by) = (code(item.rule), code(&item.at()), escaped(&by));
            writeln!(out, "| {rule} | {place} | {by} |")?;
        }
        more(suppressed.len(), out)?;
        writeln!(out)?;
    }
    summary(report, out)
}

fn verdict(report: &Clean<'_>) -> String {
    if report.total() == 0 {
        let so_far = if report.is_complete() {
            ""
        } else {
            " in what was read"
        };
        return format!("no findings{so_far}");
    }
    let levels = Severity::ALL.iter().rev();
    let levels: Vec<String> = levels
        .map(|&level| (report.count(level), level.word()))
        .filter(|&(count, _)| count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let total = counted(report.total() as u64, "finding");
    format!("{total} ({})", levels.join(", "))
}

fn table(items: &[Item<'_>], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "| severity | what | where | reach |")?;
    writeln!(out, "| --- | --- | --- | --- |")?;
    for item in items.iter().take(MAX_ROWS) {
        let also = match item.also.len() {
            0 => String::new(),
            count => format!(" and {}", counted(count as u64, "other place")),
        };
        writeln!(
            out,
            "| {} | {} {} | {}{also} | {} |",
            item.severity.word(),
            escaped(item.title),
            code(item.rule),
            code(&item.at()),
            item.reach.word()
        )?;
    }
    more(items.len(), out)?;
    writeln!(out)
}

fn more(count: usize, out: &mut dyn Write) -> io::Result<()> {
    if count > MAX_ROWS {
        writeln!(out, "\nAnd {} more.", count - MAX_ROWS)?;
    }
    Ok(())
}

fn details(item: &Item<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (title, at) = (escaped(item.title), html(&item.at()));
    writeln!(
        out,
        "<details><summary>{}: {title} in <code>{at}</code></summary>\n",
        item.severity.word()
    )?;
    writeln!(out, "{}\n", escaped(&item.message))?;
    for place in &item.also {
        writeln!(out, "- also in {}", code(place))?;
    }
    if let Some(fix) = item.fix {
        writeln!(out, "- **What to do:** {}", escaped(fix))?;
    }
    // A report that someone saved and changed could hold any other.
    for url in item
        .references
        .iter()
        .filter(|url| url.starts_with("https://"))
    {
        writeln!(out, "- <{}>", html(url))?;
    }
    writeln!(out, "- fingerprint {}\n", code(&item.fingerprint))?;
    writeln!(out, "</details>\n")
}

fn summary(report: &Clean<'_>, out: &mut dyn Write) -> io::Result<()> {
    let coverage = &report.coverage;
    let not_read = coverage.skipped.len() as u64;
    writeln!(
        out,
        "Scanned {} ({}); {} not scanned.",
        counted(coverage.files, "file"),
        bytes(coverage.bytes),
        counted(not_read, "path")
    )?;
    for note in &report.notes {
        writeln!(out, "\n_{}_", escaped(note))?;
    }
    Ok(())
}

/// Text that is no markup, in one line.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in printable(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // A mention would send someone a mail.
            '@' => out.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '!' | '~' | '$' => {
                out.extend(['\\', c]);
            }
            c => out.push(c),
        }
    }
    out
}

/// Text as code, in one line and in a cell of a table.
fn code(text: &str) -> String {
    let text = html(text).replace('|', "&#124;").replace('`', "&#96;");
    format!(
        "<code>{}</code>",
        text.replace('*', "&#42;").replace('_', "&#95;")
    )
}

fn html(text: &str) -> String {
    printable(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('@', "&#64;")
        .replace('[', "&#91;")
        .replace('\\', "&#92;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_markup() {
        assert_eq!(
            escaped("a|b\n<img> [x](y) @all"),
            "a\\|b\\\\n&lt;img&gt; \\[x\\](y) &#64;all"
        );
        assert_eq!(
            code("a|`b`*c*"),
            "<code>a&#124;&#96;b&#96;&#42;c&#42;</code>"
        );
    }
}
