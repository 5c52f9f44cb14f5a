//! `Alias`, `Redirect` and what looks like them.
//!
//! <https://httpd.apache.org/docs/2.4/mod/mod_alias.html>

use std::sync::Arc;

use crate::finding::Reason;

use super::pattern::Pattern;
use super::tree::{Known, Node};

/// A URL that leads somewhere else.
#[derive(Debug, Clone)]
pub(super) struct Alias {
    pub(super) from: From,
    /// The file, or the URL; absent for a status that needs none.
    pub(super) to: Option<String>,
    /// Of a redirect.
    pub(super) status: u16,
    /// `ScriptAlias`.
    pub(super) is_script: bool,
    pub(super) why: Arc<Reason>,
}

/// Which URLs.
#[derive(Debug, Clone)]
pub(super) enum From {
    Prefix(String),
    Pattern(Pattern),
}

impl Alias {
    /// Where a URL's path leads, if it is one of these.
    pub(super) fn target(&self, path: &str) -> Known<Option<String>> {
        match &self.from {
            From::Prefix(prefix) => Ok(after_prefix(path, prefix)
                .map(|rest| format!("{}{rest}", self.to.as_deref().unwrap_or_default()))),
            From::Pattern(pattern) => {
                let groups = pattern.groups(path)?;
                let to = self.to.as_deref().unwrap_or_default();
                Ok(groups.map(|groups| substituted(to, &|number| groups.get(number).to_owned())))
            }
        }
    }

    /// From `Redirect` and its kind; the error is what the server says.
    pub(super) fn redirect(node: &Node) -> Result<Redirect, String> {
        let mut words = node.words();
        let is_pattern = node.name == "redirectmatch";
        let mut status = match &*node.name {
            "redirectpermanent" => 301,
            _ => 302,
        };
        let first = words.first().cloned().unwrap_or_default();
        let named = match &*first.to_ascii_lowercase() {
            "permanent" => Some(301),
            "temp" => Some(302),
            "seeother" => Some(303),
            "gone" => Some(410),
            word if word.starts_with(|digit: char| digit.is_ascii_digit()) => {
                Some(word.parse().map_err(|_| "Redirect: a bad status")?)
            }
            _ => None,
        };
        if let Some(named) = named {
            status = named;
            words.remove(0);
        } else if words.len() > 2 {
            return Err("Redirect: invalid first argument (of three)".to_owned());
        }
        let needs_url = (300..400).contains(&status);
        let (from, to) = match (words.len(), needs_url) {
            (0, false) | (1, true) => return Ok(Redirect::Here(status)),
            (1, false) => (words.remove(0), None),
            (2, true) => {
                let from = words.remove(0);
                (from, words.pop())
            }
            (_, true) => return Err("URL to redirect to is missing".to_owned()),
            (_, false) => return Err("Redirect URL not valid for this status".to_owned()),
        };
        if let Some(to) = to.as_deref().filter(|_| !is_pattern) {
            let is_url = to.starts_with('/') || to.contains("://");
            if !is_url {
                return Err("Redirect to non-URL".to_owned());
            }
        }
        Ok(Redirect::From(Self {
            from: if is_pattern {
                From::Pattern(Pattern::new(&from, false))
            } else {
                From::Prefix(from)
            },
            to,
            status,
            is_script: false,
            why: node.reason(),
        }))
    }

    /// From `Alias` and its kind, outside of a `<Location>`.
    pub(super) fn of(node: &Node) -> Option<Self> {
        let words = node.words();
        let [from, to] = &words[..] else {
            return None;
        };
        Some(Self {
            from: if node.name.ends_with("match") {
                From::Pattern(Pattern::new(from, false))
            } else {
                From::Prefix(from.clone())
            },
            to: Some(to.clone()),
            status: 0,
            is_script: node.name.starts_with("script"),
            why: node.reason(),
        })
    }
}

/// What a redirecting directive says.
#[derive(Debug)]
pub(super) enum Redirect {
    /// URLs of this kind.
    From(Alias),
    /// Every URL of the section that it stands in.
    Here(u16),
}

/// What follows a prefix in a path; any number of slashes in it are as good as one.
pub(super) fn after_prefix<'p>(path: &'p str, prefix: &str) -> Option<&'p str> {
    let mut rest = path;
    let mut wanted = prefix;
    while let Some(next) = wanted.chars().next() {
        if next == '/' {
            rest = rest.strip_prefix('/')?.trim_start_matches('/');
            wanted = wanted.trim_start_matches('/');
        } else {
            rest = rest.strip_prefix(next)?;
            wanted = &wanted[next.len_utf8()..];
        }
    }
    let is_whole = prefix.ends_with('/') || rest.is_empty() || rest.starts_with('/');
    is_whole.then_some(rest)
}

/// Puts groups in: `$1`, `\$`, `&` is literal.
pub(super) fn substituted(text: &str, group: &dyn Fn(usize) -> String) -> String {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(next) = chars.next() {
        match (next, chars.peek().copied()) {
            ('\\', Some(escaped @ ('$' | '&'))) => {
                out.push(escaped);
                chars.next();
            }
            ('$', Some(digit)) if digit.is_ascii_digit() => {
                out.push_str(&group(digit as usize - '0' as usize));
                chars.next();
            }
            _ => out.push(next),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_end_at_slashes() {
        assert_eq!(after_prefix("/icons/a", "/icons/"), Some("a"));
        assert_eq!(after_prefix("/icons", "/icons/"), None);
        assert_eq!(after_prefix("/cfg//a", "/cfg"), Some("//a"));
        assert_eq!(after_prefix("/cfgx", "/cfg"), None);
        assert_eq!(substituted("/a/$1\\$&", &|_| "x".to_owned()), "/a/x$&");
    }
}
