//! Credentials by their place on a line: `sasl_passwd`, `.pgpass`, `mysql -pb`, `curl -u user:b`.

use super::bare::MAX_BARE;
use super::forward::Found;
use super::quotes::{mark_at, mark_before};
use super::source::{Source, Span, is_blank};
use super::templates::{Setting, is_computed};
use super::values::Literal;

/// Clients that take a password right after `-p`.
/// <https://dev.mysql.com/doc/refman/8.4/en/connection-options.html>
const MYSQL_CLIENTS: [&[u8]; 6] = [
    b"mysql",
    b"mysqldump",
    b"mysqladmin",
    b"mysqlimport",
    b"mariadb",
    b"mariadb-dump",
];

/// The credential of the `sasl_passwd` or `.pgpass` line around the offset. Its name is the host.
///
/// <https://www.postfix.org/SASL_README.html#client_sasl_enable>,
/// <https://www.postgresql.org/docs/current/libpq-pgpass.html>
pub(super) fn credential_line(source: Source<'_>, at: usize) -> Option<Found> {
    let line = source.trimmed(source.line(at, MAX_BARE));
    let bytes = source.slice(line);
    if bytes.starts_with(b"#") {
        return None;
    }
    let found = match bytes.iter().position(u8::is_ascii_whitespace) {
        Some(blank) => sasl(source, line, line.start + blank),
        None => pgpass(source, line),
    }?;
    let computed = is_computed(source, found.value.span, Setting::Bare);
    (!found.name.is_empty() && !found.value.span.is_empty() && !computed).then_some(found)
}

/// `[host]:587 user:password`
fn sasl(source: Source<'_>, line: Span, blank: usize) -> Option<Found> {
    let login = source.trimmed(Span::new(blank, line.end));
    let bytes = source.slice(login);
    if bytes.iter().any(u8::is_ascii_whitespace) {
        return None;
    }
    let colon = login.start + memchr::memchr(b':', bytes)?;
    let start = source.skip(line.start, 1, |byte| byte == b'[');
    let end = source.skip(start, blank - start, |byte| !matches!(byte, b']' | b':'));
    Some(Found {
        name: Span::new(start, end.min(blank)),
        value: Literal::bare(Span::new(colon + 1, login.end)),
    })
}

/// `host:port:database:user:password`
fn pgpass(source: Source<'_>, line: Span) -> Option<Found> {
    let mut colons = memchr::memchr_iter(b':', source.slice(line)).map(|at| line.start + at);
    let first = colons.next()?;
    let port = Span::new(first + 1, colons.next()?);
    let last = colons.nth(1)?;
    let is_port = source
        .slice(port)
        .iter()
        .all(|&byte| byte.is_ascii_digit() || byte == b'*');
    (is_port && !port.is_empty()).then(|| Found {
        name: Span::new(line.start, first),
        value: Literal::bare(Span::new(last + 1, line.end)),
    })
}

/// Whether the name is a command of MySQL that takes `-p`.
pub(super) fn is_mysql_client(source: Source<'_>, name: Span) -> bool {
    matches!(source.at(name.start), b'm' | b'M') && source.is_any(name, &MYSQL_CLIENTS)
}

/// The password after `-p` on the line of a MySQL client that stands at or before the offset. The name is the `p`.
pub(super) fn mysql_password(source: Source<'_>, at: usize) -> Option<Found> {
    let line = source.line(at, MAX_BARE);
    let bytes = source.slice(line);
    let client = [b"mysql".as_slice(), b"mariadb"]
        .iter()
        .find_map(|client| memchr::memmem::find(bytes, client))?;
    let option = client + memchr::memmem::find(&bytes[client..], b" -p")?;
    let name = Span::new(line.start + option + 2, line.start + option + 3);
    let mark = mark_at(source, name.end);
    let start = mark.map_or(name.end, |mark| mark.end);
    let end = source.skip(start, MAX_BARE, |byte| match mark {
        Some(mark) => byte != source.at(mark.start) && byte != b'\n',
        None => byte > b' ' && !b"\"'`;|&<>)".contains(&byte),
    });
    let span = Span::new(start, end);
    let setting = if source.at(name.end) == b'\'' {
        Setting::Verbatim
    } else {
        Setting::Replacing
    };
    let refused = span.is_empty() || is_computed(source, span, setting);
    (!refused).then_some(Found {
        name,
        value: Literal {
            span,
            quoted: mark.is_some(),
        },
    })
}

/// `-u user:b`, `--user 'user:b'`; the name is the user.
pub(super) fn login_option(source: Source<'_>, name: Span) -> Option<Found> {
    if source.at(name.end) != b':' || source.at(name.end + 1) <= b' ' {
        return None;
    }
    let user = source.skip_back(name.start, 64, |byte| {
        byte > b' ' && !b"\"'`=".contains(&byte)
    });
    let mark = mark_before(source, user);
    let before = mark.map_or(user, |mark| mark.start);
    let option = source.skip_back(before, 4, |byte| is_blank(byte) || byte == b'=');
    let named = (option < before && source.ends(option, b"--user")) || source.ends(option, b" -u");
    if !named {
        return None;
    }
    let start = name.end + 1;
    let end = source.skip(start, MAX_BARE, |byte| {
        byte > b' ' && !b"\"'`\\".contains(&byte)
    });
    let span = Span::new(start, end);
    let refused = span.is_empty() || is_computed(source, span, Setting::Replacing);
    (!refused).then_some(Found {
        name,
        value: Literal {
            span,
            quoted: mark.is_some(),
        },
    })
}
