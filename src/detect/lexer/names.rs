//! Where a name starts and ends, and its normal form.

use super::Syntax;
use super::quotes::{mark_at, mark_before};
use super::source::{MAX_NAME, Source, Span, is_joined, is_word};

/// The name around an anchor hit. The hit may start up to three bytes before it, since anchors such as
/// `'key'` or `.key` begin with what is no part of a name.
pub(super) fn around(source: Source<'_>, word: usize) -> Option<Span> {
    let at = source.skip(word, 3, |byte| !is_word(byte));
    if !is_word(source.at(at)) {
        return None;
    }
    let end = source.skip(at, MAX_NAME, is_word);
    if source.syntax.is_code() {
        return in_code(source, at, end);
    }
    let end = joined_end(source, end);
    let start = past_define(source, joined_start(source, at));
    if source.before(start) == b':' {
        return bounded(Span::new(section_start(source, Span::new(start, end)), end));
    }
    // Charts of Helm note what a configuration hashes to, so that pods restart when it changes.
    if source.ends(start, b"checksum/") {
        return None;
    }
    if source.syntax == Syntax::Sql && source.before(start) == b'/' {
        return bounded(Span::new(path_start(source, start), end));
    }
    bounded(Span::new(start, end))
}

/// `-Dname=b`, as Java and Maven take properties.
fn past_define(source: Source<'_>, start: usize) -> usize {
    let defines = source.at(start) == b'D'
        && source.before(start) == b'-'
        && source.at(start + 1).is_ascii_lowercase();
    start + usize::from(defines)
}

/// Where a quoted name such as `'smtp/options/password'` starts.
fn path_start(source: Source<'_>, from: usize) -> usize {
    let start = source.skip_back(from, MAX_NAME, |byte| is_joined(byte) || byte == b'/');
    match mark_before(source, start) {
        Some(_) => start,
        None => from,
    }
}

/// Where a name such as `"Section:Key"` starts, as .NET's settings and NodeBB's have them: in quotation marks, or
/// first on a line that assigns by `=`.
/// <https://learn.microsoft.com/en-us/aspnet/core/fundamentals/configuration/#configuration-keys-and-values>
fn section_start(source: Source<'_>, name: Span) -> usize {
    let sections = source.skip_back(name.start, MAX_NAME, |byte| is_joined(byte) || byte == b':');
    let written = source.slice(Span::new(sections, name.start));
    let scoped = written.starts_with(b":") || memchr::memmem::find(written, b"::").is_some();
    let quoted = mark_before(source, sections).is_some() && mark_at(source, name.end).is_some();
    let set = || {
        let first = matches!(source.before(sections), 0 | b'\n' | b'\r');
        first && !source.syntax.is_code() && source.at(source.blanks(name.end)) == b'='
    };
    if !scoped && (quoted || set()) {
        sections
    } else {
        name.start
    }
}

/// In program source `.` and `-` belong to a name only inside of quotes: `'X-Api-Key'`.
fn in_code(source: Source<'_>, at: usize, end: usize) -> Option<Span> {
    if !may_follow(source.at(end)) {
        return None;
    }
    let start = past_define(source, source.skip_back(at, MAX_NAME, is_word));
    let narrow = Span::new(start, end);
    if source.before(start) == b':' {
        return bounded(Span::new(section_start(source, narrow), end));
    }
    if is_joined(source.before(start)) || is_joined(source.at(end)) {
        let wide = Span::new(joined_start(source, start), joined_end(source, end));
        let first = source.skip_back(wide.start, 2, |byte| byte == b'-');
        let opened = mark_before(source, first).is_some();
        let expands = source.ends(wide.start, b"${") && source.at(wide.end) == b':';
        if expands {
            return bounded(wide);
        }
        if opened
            && (mark_at(source, wide.end).is_some() || matches!(source.at(wide.end), b'=' | b':'))
        {
            return bounded(wide);
        }
    }
    bounded(narrow)
}

/// Whether a byte can stand between a name and its value; all else is rejected before the name's start is
/// looked for.
fn may_follow(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'\t'
            | b'\r'
            | b'\n'
            | b'"'
            | b'\''
            | b'`'
            | b'\\'
            | b'&'
            | b'='
            | b':'
            | b'?'
            | b'|'
            | b']'
            | b'('
            | b'['
            | b'{'
            | b'!'
            | b'<'
            | b'>'
            | b'-'
            | b'.'
    )
}

