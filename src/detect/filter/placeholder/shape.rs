//! Values whose shape is that of something else: paths, URLs, dates, versions, colours.

use memchr::{memchr, memmem, memrchr};

use super::super::alphabet::Profile;
use super::super::randomness::is_random;

/// Extensions of files that a credential's name may point to, sorted.
const EXTENSIONS: &[&str] = &[
    "asc",
    "cer",
    "cfg",
    "conf",
    "crt",
    "css",
    "csv",
    "db",
    "env",
    "go",
    "gpg",
    "html",
    "ini",
    "jks",
    "jpg",
    "js",
    "json",
    "key",
    "lock",
    "log",
    "md",
    "p12",
    "pem",
    "pfx",
    "php",
    "png",
    "properties",
    "pub",
    "py",
    "rb",
    "sh",
    "sql",
    "sqlite",
    "svg",
    "toml",
    "tpl",
    "ts",
    "twig",
    "txt",
    "vue",
    "xml",
    "yaml",
    "yml",
];
const ROOTS: &[&[u8]] = &[
    b"./", b"../", b"~/", b"/etc/", b"/var/", b"/home/", b"/usr/", b"/run/", b"/opt/", b"/root/",
    b"/Users/",
];
const MIME_TYPES: &[&[u8]] = &[
    b"application/",
    b"text/",
    b"image/",
    b"audio/",
    b"video/",
    b"multipart/",
    b"font/",
    b"message/",
];
/// Digits of flags, and of ports, sizes and dates; nobody takes the first for a password.
const MAX_FLAG: usize = 2;
const MAX_NUMBER: usize = 8;
const FORMATS: &[&[u8]] = &[b"%s", b"%d", b"{0}", b"{1}", b"{}", b"%@", b"%1$s"];

/// Words of which one stands in nearly every list of what a form's field has to be.
/// <https://laravel.com/docs/validation#available-validation-rules>,
/// <https://codeigniter.com/user_guide/libraries/validation.html#available-rules>
const FIELD_RULES: &[&[u8]] = &[
    b"required",
    b"nullable",
    b"sometimes",
    b"string",
    b"confirmed",
    b"min",
    b"max",
    b"bail",
    b"min_length",
    b"max_length",
    b"permit_empty",
    b"filled",
    b"present",
];

/// Whether it has the shape of something that is no password, even a weak one.
pub(super) fn is_something_else(value: &[u8], profile: &Profile) -> bool {
    if profile.others == 0 {
        return profile.letters() == 0 && profile.digits <= MAX_FLAG;
    }
    is_path(value, profile)
        || (profile.has(b':') && is_plain_url(value))
        || is_colour(value)
        || (profile.has(b'|') && is_field_rules(value))
        || is_nil_uuid(value)
        || (profile.has(b'.') && is_version(value))
        || is_format(value, profile)
        || (profile.has(b'/') && is_mime_type(value))
        || (profile.has(b'(') && is_column_type(value))
}

/// Whether it has a shape that weak passwords share with other things: numbers, dates, mail addresses.
pub(super) fn is_likely_something_else(value: &[u8], profile: &Profile) -> bool {
    if profile.others == 0 {
        return profile.letters() == 0 && profile.digits <= MAX_NUMBER;
    }
    is_date(value, profile) || (profile.has(b'@') && is_email(value)) || is_key_path(value, profile)
}

/// The type of a column, as migrations write it beside its name: `VARCHAR(191) NOT NULL`.
fn is_column_type(value: &[u8]) -> bool {
    const TYPES: [&[u8]; 7] = [
        b"VARCHAR",
        b"CHAR",
        b"NVARCHAR",
        b"NCHAR",
        b"VARBINARY",
        b"BINARY",
        b"VARCHAR2",
    ];
    let Some(open) = value.iter().position(|&byte| byte == b'(') else {
        return false;
    };
    let digits = value[open + 1..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let is_closed = value.get(open + 1 + digits) == Some(&b')');
    let is_type = TYPES
        .iter()
        .any(|name| value[..open].trim_ascii_end().eq_ignore_ascii_case(name));
    is_type && digits > 0 && is_closed
}

fn is_mime_type(value: &[u8]) -> bool {
    MIME_TYPES.iter().any(|prefix| value.starts_with(prefix)) && !is_random(value)
}

/// A URL without user information; a query may hold a credential of its own.
fn is_plain_url(value: &[u8]) -> bool {
    let scheme = value
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric())
        .count();
    let rest = &value[scheme..];
    let rest = match rest.strip_prefix(b"://") {
        Some(rest) if scheme > 1 => rest,
        _ => return false,
    };
    memchr(b'@', rest).is_none()
        && memchr(b'=', rest).is_none()
        && !rest.split(|&byte| byte == b'/').any(is_random)
}

