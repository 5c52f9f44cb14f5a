//! Headers of WordPress files, read as WordPress reads them.

/// WordPress reads so many bytes: <https://developer.wordpress.org/reference/functions/get_file_data/>.
const HEADER: usize = 8 * 1024;

/// The value of a header field and its line. The first one counts.
pub(super) fn field(text: &str, name: &str) -> Option<(String, u32)> {
    let mut end = text.len().min(HEADER);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut number = 0;
    for line in text[..end].split(['\n', '\r']) {
        number += 1;
        let line = line.trim_start_matches([' ', '\t']);
        let line = line.strip_prefix("<?php").unwrap_or(line);
        let line = line.trim_start_matches([' ', '\t', '/', '*', '#', '@']);
        let Some(value) = after(line, name) else {
            continue;
        };
        let value = value.split("*/").next().unwrap_or_default();
        let value = value.split("?>").next().unwrap_or_default().trim();
        if !value.is_empty() {
            let line = line_of(text, number);
            return Some((value.to_owned(), line));
        }
    }
    None
}

/// What follows `name:` in any case.
fn after<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let head = line.get(..name.len())?;
    head.eq_ignore_ascii_case(name)
        .then(|| line[name.len()..].strip_prefix(':'))?
}

/// Pieces between line breaks are lines, but `\r\n` is one break.
fn line_of(text: &str, piece: u32) -> u32 {
    let breaks = text.bytes().zip(text.bytes().skip(1).chain([0]));
    let mut pieces = 0;
    let mut lines = 1;
    for (byte, next) in breaks {
        if pieces + 1 >= piece {
            break;
        }
        if matches!(byte, b'\n' | b'\r') {
            pieces += 1;
            if !(byte == b'\r' && next == b'\n') {
                lines += 1;
            }
        }
    }
    lines
}
