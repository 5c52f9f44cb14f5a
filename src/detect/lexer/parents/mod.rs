//! The tables, sections and elements that a name stands in.

mod brackets;
mod elements;
mod indents;

use std::ops::Range;

use super::names::normalised;
use super::source::{Source, Span};
use super::{REACH, Syntax};

/// How many enclosing names are kept.
const MAX_LEVELS: usize = 6;

/// The name in its normal form after those of the tables, sections or elements that it stands in, joined by
/// `.`: `services.mailgun.secret`. Of those at most six, the innermost; see [`normalised`] for the form.
pub fn dotted_name(text: &[u8], name: Range<usize>, syntax: Syntax) -> String {
    let source = Source { text, syntax };
    let name = Span::new(name.start, name.end.min(text.len()));
    let mut levels = match syntax {
        Syntax::Yaml => indents::owners(source, name),
        Syntax::Ini => section(source, name).into_iter().collect(),
        Syntax::Xml => elements::owners(source, name),
        Syntax::Words => machine(source, name).into_iter().collect(),
        Syntax::Shell => mysql(source, name).into_iter().collect(),
        Syntax::Env | Syntax::Docker | Syntax::Apache => Vec::new(),
        _ => brackets::owners(source, name),
    };
    levels.truncate(MAX_LEVELS);
    let mut dotted = String::new();
    for level in levels.iter().rev().map(|&level| levelled(source, level)) {
        if !level.is_empty() {
            dotted.push_str(&level);
            dotted.push('.');
        }
    }
    dotted.push_str(&normalised(source.slice(name)));
    dotted
}

/// A section such as `[tool.mail]` names several levels at once.
fn levelled(source: Source<'_>, level: Span) -> String {
    let bytes = source.slice(level);
    if source.syntax != Syntax::Ini {
        return normalised(bytes);
    }
    let parts: Vec<String> = bytes.split(|&byte| byte == b'.').map(normalised).collect();
    parts.join(".")
}

/// The `[section]` above the name.
fn section(source: Source<'_>, name: Span) -> Option<Span> {
    let floor = name.start.saturating_sub(REACH);
    let mut end = source.line(name.start, REACH).start;
    while end > floor {
        let line = source.line(end - 1, REACH);
        let trimmed = source.trimmed(Span::new(line.start, end));
        if source.at(trimmed.start) == b'[' {
            let close = source.skip(trimmed.start, 128, |byte| !matches!(byte, b']' | b'\n'));
            return (source.at(close) == b']').then(|| Span::new(trimmed.start + 1, close));
        }
        end = line.start;
    }
    None
}

/// The host that a `.netrc` or `.msmtprc` entry is for.
fn machine(source: Source<'_>, name: Span) -> Option<Span> {
    let start = name.start.saturating_sub(512);
    let window = source.slice(Span::new(start, name.start));
    let keyword = [b"machine ".as_slice(), b"host "]
        .iter()
        .filter_map(|keyword| {
            memchr::memmem::rfind(window, keyword).map(|at| start + at + keyword.len())
        })
        .max()?;
    let host = source.blanks(keyword);
    Some(Span::new(
        host,
        source
            .skip(host, 128, |byte| !byte.is_ascii_whitespace())
            .min(name.start),
    ))
}

/// The client whose option `-p` is.
fn mysql(source: Source<'_>, name: Span) -> Option<Span> {
    if source.slice(name) != b"p" {
        return None;
    }
    let line = source.line(name.start, 512);
    let found = memchr::memmem::find(source.slice(Span::new(line.start, name.start)), b"mysql")?;
    let client = line.start + found;
    Some(Span::new(client, client + b"mysql".len()))
}
