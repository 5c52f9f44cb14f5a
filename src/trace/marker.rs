//! Comments in a file that say that a credential in it is none.
//!
//! Ours is `spillcheck:allow`, `spillcheck:allow[rule-id] reason`, on the line of the credential or on the one before.
//! Those of other scanners are honoured as they are:
//! <https://github.com/gitleaks/gitleaks#gitleaksallow>, <https://github.com/Yelp/detect-secrets#inline-allowlisting>,
//! <https://docs.gitguardian.com/ggshield-docs/reference/secret/ignore>,
//! <https://github.com/trufflesecurity/trufflehog>, <https://github.com/mongodb/kingfisher>,
//! <https://semgrep.dev/docs/ignoring-files-folders-code>, <https://bandit.readthedocs.io/en/latest/config.html>,
//! <https://github.com/securego/gosec#annotating-code>.

use std::ops::Range;

use memchr::memmem;

use crate::finding::{Suppression, Suppressor};

use super::locate::Place;

const OURS: &str = "spillcheck:allow";
/// How many bytes say whether a marker of ours starts at the first of them.
pub(super) const LEN: usize = OURS.len() + 1;
/// On the line of the credential.
const SAME_LINE: &[&str] = &[
    "gitleaks:allow",
    "betterleaks:allow",
    "pragma: allowlist secret",
    "pragma: whitelist secret",
    "ggignore",
    "trufflehog:ignore",
    "kingfisher:ignore",
    "nosemgrep",
    // Of bandit and gosec those that speak of credentials: alone, `nosec` may mean anything.
    "nosec B105",
    "nosec B106",
    "nosec B107",
    "nosec G101",
];
/// On the line before.
const LINE_BEFORE: &[&str] = &["pragma: allowlist nextline secret"];
/// What ends a comment, where its line goes on.
const ENDS: &[&str] = &["*/", "-->", "?>", "#}", "%}", "}}", "*)"];
/// So many characters of a reason are kept.
const MAX_REASON: usize = 200;

/// A comment that allows what stands beside it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Marker {
    /// The decision, for reports.
    pub(super) suppression: Suppression,
    /// Where in the text it starts, if it is ours.
    pub(super) at: Option<u64>,
}

/// The comment beside a match that allows what this rule found. `secrets` are the spans of all matches in the text,
/// sorted: a reason ends before them.
pub(super) fn of(place: &Place, rule: &str, secrets: &[Range<u64>]) -> Option<Marker> {
    let (before, head, tail) = lines(place);
    let ours = [&tail, &head, &before]
        .into_iter()
        .find_map(|line| line.ours(rule, secrets));
    let foreign = || {
        let on_line = |marker: &&&str| head.has(marker) || tail.has(marker);
        let same = SAME_LINE.iter().find(on_line);
        same.or_else(|| LINE_BEFORE.iter().find(|marker| before.has(marker)))
    };
    ours.or_else(|| {
        foreign().map(|marker| Marker {
            suppression: Suppression::new(Suppressor::Marker, *marker),
            at: None,
        })
    })
}

/// Where markers of ours start in a text.
pub(super) fn starts(text: &[u8]) -> impl Iterator<Item = usize> + '_ {
    let ends = |at: &usize| {
        let next = text.get(at + OURS.len());
        !next.is_some_and(|&c| c.is_ascii_alphanumeric() || c == b'-' || c == b'`')
    };
    memmem::find_iter(text, OURS).filter(ends)
}

/// The span of a marker of ours that starts here.
pub(super) fn span(at: u64) -> Range<u64> {
    at..at + OURS.len() as u64
}

/// A part of a line, and where it starts in the text.
struct Segment<'p> {
    text: &'p [u8],
    at: u64,
}

impl Segment<'_> {
    fn has(&self, marker: &str) -> bool {
        memmem::find(self.text, marker.as_bytes()).is_some()
    }

    /// Our marker, for every rule or for this one.
    fn ours(&self, rule: &str, secrets: &[Range<u64>]) -> Option<Marker> {
        starts(self.text).find_map(|at| {
            let after = at + OURS.len();
            let next = secrets.partition_point(|span| span.start < self.at + after as u64);
            let limit = secrets
                .get(next)
                .map_or(u64::MAX, |span| span.start - self.at);
            let end = usize::try_from(limit).unwrap_or(usize::MAX);
            let text = &self.text[after..end.min(self.text.len())];
            let text = String::from_utf8_lossy(text);
            let mut words = OURS.to_owned();
            let mut rest = text.as_ref();
            if let Some(list) = rest.strip_prefix('[') {
                let (ids, reason) = list.split_once(']')?;
                if !ids.split(',').any(|id| id.trim() == rule) {
                    return None;
                }
                words.push_str(&format!("[{ids}]"));
                rest = reason;
            }
            Some(Marker {
                suppression: Suppression::new(Suppressor::Marker, words).because(reason(rest)),
                at: Some(self.at + at as u64),
            })
        })
    }
}

