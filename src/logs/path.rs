//! The paths that requests ask for.

use std::borrow::Cow;

/// The path of a request's target as it was asked for: without host, query and fragment.
pub(super) fn asked(target: &[u8]) -> &[u8] {
    let target = match target.iter().position(|&byte| byte == b':') {
        // `GET http://host/path`, as proxies and load balancers write it.
        Some(colon) if target[colon..].starts_with(b"://") => {
            let rest = &target[colon + 3..];
            memchr::memchr(b'/', rest).map_or(b"/".as_slice(), |slash| &rest[slash..])
        }
        _ => target,
    };
    let end = memchr::memchr2(b'?', b'#', target).unwrap_or(target.len());
    &target[..end]
}

/// The path that it is a spelling of: decoded, without doubled slashes and dots.
pub(super) fn plain(path: &[u8]) -> Cow<'_, [u8]> {
    if is_plain(path) {
        return Cow::Borrowed(path);
    }
    let decoded: Vec<u8> = percent_encoding::percent_decode(path).collect();
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in decoded.split(|&byte| byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    let mut out = Vec::with_capacity(decoded.len() + 1);
    for part in parts {
        out.push(b'/');
        out.extend_from_slice(part);
    }
    if out.is_empty() || decoded.ends_with(b"/") {
        out.push(b'/');
    }
    Cow::Owned(out)
}

fn is_plain(path: &[u8]) -> bool {
    if path.first() != Some(&b'/') || memchr::memchr(b'%', path).is_some() {
        return false;
    }
    let mut parts = path[1..].split(|&byte| byte == b'/').peekable();
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        if matches!(part, b"." | b"..") || part.is_empty() && !is_last {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_one_plain_spelling() {
        for (target, path) in [
            ("/.env", "/.env"),
            ("/.env?x=1", "/.env"),
            ("//.env", "/.env"),
            ("/%2eenv", "/.env"),
            ("/x/../.env#a", "/.env"),
            ("/x/./.env", "/x/.env"),
            ("http://a.example/.env", "/.env"),
            ("https://a.example", "/"),
            ("/../../.env", "/.env"),
            ("/a/", "/a/"),
            ("/a//", "/a/"),
            ("/.git//config", "/.git/config"),
            ("/.well-known/%2e%2e/a", "/a"),
            ("*", "/*"),
            ("", "/"),
        ] {
            let plain = plain(asked(target.as_bytes())).into_owned();
            assert_eq!(String::from_utf8(plain).unwrap(), path, "{target}");
        }
    }
}