fn joined_end(source: Source<'_>, from: usize) -> usize {
    let end = source.skip(from, MAX_NAME, is_joined);
    source
        .skip_back(end, end - from, |byte| !is_word(byte))
        .max(from)
}

fn joined_start(source: Source<'_>, from: usize) -> usize {
    let start = source.skip_back(from, MAX_NAME, is_joined);
    source.skip(start, from - start, |byte| !is_word(byte))
}

fn bounded(name: Span) -> Option<Span> {
    (name.end - name.start <= MAX_NAME).then_some(name)
}

/// Whether the bytes could name anything: at least one letter, nothing but name bytes.
pub(super) fn is_name(name: &[u8]) -> bool {
    name.len() <= MAX_NAME
        && name.iter().any(u8::is_ascii_alphabetic)
        && name
            .iter()
            .all(|&byte| is_joined(byte) || matches!(byte, b'/' | b':'))
}

/// Whether the name is written as environment variables are: `MAIL_PASSWORD`.
pub(super) fn is_upper(name: &[u8]) -> bool {
    name.len() >= 3
        && name[0].is_ascii_uppercase()
        && name
            .iter()
            .all(|&byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Whether the name is one of an HTTP header that carries a credential: `Authorization`, `X-Api-Key`.
pub(super) fn is_header(name: &[u8]) -> bool {
    is_authorization(name) || (name.contains(&b'-') && name[0].is_ascii_alphabetic())
}

/// Whether the name's value may start with a scheme: `Authorization`, `Proxy-Authorization`.
pub(super) fn is_authorization(name: &[u8]) -> bool {
    const WORD: &[u8] = b"authorization";
    name.len() >= WORD.len() && name[name.len() - WORD.len()..].eq_ignore_ascii_case(WORD)
}

/// The normal form of one name: lower case, words joined by `_`. `apiKey`, `API-KEY` and `api.key` become
/// `api_key`, `SMTPPassword` becomes `smtp_password`. Bytes that no name holds count as joints.
pub fn normalised(name: &[u8]) -> String {
    let mut normal = String::with_capacity(name.len() + 4);
    for (index, &byte) in name.iter().enumerate() {
        if !byte.is_ascii_alphanumeric() {
            join(&mut normal);
            continue;
        }
        if byte.is_ascii_uppercase() && starts_word(name, index) {
            join(&mut normal);
        }
        normal.push(char::from(byte.to_ascii_lowercase()));
    }
    if normal.ends_with('_') {
        normal.pop();
    }
    normal
}

fn join(normal: &mut String) {
    if !normal.is_empty() && !normal.ends_with('_') {
        normal.push('_');
    }
}

/// Whether the capital at `index` starts a word: after a small letter or a digit, or before a small letter.
/// `OAuth` stays one word.
fn starts_word(name: &[u8], index: usize) -> bool {
    let Some(previous) = index.checked_sub(1).map(|before| name[before]) else {
        return false;
    };
    if previous.is_ascii_lowercase() || previous.is_ascii_digit() {
        return name
            .get(index + 1)
            .is_some_and(|next| !next.is_ascii_digit())
            || previous.is_ascii_lowercase();
    }
    let begins =
        previous.is_ascii_uppercase() && name.get(index + 1).is_some_and(u8::is_ascii_lowercase);
    begins && !(previous == b'O' && name[index..].starts_with(b"Auth"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_are_one() {
        for (written, normal) in [
            ("apiKey", "api_key"),
            ("API-KEY", "api_key"),
            ("api.key", "api_key"),
            ("ApiKey", "api_key"),
            ("APIKey", "api_key"),
            ("SMTPPassword", "smtp_password"),
            ("_authToken", "auth_token"),
            ("OAuthToken", "oauth_token"),
            ("s3AccessKey", "s3_access_key"),
            ("S3_KEY", "s3_key"),
            ("MAILGUN_SECRET", "mailgun_secret"),
            ("__x--y", "x_y"),
            ("mail pass", "mail_pass"),
            ("Mailgun:ApiKey", "mailgun_api_key"),
            ("Mailgun__ApiKey", "mailgun_api_key"),
            ("", ""),
        ] {
            assert_eq!(normalised(written.as_bytes()), normal, "{written}");
        }
    }
}