/// What a comment goes on to say.
fn reason(rest: &str) -> Option<String> {
    let ends = ENDS.iter().filter_map(|end| rest.find(end));
    let text = &rest[..ends.min().unwrap_or(rest.len())];
    let is_edge = |c: char| c.is_whitespace() || c.is_control() || "\"'`,;".contains(c);
    let text = text
        .trim_start_matches([':', '-', ' '])
        .trim_matches(is_edge);
    (!text.is_empty()).then(|| text.chars().take(MAX_REASON).collect())
}

/// The line before a match, and its own lines before and after it, as far as they were kept.
fn lines(place: &Place) -> (Segment<'_>, Segment<'_>, Segment<'_>) {
    let around = place.around.as_slice();
    let start = usize::try_from(place.span.start - place.around_start).unwrap_or(usize::MAX);
    let head = &around[..start.min(around.len())];
    let len = usize::try_from(place.span.end - place.span.start).unwrap_or(usize::MAX);
    let kept = len.min(around.len() - head.len());
    let tail = &around[head.len() + kept..];
    let line_start = head
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |at| at + 1);
    let line_end = tail
        .iter()
        .position(|&byte| byte == b'\n')
        .unwrap_or(tail.len());
    let above = &head[..line_start.saturating_sub(1)];
    let above_start = above
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |at| at + 1);
    let at = |offset: usize| place.around_start + offset as u64;
    (
        Segment {
            text: &above[above_start..],
            at: at(above_start),
        },
        Segment {
            text: &head[line_start..],
            at: at(line_start),
        },
        Segment {
            text: &tail[..line_end],
            at: place.span.end,
        },
    )
}

#[cfg(test)]
mod tests {
    use crate::finding::Position;

    use super::*;

    /// The match is `***`.
    fn allowed(text: &str, rule: &str) -> bool {
        marker(text, rule).is_some()
    }

    fn marker(text: &str, rule: &str) -> Option<Marker> {
        let place = place(text);
        of(&place, rule, std::slice::from_ref(&place.span))
    }

    fn place(text: &str) -> Place {
        let start = text.find("***").unwrap() as u64;
        let position = Position { line: 1, column: 1 };
        Place {
            span: start..start + 3,
            file_span: start..start + 3,
            start: position,
            end: position,
            around: text.as_bytes().to_vec(),
            around_start: 0,
        }
    }

    #[test]
    fn markers_count_where_they_are_meant_to() {
        for text in [
            "a = *** # spillcheck:allow made up",
            "a = *** # spillcheck:allow[x-key] made up",
            "// spillcheck:allow[y, x-key]: made up\na = ***\nb",
            "a = *** # gitleaks:allow",
            "a = '***'  # pragma: allowlist secret",
            "# pragma: allowlist nextline secret\r\na = ***",
            "<!-- ggignore --> ***",
        ] {
            assert!(allowed(text, "x-key"), "{text}");
        }
        for text in [
            "a = ***",
            "a = *** # spillcheck:allow[y-key] made up",
            "a = *** # spillcheck:allow[x-key",
            "a = *** # spillcheck:allowed",
            "# gitleaks:allow\na = ***",
            "a = ***\n# spillcheck:allow",
            "# spillcheck:allow\n\na = ***",
            "# pragma: allowlist nextline secret\n\na = ***",
        ] {
            assert!(!allowed(text, "x-key"), "{text}");
        }
    }

    #[test]
    fn a_decision_has_its_words_and_its_reason() {
        for (text, words) in [
            ("a = *** # spillcheck:allow", "marker, spillcheck:allow"),
            (
                "a = *** # spillcheck:allow[x-key] made up\nb",
                "marker, spillcheck:allow[x-key]: made up",
            ),
            (
                "/* spillcheck:allow: for tests */ a = ***",
                "marker, spillcheck:allow: for tests",
            ),
            (
                "<!-- spillcheck:allow[y-key,x-key] docs --> \n***",
                "marker, spillcheck:allow[y-key,x-key]: docs",
            ),
            (
                "# spillcheck:allow x = ***",
                "marker, spillcheck:allow: x =",
            ),
            ("a = *** # gitleaks:allow", "marker, gitleaks:allow"),
            ("a = '***'  # nosec B105", "marker, nosec B105"),
        ] {
            let marker = marker(text, "x-key").unwrap();
            assert_eq!(marker.suppression.words(), words, "{text}");
            let at = text.find(OURS).map(|at| at as u64);
            assert_eq!(marker.at, at, "{text}");
        }
    }

    #[test]
    fn a_reason_ends_before_another_secret() {
        let text = "# spillcheck:allow see hunter2\n***";
        let place = place(text);
        let other = text.find("hunter2").unwrap() as u64;
        let marker = of(&place, "x", &[other..other + 7, place.span.clone()]).unwrap();
        assert_eq!(marker.suppression.reason.as_deref(), Some("see"));
    }
}
