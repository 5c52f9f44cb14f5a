//! What a string says.

use std::borrow::Cow;

/// The value of what stands between quotes or backticks.
pub(in crate::site::lex) fn unescape(inside: &str) -> Cow<'_, str> {
    if !inside.contains('\\') {
        return Cow::Borrowed(inside);
    }
    let mut value = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some(found) = rest.find('\\') {
        value.push_str(&rest[..found]);
        rest = &rest[found + 1..];
        rest = escape(rest, &mut value);
    }
    value.push_str(rest);
    Cow::Owned(value)
}

/// Adds what an escape stands for, and gives what follows it.
fn escape<'t>(rest: &'t str, value: &mut String) -> &'t str {
    let mut chars = rest.chars();
    let Some(first) = chars.next() else {
        return rest;
    };
    let after = chars.as_str();
    let plain = match first {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'v' => '\u{b}',
        '0' => '\0',
        '\r' => return after.strip_prefix('\n').unwrap_or(after),
        '\n' => return after,
        'x' => return digits(after, 2, value),
        'u' => {
            let braced = after
                .strip_prefix('{')
                .and_then(|after| after.split_once('}'));
            return match braced {
                Some((code, after)) => {
                    push(code, value);
                    after
                }
                None => digits(after, 4, value),
            };
        }
        other => other,
    };
    value.push(plain);
    after
}

fn digits<'t>(rest: &'t str, count: usize, value: &mut String) -> &'t str {
    match rest.split_at_checked(count) {
        Some((code, after)) => {
            push(code, value);
            after
        }
        None => rest,
    }
}

/// Halves of a surrogate pair, and what is no number, become U+FFFD.
fn push(code: &str, value: &mut String) {
    let code = u32::from_str_radix(code, 16).ok();
    value.push(
        code.and_then(char::from_u32)
            .unwrap_or(char::REPLACEMENT_CHARACTER),
    );
}
