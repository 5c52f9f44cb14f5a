//! Request targets.

/// The path of a request target: decoded, without a query, tidied. `None` if it is malformed or leads out of the
/// top.
pub(crate) fn decoded(target: &str) -> Option<String> {
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let mut bytes = Vec::with_capacity(path.len());
    let raw = path.as_bytes();
    let mut at = 0;
    while at < raw.len() {
        if raw[at] == b'%' {
            let digits = raw.get(at + 1..at + 3)?;
            let text = std::str::from_utf8(digits).ok()?;
            let byte = u8::from_str_radix(text, 16)
                .ok()
                .filter(|&byte| byte != 0)?;
            bytes.push(byte);
            at += 3;
        } else {
            bytes.push(raw[at]);
            at += 1;
        }
    }
    let text = String::from_utf8(bytes).ok()?;
    let mut parts: Vec<&str> = Vec::new();
    for part in text.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    let slash = if text.ends_with('/') && !parts.is_empty() {
        "/"
    } else {
        ""
    };
    Some(format!("/{}{slash}", parts.join("/")))
}

/// What follows the URL of a mount in a path.
pub(crate) fn inside<'p>(url: &str, path: &'p str) -> Option<&'p str> {
    let rest = path.strip_prefix(url.trim_end_matches('/'))?;
    match rest.strip_prefix('/') {
        Some(rest) => Some(rest),
        None => rest.is_empty().then_some(""),
    }
}

/// The request target of a path under the URL of a mount.
pub(crate) fn encoded(url: &str, inside: &str) -> String {
    let mut target = url.trim_end_matches('/').to_owned();
    target.push('/');
    for &byte in inside.as_bytes() {
        let plain = byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=:@".contains(&byte);
        if plain {
            target.push(char::from(byte));
        } else {
            const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
            target.push('%');
            target.push(char::from(DIGITS[usize::from(byte >> 4)]));
            target.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
    target
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_decoded_and_tidied() {
        assert_eq!(decoded("//.%65nv?x=1").as_deref(), Some("/.env"));
        assert_eq!(decoded("/a/./b/../c/").as_deref(), Some("/a/c/"));
        assert_eq!(decoded("/").as_deref(), Some("/"));
        for bad in ["/%", "/%zz", "/%00", "/../a", "/%ff", "/%2e%2e/a"] {
            assert_eq!(decoded(bad), None, "{bad}");
        }
    }

    #[test]
    fn paths_are_encoded_so_that_they_come_back() {
        for inside in ["a b/ü?#%", ".env", "a+b"] {
            let target = encoded("/x", inside);
            assert_eq!(decoded(&target), Some(format!("/x/{inside}")));
        }
        assert_eq!(encoded("/", ".env"), "/.env");
    }

    #[test]
    fn a_mount_holds_what_is_below_it() {
        assert_eq!(inside("/", "/a"), Some("a"));
        assert_eq!(inside("/static", "/static/a"), Some("a"));
        assert_eq!(inside("/static", "/static"), Some(""));
        assert_eq!(inside("/static", "/statics"), None);
    }
}
