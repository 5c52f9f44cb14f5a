//! For a terminal, and for a file that nothing renders.

use super::Block;

pub(super) fn render(blocks: &[Block]) -> String {
    let mut out = String::new();
    for block in blocks {
        match block {
            Block::Heading(_, text) => {
                if !out.is_empty() {
                    out.push('\n');
                }
                out.push_str(&plain(text));
                out.push('\n');
            }
            Block::Text(text) => {
                out.push_str(&format!("  {}\n", plain(text)));
            }
            Block::Fields(fields) => {
                for (name, value) in fields {
                    out.push_str(&format!("  {}: {}\n", plain(name), plain(value)));
                }
            }
            Block::List(items) => {
                for item in items {
                    out.push_str(&format!("  - {}\n", plain(&item.text)));
                    for detail in &item.details {
                        out.push_str(&format!("      {}\n", plain(detail)));
                    }
                }
            }
        }
    }
    out
}

/// Names of files and lines of logs must not move the cursor.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        {
            out.extend(c.escape_debug());
        } else {
            out.push(c);
        }
    }
    out
}
