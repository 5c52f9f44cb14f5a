//! User information in URLs: `scheme://user:password@host/path`.

use std::ops::Range;

use super::Syntax;
use super::source::{Source, Span};
use super::templates::{Setting, is_computed};

/// The longest run after `://` in which an `@` is looked for, in bytes.
const MAX_URL: usize = 512;
/// The longest scheme, in bytes.
const MAX_SCHEME: usize = 32;

/// The parts of a URL that carries a login, as byte offsets into the text. Nothing is decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserInfo {
    /// Before `://`.
    pub scheme: Range<usize>,
    /// Before the first colon of the login, or all of it.
    pub user: Range<usize>,
    /// After that colon; none if there is no colon or nothing after it.
    pub password: Option<Range<usize>>,
    /// With its port; several hosts joined by `,` stay together.
    pub host: Range<usize>,
    /// From the `/`, `?` or `#` after the host to the end of the URL; may be empty.
    pub path: Range<usize>,
}

/// The login in the URL whose `://` is at `separator`.
///
/// None if there is none, or if it is a placeholder or a template. Passwords as people write them may hold
/// `@`, `/`, `#` and `:` unencoded: the last `@` that a host follows ends the login.
pub fn url_at(text: &[u8], separator: usize) -> Option<UserInfo> {
    let source = Source {
        text,
        syntax: Syntax::Text,
    };
    let start = separator.checked_add(3)?;
    let window = text.get(start..text.len().min(start.saturating_add(MAX_URL)))?;
    let run = &window[..window
        .iter()
        .position(|&byte| ends_url(byte))
        .unwrap_or(window.len())];
    let last = memchr::memrchr(b'@', run)?;
    let scheme = source.skip_back(separator, MAX_SCHEME, |byte| {
        byte.is_ascii_alphanumeric() || b"+.-".contains(&byte)
    });
    let scheme = Span::new(
        source.skip(scheme, MAX_SCHEME, |byte| !byte.is_ascii_alphabetic()),
        separator,
    );
    if scheme.is_empty() || !source.starts(separator, b"://") {
        return None;
    }
    let at = login_end(run, last)?;
    let login = Span::new(start, start + at);
    let (user, password) = login_parts(source, login)?;
    let host = start + at + 1;
    let host_end = host + host_length(&run[at + 1..]);
    Some(UserInfo {
        scheme: scheme.start..scheme.end,
        user: user.start..user.end,
        password: password.map(|password| password.start..password.end),
        host: host..host_end,
        path: host_end..path_end(run, start, host_end),
    })
}

fn ends_url(byte: u8) -> bool {
    byte <= b' ' || matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>' | b'\\' | 0x7f)
}

/// The last `@` that ends a login: a host follows it, and what is before it reads as a login.
fn login_end(run: &[u8], last: usize) -> Option<usize> {
    let mut end = last + 1;
    while let Some(at) = memchr::memrchr(b'@', &run[..end]) {
        if host_length(&run[at + 1..]) > 0 && is_login(&run[..at]) {
            return Some(at);
        }
        end = at;
    }
    None
}

/// A `/` before the first colon, or after a host with a port, means that the `@` belongs to the path.
fn is_login(login: &[u8]) -> bool {
    let first = login.iter().position(|byte| b"/?#".contains(byte));
    let Some(slash) = first else {
        return !login.is_empty();
    };
    let Some(colon) = memchr::memchr(b':', login).filter(|&colon| colon < slash) else {
        return false;
    };
    let port = &login[colon + 1..slash];
    !port.is_empty() && !port.iter().all(u8::is_ascii_digit)
}

/// The length of the host that the bytes start with, its port included; 0 if there is none.
fn host_length(bytes: &[u8]) -> usize {
    let name = bytes
        .iter()
        .position(|&byte| !(byte.is_ascii_alphanumeric() || b".-_:,[]".contains(&byte)))
        .unwrap_or(bytes.len());
    let ended = bytes
        .get(name)
        .is_none_or(|byte| b"/?#;)}|&*".contains(byte));
    let kept = bytes[..name]
        .iter()
        .rposition(|byte| !b".,:-[".contains(byte))
        .map_or(0, |at| at + 1);
    if ended && bytes[..kept].iter().any(u8::is_ascii_alphanumeric) {
        kept
    } else {
        0
    }
}

