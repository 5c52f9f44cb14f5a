//! Markdown, as trackers render it: <https://spec.commonmark.org/0.31.2/>.

use super::Block;
use super::text::plain;

pub(super) fn render(blocks: &[Block]) -> String {
    let mut out = String::new();
    for block in blocks {
        if !out.is_empty() {
            out.push('\n');
        }
        match block {
            Block::Heading(level, text) => {
                out.push_str(&"#".repeat(usize::from(*level)));
                out.push_str(&format!(" {}\n", escaped(text)));
            }
            Block::Text(text) => out.push_str(&format!("{}\n", escaped(text))),
            Block::Fields(fields) => {
                for (name, value) in fields {
                    out.push_str(&format!("- **{}**: {}\n", escaped(name), escaped(value)));
                }
            }
            Block::List(items) => {
                for item in items {
                    out.push_str(&format!("- {}\n", escaped(&item.text)));
                    for detail in &item.details {
                        out.push_str(&format!("  - {}\n", escaped(detail)));
                    }
                }
            }
        }
    }
    out
}

/// Nothing that comes from a file becomes a link, an image, a tag or a mention.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in plain(text).chars() {
        if matches!(
            c,
            '\\' | '`'
                | '*'
                | '_'
                | '{'
                | '}'
                | '['
                | ']'
                | '<'
                | '>'
                | '#'
                | '|'
                | '!'
                | '~'
                | '@'
                | '&'
        ) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
