//! From a request target to a path: Apache decodes and shortens before it looks at any rule.

/// A path and a query, decoded as far as Apache does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) path: String,
    pub(super) query: Option<String>,
}

/// Takes a request target apart. The error is the HTTP status.
pub(super) fn parse(target: &str, merges_slashes: bool) -> Result<Target, u16> {
    let target = target.split('#').next().unwrap_or_default();
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query.to_owned())),
        None => (target, None),
    };
    if !path.starts_with('/') {
        return Err(400);
    }
    let shortened = normalized(&unreserved(path), merges_slashes).ok_or(400_u16)?;
    Ok(Target {
        path: decoded(&shortened)?,
        query,
    })
}

/// Decodes the characters that need no encoding, so that `%2e%2e` is seen for what it is.
fn unreserved(path: &str) -> String {
    let mut out = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [next, after @ ..] = rest {
        match encoded(rest) {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                out.push(byte);
                rest = &rest[3..];
            }
            _ => {
                out.push(*next);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn encoded(bytes: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = bytes else {
        return None;
    };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()
}

/// Takes out `.`, `..` and doubled slashes; nothing above the root.
pub(super) fn normalized(path: &str, merges_slashes: bool) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    let all: Vec<&str> = path.split('/').skip(1).collect();
    for (index, part) in all.iter().enumerate() {
        let is_last = index + 1 == all.len();
        match *part {
            "." if is_last => parts.push(""),
            "." => {}
            ".." => {
                parts.pop()?;
                if is_last {
                    parts.push("");
                }
            }
            "" if merges_slashes && !is_last => {}
            _ => parts.push(part),
        }
    }
    Some(format!("/{}", parts.join("/")))
}

/// Decodes what is left. An encoded slash is not found, a broken escape is refused.
fn decoded(path: &str) -> Result<String, u16> {
    let mut out = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    let mut status = None;
    while let [next, after @ ..] = rest {
        if *next != b'%' {
            out.push(*next);
            rest = after;
            continue;
        }
        let byte = encoded(rest).ok_or(400_u16)?;
        if byte == b'/' || byte == 0 {
            status = Some(404);
        }
        out.push(byte);
        rest = &rest[3..];
    }
    match status {
        Some(status) => Err(status),
        None => Ok(String::from_utf8_lossy(&out).into_owned()),
    }
}

/// As a client writes a path.
pub(super) fn escaped(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=:@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The part up to the last slash, with it.
pub(super) fn parent(path: &str) -> &str {
    path.rfind('/').map_or("", |slash| &path[..=slash])
}

/// A path below a directory, if it lies there: `""` for the directory itself.
pub(super) fn below<'p>(directory: &str, path: &'p str) -> Option<&'p str> {
    let directory = directory.trim_end_matches('/');
    let rest = path.strip_prefix(directory)?;
    if rest.is_empty() {
        Some("")
    } else {
        rest.strip_prefix('/')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn path(target: &str) -> Result<String, u16> {
        parse(target, true).map(|target| target.path)
    }

    #[test]
    fn targets_are_shortened_and_decoded() {
        assert_eq!(path("//.%65nv?x"), Ok("/.env".to_owned()));
        assert_eq!(path("/a/%2e%2e/b/./c//"), Ok("/b/c/".to_owned()));
        assert_eq!(path("/a/.."), Ok("/".to_owned()));
        assert_eq!(path("/../a"), Err(400));
        assert_eq!(path("/a%2fb"), Err(404));
        assert_eq!(path("/a%zz"), Err(400));
        assert_eq!(path("/a%252e"), Ok("/a%2e".to_owned()));
        assert_eq!(path("*"), Err(400));
        assert_eq!(escaped("/a b%?é"), "/a%20b%25%3F%C3%A9");
    }
}
