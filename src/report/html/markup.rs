//! Text as HTML shows it.

use crate::report::human::text::{expanded, printable, width};

/// In text and in attributes; what would be unseen or change what is seen is written as `\u{1b}`.
pub(super) fn escaped(text: &str) -> String {
    entities(&printable(text))
}

fn entities(text: &str) -> String {
    crate::report::entities(text).replace('\'', "&#39;")
}

/// A line of an excerpt, in which a part is marked: from `start` on, `len` characters.
pub(super) fn marked(line: &str, start: usize, len: usize) -> String {
    let part = |from: usize, count: usize| line.chars().skip(from).take(count).collect::<String>();
    let before = expanded(&part(0, start), 0);
    let column = width(&before);
    let within = expanded(&part(start, len), column);
    let after = expanded(&part(start + len, usize::MAX), column + width(&within));
    format!(
        "{}<mark>{}</mark>{}",
        entities(&before),
        entities(&within),
        entities(&after)
    )
}

/// A line of an excerpt.
pub(super) fn line(line: &str) -> String {
    entities(&expanded(line, 0))
}

/// A link, if it leads to the web: a report that someone saved and changed could hold any other.
pub(super) fn link(url: &str) -> String {
    let text = escaped(url);
    if url.starts_with("https://") || url.starts_with("http://") {
        format!("<a href=\"{text}\" rel=\"noreferrer noopener\">{text}</a>")
    } else {
        text
    }
}
