//! Where an excerpt was cut in the middle of a secret that was found elsewhere.
//!
//! A report takes whole secrets out of its texts. Of a secret at the edge of an excerpt only a part is left, which
//! is looked for here.

use memchr::memmem;

use crate::finding::{Excerpt, Secret};

/// A shorter part tells too little to be worth a hole in ordinary text.
const MIN_PART: usize = 6;
const MASK: &str = "****";
/// Stands where a line was cut.
const CUT: char = '…';
/// How the lines of a PEM block start that everyone may read.
const PEM_RULE: &[u8] = b"-----";

/// The secrets of a run, by how they start and by how they end.
pub(super) struct Edges {
    starts: Vec<Box<[u8]>>,
    /// Back to front.
    ends: Vec<Box<[u8]>>,
}

impl Edges {
    /// Takes all secrets of a run. Of a secret of several lines, each line is one.
    pub(super) fn new<'s>(secrets: impl Iterator<Item = &'s Secret>) -> Self {
        let mut starts: Vec<Box<[u8]>> = secrets
            .flat_map(|secret| secret.expose().split(|byte| matches!(byte, b'\n' | b'\r')))
            .filter(|line| line.len() > MIN_PART && !line.starts_with(PEM_RULE))
            .map(Box::from)
            .collect();
        let mut ends: Vec<Box<[u8]>> = starts
            .iter()
            .map(|line| line.iter().rev().copied().collect())
            .collect();
        starts.sort_unstable();
        ends.sort_unstable();
        Self { starts, ends }
    }

    /// Masks what is left of secrets at both edges of the marked line; the others are never cut.
    pub(super) fn mask(&self, excerpt: &mut Excerpt) {
        let Some(line) = excerpt.lines.get_mut(excerpt.marked_line) else {
            return;
        };
        let (before, rest) = line.split_at(byte_index(line, excerpt.mark_start));
        let (mark, after) = rest.split_at(byte_index(rest, excerpt.mark_len));
        let (head, tail) = (self.end_at_start(before), self.start_at_end(after));
        if head.is_none() && tail.is_none() {
            return;
        }
        let before = head.map_or_else(
            || before.to_owned(),
            |kept| format!("{CUT}{MASK}{}", &before[kept..]),
        );
        let after = tail.map_or_else(
            || after.to_owned(),
            |kept| format!("{}{MASK}{CUT}", &after[..kept]),
        );
        excerpt.mark_start = before.chars().count();
        *line = [before.as_str(), mark, after.as_str()].concat();
    }

    /// Where the end of a secret, with which the text starts, is over.
    fn end_at_start(&self, text: &str) -> Option<usize> {
        let body = text.trim_start_matches(CUT);
        let skipped = text.len() - body.len();
        let lengths = body.char_indices().map(|(at, c)| at + c.len_utf8());
        lengths
            .rev()
            .take_while(|length| *length >= MIN_PART)
            .find(|&length| {
                let part: Vec<u8> = body.as_bytes()[..length].iter().rev().copied().collect();
                is_start_of_one(&self.ends, &part)
            })
            .map(|length| skipped + length)
            .or_else(|| self.is_inside_one(body).then_some(text.len()))
    }

    /// Whether all of a text that was cut is a part of a secret which goes on on both sides of it: the mark
    /// after it is then a smaller secret inside of that one.
    fn is_inside_one(&self, text: &str) -> bool {
        let mut longer = self
            .starts
            .iter()
            .filter(|secret| secret.len() > text.len());
        text.len() >= MIN_PART
            && longer.any(|secret| memmem::find(secret, text.as_bytes()).is_some())
    }

    /// Where the start of a secret, with which the text ends, begins.
    fn start_at_end(&self, text: &str) -> Option<usize> {
        let body = text.trim_end_matches(CUT);
        let mut starts = body.char_indices().map(|(at, _)| at);
        starts.find(|&at| {
            let part = &body.as_bytes()[at..];
            part.len() >= MIN_PART && is_start_of_one(&self.starts, part)
        })
    }
}

fn is_start_of_one(sorted: &[Box<[u8]>], part: &[u8]) -> bool {
    let next = sorted.partition_point(|secret| &**secret < part);
    sorted
        .get(next)
        .is_some_and(|secret| secret.starts_with(part))
}

/// The byte at which the character of this number starts.
fn byte_index(text: &str, chars: usize) -> usize {
    text.char_indices()
        .nth(chars)
        .map_or(text.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn masked(secrets: &[&str], before: &str, after: &str) -> (String, String) {
        let secrets: Vec<Secret> = secrets.iter().map(|s| Secret::new(s.as_bytes())).collect();
        let mut excerpt = Excerpt {
            first_line: 1,
            lines: vec!["line before".to_owned(), format!("{before}<mark>{after}")],
            marked_line: 1,
            mark_start: before.chars().count(),
            mark_len: 6,
        };
        Edges::new(secrets.iter()).mask(&mut excerpt);
        let line = &excerpt.lines[1];
        let (before, rest) = line.split_at(byte_index(line, excerpt.mark_start));
        let after = rest.strip_prefix("<mark>");
        (before.to_owned(), after.expect("the mark stays").to_owned())
    }

    #[test]
    fn a_cut_secret_is_masked_at_either_edge() {
        let secrets = ["correct-horse", "battery-staple"];
        let of = |before, after| masked(&secrets, before, after);
        assert_eq!(of("…horse é=", ""), ("…horse é=".into(), "".into()), "five");
        assert_eq!(of("…-horse é=", " x"), ("…**** é=".into(), " x".into()));
        assert_eq!(of("-horse=", " x"), ("…****=".into(), " x".into()));
        assert_eq!(of("é=", " x batter…"), ("é=".into(), " x ****…".into()));
        assert_eq!(of("a", " x battery"), ("a".into(), " x ****…".into()));
        assert_eq!(
            of("…ry-staple", "correct-…"),
            ("…****".into(), "****…".into())
        );
    }

    #[test]
    fn what_is_whole_or_no_secret_stays() {
        let plain = ("a batter ".to_owned(), " horse and battered…".to_owned());
        assert_eq!(masked(&["battery-staple"], &plain.0, &plain.1), plain);
        assert_eq!(masked(&[], &plain.0, &plain.1), plain);
    }

    #[test]
    fn lines_of_a_long_secret_count_for_themselves() {
        let secret = "-----BEGIN KEY-----\r\nQUJDREVGSEk\r\n-----END KEY-----";
        assert_eq!(masked(&[secret], "", "QUJDREV").1, "****…");
        assert_eq!(masked(&[secret], "", "-----BEGIN").1, "-----BEGIN");
    }

    proptest! {
        #[test]
        fn no_part_is_left(
            secrets in prop::collection::vec("[a-z0-9 é]{8,20}", 1..5),
            head in 1..8_usize,
            tail in 1..8_usize,
        ) {
            let known: Vec<&str> = secrets.iter().map(String::as_str).collect();
            let end: String = known[0].chars().skip(head).collect();
            let last = known[known.len() - 1];
            let start: String = last.chars().take(last.chars().count() - tail).collect();
            let (before, after) = masked(&known, &format!("…{end}|"), &format!("|{start}…"));
            if end.len() >= MIN_PART {
                prop_assert!(!before.contains(&end), "{before}");
            }
            if start.len() >= MIN_PART {
                prop_assert!(!after.contains(&start), "{after}");
            }
        }
    }
}
