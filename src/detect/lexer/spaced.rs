//! Values that only white space separates from their name: `SetEnv A b`, `fastcgi_param A b;`, `--password b`.

use super::Syntax;
use super::bare::{End, bare_at, is_option};
use super::forward::Found;
use super::lines;
use super::operators::operator_at;
use super::source::{Source, Span};
use super::values::{Literal, quoted_at};

/// Apache directives whose first argument is a name and whose second is its value.
/// <https://httpd.apache.org/docs/2.4/mod/mod_env.html>, <https://www.php.net/configuration.changes>
const APACHE: [&[u8]; 7] = [
    b"SetEnv",
    b"php_value",
    b"php_admin_value",
    b"set",
    b"add",
    b"append",
    b"Define",
];

/// nginx directives of the same kind. <https://nginx.org/en/docs/dirindex.html>
const NGINX: [&[u8]; 7] = [
    b"fastcgi_param",
    b"uwsgi_param",
    b"scgi_param",
    b"set",
    b"proxy_set_header",
    b"add_header",
    b"grpc_set_header",
];

/// Settings that take their value after a blank in files that otherwise write `=`, or nothing else.
const SETTINGS: [&[u8]; 6] = [
    b"password",
    b"passwd",
    b"requirepass",
    b"masterauth",
    b"secret",
    b"key",
];

/// The value that starts at `at`, after the blanks that follow the name.
pub(super) fn after_name(source: Source<'_>, name: Span, at: usize) -> Option<Found> {
    if lines::is_mysql_client(source, name) {
        return lines::mysql_password(source, name.start);
    }
    let literal = match source.syntax {
        Syntax::Apache => directive(source, name, at, &APACHE),
        Syntax::Nginx => directive(source, name, at, &NGINX),
        Syntax::Docker => docker(source, name, at),
        Syntax::Words | Syntax::Ini => setting(source, name, at),
        _ => None,
    };
    literal
        .or_else(|| option(source, name, at))
        .or_else(|| sql(source, name, at))
        .map(|value| Found { name, value })
}

fn value(source: Source<'_>, at: usize, end: End) -> Option<Literal> {
    quoted_at(source, at)
        .map(|found| found.0)
        .or_else(|| bare_at(source, at, end))
}

fn directive(source: Source<'_>, name: Span, at: usize, directives: &[&[u8]]) -> Option<Literal> {
    let open = source.skip_back(name.start, 2, |byte| b"$\"'".contains(&byte));
    let word = source.previous_word(open);
    if !source.is_any(word, directives) {
        return None;
    }
    let literal = value(source, at, End::Word)?;
    let is_header = source.is_any(name, &[b"Authorization"]);
    if !is_header {
        return Some(literal);
    }
    let bytes = source.slice(literal.span);
    let start = memchr::memchr(b' ', bytes)
        .map_or(literal.span.start, |blank| literal.span.start + blank + 1);
    Some(Literal {
        span: Span::new(start, literal.span.end),
        ..literal
    })
}

fn docker(source: Source<'_>, name: Span, at: usize) -> Option<Literal> {
    let keyword = source.is_any(source.previous_word(name.start), &[b"ENV"]);
    keyword.then(|| value(source, at, End::Line))?
}

fn setting(source: Source<'_>, name: Span, at: usize) -> Option<Literal> {
    if !source.is_any(name, &SETTINGS) {
        return None;
    }
    let starts_line = matches!(
        source.before(source.blanks_back(name.start)),
        0 | b'\n' | b'\r'
    );
    if source.syntax == Syntax::Ini && !starts_line {
        return None;
    }
    let end = source.skip(at, super::bare::MAX_BARE, |byte| {
        !byte.is_ascii_whitespace()
    });
    let alone = source.syntax == Syntax::Words
        || matches!(source.at(source.blanks(end)), 0 | b'\n' | b'\r' | b'#');
    alone.then(|| value(source, at, End::Word))?
}

/// `--password b` on a command line, `setenv A b` in a shell, `aws configure set a b`.
fn option(source: Source<'_>, name: Span, at: usize) -> Option<Literal> {
    if matches!(source.syntax, Syntax::Json | Syntax::Xml | Syntax::Sql) || source.syntax.is_code()
    {
        return None;
    }
    let given = is_option(source, name) && source.at(at) != b'-';
    let set = source.syntax == Syntax::Shell
        && source.is_any(source.previous_word(name.start), &[b"setenv", b"set"]);
    (given || set).then(|| value(source, at, End::Word))?
}

/// `IDENTIFIED BY 'b'`, `IDENTIFIED WITH plugin BY 'b'`, `PASSWORD 'b'`, `PASSWORD FOR 'u' = 'b'`.
fn sql(source: Source<'_>, name: Span, at: usize) -> Option<Literal> {
    if source.starts(at, b"BY ") {
        let value = source.blanks(at + 3);
        let plain = if source.starts(value, b"PASSWORD ") {
            source.blanks(value + 9)
        } else {
            value
        };
        return quoted_at(source, plain).map(|found| found.0);
    }
    if source.syntax != Syntax::Sql || !source.is_any(name, &[b"password"]) {
        return None;
    }
    if source.starts(at, b"FOR ") {
        let equals = source.skip(at, 256, |byte| !matches!(byte, b'=' | b';' | b'\n'));
        let operator = operator_at(source, equals)?;
        return quoted_at(source, source.blanks(operator.end)).map(|found| found.0);
    }
    quoted_at(source, at).map(|found| found.0)
}