/// Absolute, relative or Windows paths, and names of files.
fn is_path(value: &[u8], profile: &Profile) -> bool {
    let rooted = matches!(value, [b'.' | b'~' | b'/', ..])
        && ROOTS.iter().any(|root| value.starts_with(root));
    let windows = matches!(value, [b'A'..=b'Z' | b'a'..=b'z', b':', b'\\', ..]);
    let named = profile.has(b'.') && has_known_extension(value);
    let separated = matches!(value, [b'/', b'A'..=b'Z' | b'a'..=b'z', ..])
        && value
            .iter()
            .all(|&byte| byte.is_ascii_lowercase() || b"/-_.".contains(&byte));
    (rooted || windows || named || separated) && !value.split(|&byte| byte == b'/').any(is_random)
}

fn has_known_extension(value: &[u8]) -> bool {
    memrchr(b'.', value).is_some_and(|dot| {
        let extension = &value[dot + 1..];
        EXTENSIONS
            .binary_search_by(|known| known.as_bytes().cmp(extension))
            .is_ok()
    })
}

/// `required|min:8`, `trim|min_length[8]`.
fn is_field_rules(value: &[u8]) -> bool {
    let name = |rule: &[u8]| {
        let end = rule.iter().position(|byte| b":[".contains(byte));
        rule[..end.unwrap_or(rule.len())].to_vec()
    };
    let is_name = |name: &Vec<u8>| {
        !name.is_empty()
            && name
                .iter()
                .all(|&byte| byte.is_ascii_lowercase() || byte == b'_')
    };
    let names: Vec<Vec<u8>> = value.split(|&byte| byte == b'|').map(name).collect();
    names.iter().all(is_name)
        && names
            .iter()
            .any(|name| FIELD_RULES.contains(&name.as_slice()))
}

/// `#fff`, `#a1b2c3`, with or without alpha.
fn is_colour(value: &[u8]) -> bool {
    value.strip_prefix(b"#").is_some_and(|digits| {
        matches!(digits.len(), 3 | 4 | 6 | 8) && digits.iter().all(u8::is_ascii_hexdigit)
    })
}

fn is_nil_uuid(value: &[u8]) -> bool {
    value.len() == 36 && value.iter().all(|byte| matches!(byte, b'0' | b'-'))
}

/// `^1.0.2`, `2.0.0-beta.1`: what a list of packages says of one whose name sounds like a credential's.
fn is_version(value: &[u8]) -> bool {
    let start = value
        .iter()
        .take_while(|byte| b"^~=<>v ".contains(byte))
        .count();
    let value = &value[start..];
    let end = value.iter().position(|byte| matches!(byte, b'-' | b'+'));
    let (numbers, suffix) = value.split_at(end.unwrap_or(value.len()));
    let is_number =
        |part: &[u8]| (1..=5).contains(&part.len()) && part.iter().all(u8::is_ascii_digit);
    let parts = || numbers.split(|&byte| byte == b'.');
    let is_of_release =
        |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'.';
    (3..=4).contains(&parts().count())
        && parts().all(is_number)
        && (suffix.is_empty()
            || (2..=12).contains(&suffix.len()) && suffix[1..].iter().all(is_of_release))
}

/// A message that something is put into.
fn is_format(value: &[u8], profile: &Profile) -> bool {
    (profile.has(b'%') || profile.has(b'{'))
        && FORMATS
            .iter()
            .any(|format| memmem::find(value, format).is_some())
        && !is_random(value)
}

/// Dates and times with their separators.
fn is_date(value: &[u8], profile: &Profile) -> bool {
    profile.digits >= 6
        && profile.letters() <= 2
        && value.len() <= 35
        && value
            .iter()
            .all(|&byte| byte.is_ascii_digit() || b"-/:.T Z+".contains(&byte))
        && value
            .split(|byte| !byte.is_ascii_digit())
            .all(|part| part.len() <= 9)
}

/// `name@domain.tld`. Also what some weak passwords look like.
fn is_email(value: &[u8]) -> bool {
    let Some(at) = memchr(b'@', value) else {
        return false;
    };
    let (name, domain) = (&value[..at], &value[at + 1..]);
    let is_name = !name.is_empty()
        && name
            .iter()
            .all(|&byte| byte.is_ascii_alphanumeric() || b"._+-".contains(&byte));
    let top = domain.rsplit(|&byte| byte == b'.').next().unwrap_or(domain);
    is_name
        && top.len() < domain.len()
        && top.len() >= 2
        && top.iter().all(u8::is_ascii_alphabetic)
        && domain
            .iter()
            .all(|&byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
}

/// `auth.password`, `mail/templates/reset`: words of one case joined by dots or slashes, as translations,
/// routes and settings are named.
fn is_key_path(value: &[u8], profile: &Profile) -> bool {
    let joined = |byte: &u8| matches!(byte, b'.' | b'/' | b':' | b'\\');
    let is_words = |part: &[u8]| {
        part.len() > 1
            && part
                .iter()
                .all(|&byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-'))
    };
    profile.digits == 0
        && value.iter().any(joined)
        && value.split(joined).all(is_words)
        && !is_random(value)
}