/// User and password, unless they are templates.
fn login_parts(source: Source<'_>, login: Span) -> Option<(Span, Option<Span>)> {
    let bytes = source.slice(login);
    if is_template(source, login) {
        return None;
    }
    let Some(colon) = memchr::memchr(b':', bytes).map(|at| login.start + at) else {
        return (bytes != b"git").then_some((login, None));
    };
    let user = Span::new(login.start, colon);
    let password = Span::new(colon + 1, login.end);
    if is_template(source, user) || is_template(source, password) {
        return None;
    }
    (!user.is_empty() || !password.is_empty())
        .then_some((user, (!password.is_empty()).then_some(password)))
}

fn is_template(source: Source<'_>, part: Span) -> bool {
    let braced = matches!(
        source.slice(part),
        [b'{', .., b'}'] | [b'[', .., b']'] | [b'(', .., b')']
    );
    !part.is_empty() && (braced || is_computed(source, part, Setting::Verbatim))
}

fn path_end(run: &[u8], start: usize, host_end: usize) -> usize {
    let rest = &run[host_end - start..];
    if !matches!(rest.first(), Some(b'/' | b'?' | b'#')) {
        return host_end;
    }
    let kept = rest
        .iter()
        .rposition(|byte| !b").,;]}".contains(byte))
        .map_or(0, |at| at + 1);
    host_end + kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Option<String> {
        let separator = text.find("://")?;
        let found = url_at(text.as_bytes(), separator)?;
        let password = found.password.map_or("-", |range| &text[range]);
        let [scheme, user, host, path] =
            [found.scheme, found.user, found.host, found.path].map(|range| &text[range]);
        Some([scheme, user, password, host, path].join(" "))
    }

    #[test]
    fn logins_are_taken_apart() {
        for (text, expected) in [
            (
                "x=mysql://u:p@db:3306/app?x=1 y",
                "mysql u p db:3306 /app?x=1",
            ),
            (
                "'smtp://a%40b.c:p%2Fq@smtp.mailgun.org:587'",
                "smtp a%40b.c p%2Fq smtp.mailgun.org:587 ",
            ),
            ("redis://:secret@cache/0", "redis  secret cache /0"),
            (
                "https://tokenonly@github.com/a/b.git",
                "https tokenonly - github.com /a/b.git",
            ),
            ("amqp://u:p@ss@host", "amqp u p@ss host "),
            ("mysql://u:p/w#d@host/db", "mysql u p/w#d host /db"),
            (
                "mongodb+srv://u:p@a.b,c.d:27017/x",
                "mongodb+srv u p a.b,c.d:27017 /x",
            ),
            ("(http://u:p@host/x).", "http u p host /x"),
            (
                "smtp://post@mg.example.com:pw@smtp.example.com:25",
                "smtp post@mg.example.com pw smtp.example.com:25 ",
            ),
        ] {
            assert_eq!(parts(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_urls_have_no_login() {
        for text in [
            "https://github.com/@scope",
            "http://host/path@x",
            "http://host:80/path@x",
            "http://host?q=a@b.c",
            "ssh://git@github.com/a/b",
            "mysql://user:${PASS}@host",
            "mysql://user:<password>@host",
            "mysql://{user}:{pass}@host",
            "mysql://$user:$pass@host",
            "mysql://%user%:%pass%@host",
            "http://@host",
            "http://:@host",
            "://u:p@host",
            "http://u:p @host",
            "http://u:p@",
        ] {
            assert_eq!(parts(text), None, "{text}");
        }
    }

    #[test]
    fn separators_out_of_place_are_refused() {
        for separator in [0, 3, 4, 100, usize::MAX] {
            assert_eq!(url_at(b"a://u:p@h", separator), None, "{separator}");
        }
    }
}
