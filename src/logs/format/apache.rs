//! `LogFormat` of Apache: <https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats>.

use super::line::Field;
use super::template::{Part, Template};

/// Compiles a format, without the quotes that the configuration has around it.
pub(super) fn compile(format: &str) -> Option<Template> {
    let bytes = format.as_bytes();
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match (byte, bytes.get(at + 1)) {
            (b'%', Some(b'%')) => {
                parts.push(Part::Literal(b'%'));
                at += 2;
            }
            (b'%', Some(_)) => at = directive(bytes, at + 1, &mut parts)?,
            (b'\\', Some(escaped)) => {
                parts.push(Part::Literal(match escaped {
                    b't' => b'\t',
                    b'n' => b'\n',
                    other => *other,
                }));
                at += 2;
            }
            _ => {
                parts.push(Part::Literal(byte));
                at += 1;
            }
        }
    }
    Template::new(parts)
}

/// One directive, after its `%`. Gives where it ends.
fn directive(bytes: &[u8], mut at: usize, parts: &mut Vec<Part>) -> Option<usize> {
    // Conditions on the status, and which of the requests of a redirect is meant.
    while matches!(bytes.get(at)?, b'!' | b',' | b'<' | b'>' | b'0'..=b'9') {
        at += 1;
    }
    let mut name = "";
    if bytes[at] == b'{' {
        let end = at + memchr::memchr(b'}', &bytes[at..])?;
        name = std::str::from_utf8(&bytes[at + 1..end]).ok()?;
        at = end + 1;
    }
    if bytes.get(at) == Some(&b'^') {
        parts.push(Part::Field(Field::Skip));
        return Some(at + 3);
    }
    let field = match *bytes.get(at)? {
        b'h' | b'a' => Field::Client,
        b't' if name.is_empty() => {
            parts.push(Part::Literal(b'['));
            parts.push(Part::Field(Field::Time));
            parts.push(Part::Literal(b']'));
            return Some(at + 1);
        }
        b't' if is_readable(name) => Field::Time,
        b'r' => Field::Request,
        b'm' => Field::Method,
        b'U' => Field::Target,
        b'q' => {
            // It stands right after the path, and has the question mark in it.
            if parts.last() == Some(&Part::Field(Field::Target)) {
                return Some(at + 1);
            }
            Field::Query
        }
        b's' => Field::Status,
        b'b' | b'B' => Field::Body,
        b'O' => Field::Whole,
        b'v' | b'V' => Field::Host,
        b'i' => header(name),
        _ => Field::Skip,
    };
    parts.push(Part::Field(field));
    Some(at + 1)
}

/// Whether a `strftime` format is one that is read.
fn is_readable(format: &str) -> bool {
    let format = format.strip_prefix("begin:").unwrap_or(format);
    matches!(format, "sec" | "msec" | "usec")
        || format.starts_with("%Y-%m-%d")
        || format.starts_with("%F")
        || format.starts_with("%d/%b/%Y:")
}

fn header(name: &str) -> Field {
    match name.to_ascii_lowercase().as_str() {
        "user-agent" => Field::Agent,
        "x-forwarded-for" | "x-real-ip" | "cf-connecting-ip" => Field::Forwarded,
        "host" => Field::Host,
        _ => Field::Skip,
    }
}
