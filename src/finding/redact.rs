//! The second net: takes known secrets out of any text before it is written.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use aho_corasick::{AhoCorasick, BuildError, MatchKind};

use super::Secret;

/// Shorter secrets are not looked for: they would be found inside ordinary words, and a report
/// full of holes says where they are.
const MIN_LEN: usize = 6;

/// What stands in for a line of a longer secret.
const PART_MASK: &str = "****";

/// How the lines of a PEM block start and end that everyone may read.
const PEM_RULE: &[u8] = b"-----";

/// The secrets of a run are too many or too long to be looked for.
///
/// Whoever gets it must not write the texts that were to be redacted.
#[derive(Debug)]
pub struct RedactorError(BuildError);

impl fmt::Display for RedactorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the secrets found are too many to be masked reliably, so nothing is written ({}); \
             scan a smaller part of the tree at a time",
            self.0
        )
    }
}

impl std::error::Error for RedactorError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

/// Replaces every known secret in a text.
///
/// A secret of several lines is also recognised line by line, and one that is not UTF-8 also in
/// the form with U+FFFD that texts show it in.
pub struct Redactor {
    automaton: AhoCorasick,
    masks: Vec<String>,
}

impl Redactor {
    /// Prepares to redact these secrets.
    ///
    /// # Errors
    /// The secrets together are too large for one automaton (some 2 GB).
    pub fn new<'s>(secrets: impl IntoIterator<Item = &'s Secret>) -> Result<Self, RedactorError> {
        let mut masks = BTreeMap::new();
        for secret in secrets {
            add_patterns(secret, &mut masks);
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(masks.keys())
            .map_err(RedactorError)?;
        Ok(Self {
            automaton,
            masks: masks.into_values().collect(),
        })
    }

    /// The text, with a mask in the place of every known secret.
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let holes = self.holes(text);
        if holes.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len());
        let mut end = 0;
        for (span, pattern) in holes {
            out.push_str(&text[end..span.start]);
            out.push_str(&self.masks[pattern]);
            end = span.end;
        }
        out.push_str(&text[end..]);
        Cow::Owned(out)
    }

    /// Where secrets stand, in order and apart, each with the pattern whose mask it gets.
    ///
    /// Secrets may overlap; then what they cover together is one hole, since replacing one alone
    /// would leave the rest of the other.
    fn holes(&self, text: &str) -> Vec<(Range<usize>, usize)> {
        let mut holes: Vec<(Range<usize>, usize)> = Vec::new();
        for found in self.automaton.find_overlapping_iter(text) {
            let mut span = boundary_before(text, found.start())..boundary_after(text, found.end());
            let mut pattern = found.pattern().as_usize();
            while let Some((last, masked_as)) = holes.pop_if(|(last, _)| last.end > span.start) {
                if last.start <= span.start {
                    pattern = masked_as;
                }
                span = last.start.min(span.start)..last.end.max(span.end);
            }
            holes.push((span, pattern));
        }
        holes
    }
}

fn add_patterns(secret: &Secret, masks: &mut BTreeMap<Vec<u8>, String>) {
    let bytes = secret.expose();
    if bytes.len() < MIN_LEN {
        return;
    }
    masks.insert(bytes.to_vec(), secret.mask());
    if let Cow::Owned(shown) = String::from_utf8_lossy(bytes) {
        masks.insert(shown.into_bytes(), secret.mask());
    }
    for line in bytes.split(|byte| matches!(byte, b'\n' | b'\r')) {
        let line = line.trim_ascii();
        if line.len() >= MIN_LEN && line.len() < bytes.len() && !line.starts_with(PEM_RULE) {
            masks
                .entry(line.to_vec())
                .or_insert_with(|| PART_MASK.to_owned());
        }
    }
}

/// A secret that is not UTF-8 can match from within a character on.
fn boundary_before(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn boundary_after(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn redact(secrets: &[&[u8]], text: &str) -> String {
        let secrets: Vec<Secret> = secrets.iter().map(|&bytes| Secret::new(bytes)).collect();
        Redactor::new(&secrets).unwrap().redact(text).into_owned()
    }

    #[test]
    fn without_secrets_the_text_stays() {
        assert_eq!(redact(&[], "DB_HOST=localhost"), "DB_HOST=localhost");
    }

    #[test]
    fn an_empty_secret_makes_no_holes() {
        assert_eq!(redact(&[b""], "text"), "text");
    }

    #[test]
    fn every_place_is_masked() {
        assert_eq!(
            redact(&[b"hunter22"], "a hunter22 b hunter22"),
            "a **** b ****"
        );
    }

    #[test]
    fn overlapping_secrets_leave_nothing() {
        let text = "<abcdefghijklmnop>";
        assert_eq!(redact(&[b"abcdefgh", b"hijklmnop"], text), "<****>");
        assert_eq!(
            redact(&[b"cdefgh", b"abcdefghijklmnop"], text),
            "<abcd****>"
        );
    }

    #[test]
    fn neighbours_keep_their_own_masks() {
        assert_eq!(redact(&[b"abcdef", b"ghijkl"], "abcdefghijkl"), "********");
    }

    #[test]
    fn each_line_of_a_long_secret_is_masked() {
        let secret = b"-----BEGIN KEY-----\r\nQUJDREVG\r\nR0hJSktM\r\n-----END KEY-----";
        assert_eq!(redact(&[secret], "| R0hJSktM"), "| ****");
        assert_eq!(
            redact(&[secret], "-----BEGIN KEY-----"),
            "-----BEGIN KEY-----"
        );
    }

    #[test]
    fn bytes_that_are_not_utf8_are_found_as_they_are_shown() {
        assert_eq!(
            redact(&[b"hunter\xff22"], "pw=hunter\u{fffd}22;"),
            "pw=****;"
        );
    }

    #[test]
    fn a_match_within_a_character_takes_all_of_it() {
        assert_eq!(redact(&[b"\x82\xachunter"], "5\u{20ac}hunter"), "5****");
    }

    proptest! {
        #[test]
        fn nothing_of_a_planted_secret_is_left(
            secrets in prop::collection::vec("[A-Za-z0-9+/_]{6,40}", 1..6),
            between in "[ .\\n\u{e4}\u{1f600}-]{0,8}",
        ) {
            let text: String = secrets.iter().map(|secret| format!("{between}{secret}")).collect();
            let known: Vec<Secret> =
                secrets.iter().map(|secret| Secret::new(secret.as_bytes())).collect();
            let redactor = Redactor::new(&known).unwrap();
            let out = redactor.redact(&text).into_owned();
            for secret in &secrets {
                for window in secret.as_bytes().windows(MIN_LEN) {
                    let window = std::str::from_utf8(window).unwrap();
                    prop_assert!(!out.contains(window), "{window} in {out}");
                }
            }
        }

        #[test]
        fn any_bytes_and_any_text_are_safe(
            secrets in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..12), 0..6),
            text in "\\PC{0,60}",
        ) {
            let known: Vec<Secret> = secrets.into_iter().map(Secret::new).collect();
            let _ = Redactor::new(&known).unwrap().redact(&text);
        }
    }
}
