//! Comments in a file that say that a credential in it is none.
//!
//! Ours is `spillcheck:allow`, `spillcheck:allow[rule-id] reason`, on the line of the credential or on the one before.
//! Those of other scanners are honoured as they are:
//! <https://github.com/gitleaks/gitleaks#gitleaksallow>, <https://github.com/Yelp/detect-secrets#inline-allowlisting>,
//! <https://docs.gitguardian.com/ggshield-docs/reference/secret/ignore>,
//! <https://github.com/trufflesecurity/trufflehog>, <https://github.com/mongodb/kingfisher>,
//! <https://semgrep.dev/docs/ignoring-files-folders-code>.

use super::locate::Place;

const OURS: &str = "spillcheck:allow";
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
];
/// On the line before.
const LINE_BEFORE: &[&str] = &["pragma: allowlist nextline secret"];

/// Whether a comment beside a match allows what this rule found.
pub(super) fn allows(place: &Place, rule: &str) -> bool {
    let (before, line) = lines(place);
    let allowed = |text: &str| ours(text, rule);
    allowed(&line)
        || allowed(&before)
        || SAME_LINE.iter().any(|marker| line.contains(marker))
        || LINE_BEFORE.iter().any(|marker| before.contains(marker))
}

/// Whether our marker stands in a line, for every rule or for this one.
fn ours(line: &str, rule: &str) -> bool {
    line.match_indices(OURS).any(|(at, _)| {
        let rest = &line[at + OURS.len()..];
        match rest.strip_prefix('[') {
            Some(list) => {
                let ids = list.split(']').next().unwrap_or_default();
                list.contains(']') && ids.split(',').any(|id| id.trim() == rule)
            }
            None => !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-'),
        }
    })
}

/// The line before a match, and its own lines without the match itself, as far as they were kept.
fn lines(place: &Place) -> (String, String) {
    let start = usize::try_from(place.span.start - place.around_start).unwrap_or(usize::MAX);
    let head = &place.around[..start.min(place.around.len())];
    let len = usize::try_from(place.span.end - place.span.start).unwrap_or(usize::MAX);
    let kept = len.min(place.around.len() - head.len());
    let tail = &place.around[head.len() + kept..];
    let line_start = head
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |at| at + 1);
    let line_end = tail
        .iter()
        .position(|&byte| byte == b'\n')
        .unwrap_or(tail.len());
    let before = head[..line_start.saturating_sub(1)]
        .rsplit(|&byte| byte == b'\n')
        .next();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let line = text(&head[line_start..]) + "\u{0}" + &text(&tail[..line_end]);
    (text(before.unwrap_or_default()), line)
}

#[cfg(test)]
mod tests {
    use crate::finding::Position;

    use super::*;

    /// The match is `***`.
    fn allowed(text: &str, rule: &str) -> bool {
        let start = text.find("***").unwrap() as u64;
        let position = Position { line: 1, column: 1 };
        let place = Place {
            span: start..start + 3,
            file_span: start..start + 3,
            start: position,
            end: position,
            around: text.as_bytes().to_vec(),
            around_start: 0,
        };
        allows(&place, rule)
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
}
