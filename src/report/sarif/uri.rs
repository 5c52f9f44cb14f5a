//! Paths as URIs.

use std::fmt::Write;

/// The name of the scanned root in `originalUriBaseIds`.
pub(super) const ROOT_ID: &str = "SRCROOT";

/// Turns the paths of one report into URIs.
pub(super) struct Uris<'r> {
    base: Option<&'r str>,
}

/// A URI, and whether it is relative to [`ROOT_ID`].
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Uri {
    pub(super) text: String,
    pub(super) is_relative: bool,
}

impl<'r> Uris<'r> {
    pub(super) fn new(base: Option<&'r str>) -> Self {
        let base = base.map(|base| base.trim_end_matches('/'));
        Self { base }
    }

    /// The URI of the root, if it is known.
    pub(super) fn root(&self) -> Option<String> {
        self.base.map(|base| absolute(base) + "/")
    }

    /// Paths under the base become relative to it; absolute ones elsewhere stay absolute.
    pub(super) fn of(&self, path: &str) -> Uri {
        let under = self
            .base
            .and_then(|base| path.strip_prefix(base)?.strip_prefix('/'));
        match under {
            Some(rest) => Uri {
                text: encoded(rest),
                is_relative: true,
            },
            None if is_absolute(path) => Uri {
                text: absolute(path),
                is_relative: false,
            },
            None => Uri {
                text: encoded(path),
                is_relative: true,
            },
        }
    }
}

fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || has_drive(path)
}

/// `C:/`.
fn has_drive(path: &str) -> bool {
    matches!(path.as_bytes(), [drive, b':', b'/', ..] if drive.is_ascii_alphabetic())
}

/// RFC 8089, <https://www.rfc-editor.org/rfc/rfc8089>: `file:///srv`, `file:///C:/srv`, and
/// `file://host/share` for `//host/share`.
fn absolute(path: &str) -> String {
    if has_drive(path) {
        let (drive, rest) = path.split_at(2);
        format!("file:///{drive}{}", encoded(rest))
    } else if path.starts_with("//") {
        format!("file:{}", encoded(path))
    } else {
        format!("file://{}", encoded(path))
    }
}

/// Keeps `/` and what RFC 3986 calls unreserved; a colon in a first segment would read as a scheme.
fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for &byte in path.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a `String` does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uri(base: Option<&str>, path: &str) -> String {
        let uri = Uris::new(base).of(path);
        assert_eq!(uri.is_relative, !uri.text.starts_with("file:"));
        uri.text
    }

    #[test]
    fn paths_under_the_base_are_relative_to_it() {
        assert_eq!(uri(Some("/srv/site"), "/srv/site/a b/.env"), "a%20b/.env");
        assert_eq!(uri(Some("/srv/site/"), "/srv/site/.env"), ".env");
        assert_eq!(
            uri(Some("/srv/site"), "/srv/site2/.env"),
            "file:///srv/site2/.env"
        );
        assert_eq!(uri(Some("/"), "/etc/x"), "etc/x");
    }

    #[test]
    fn other_relative_paths_stay() {
        assert_eq!(uri(None, "a:b/größe%"), "a%3Ab/gr%C3%B6%C3%9Fe%25");
        assert_eq!(uri(None, "../x"), "../x");
        assert_eq!(uri(None, "<stdin>"), "%3Cstdin%3E");
    }

    #[test]
    fn absolute_paths_have_a_scheme() {
        assert_eq!(uri(None, "/srv/#1"), "file:///srv/%231");
        assert_eq!(uri(None, "C:/site/x"), "file:///C:/site/x");
        assert_eq!(uri(None, "//host/share/x"), "file://host/share/x");
        let root = Uris::new(Some("/srv/my site")).root();
        assert_eq!(root.as_deref(), Some("file:///srv/my%20site/"));
    }
}
