//! What the syntax tree of a regex tells about its matches.

use std::collections::BTreeSet;

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::sample;

/// Longest pattern, in bytes.
const MAX_PATTERN: usize = 2048;
/// Highest count of one repetition.
const MAX_REPEAT: u32 = 4096;
/// States of the automaton, repetitions written out; some 100 bytes each.
const MAX_STATES: usize = 10_000;
/// Groups within groups.
const MAX_NEST: u32 = 50;

/// A parsed regex on bytes.
pub(super) struct Pattern {
    hir: Hir,
    ignore_case: bool,
}

impl Pattern {
    /// Parses as the engine does: bytes, ASCII classes.
    ///
    /// # Errors
    /// It is no regex, has Unicode classes, or is too large; in words.
    pub(super) fn parse(pattern: &str) -> Result<Self, String> {
        if pattern.len() > MAX_PATTERN {
            return Err(format!("the regex is longer than {MAX_PATTERN} bytes"));
        }
        let hir = ParserBuilder::new()
            .unicode(false)
            .utf8(false)
            .nest_limit(MAX_NEST)
            .build()
            .parse(pattern)
            .map_err(|error| in_one_line(&error))?;
        if let Some(count) = highest_repeat(&hir).filter(|count| *count > MAX_REPEAT) {
            return Err(format!("a repetition of {count} is over {MAX_REPEAT}"));
        }
        if has_unicode_class(&hir) {
            return Err("a Unicode class; patterns run on bytes".to_owned());
        }
        let states = states(&hir);
        if states > MAX_STATES {
            return Err(format!(
                "written out it has {states} states, over {MAX_STATES}"
            ));
        }
        Ok(Self {
            hir,
            ignore_case: pattern.starts_with("(?i)"),
        })
    }

    /// Whether anchors are compared without regard to case.
    pub(super) fn ignores_case(&self) -> bool {
        self.ignore_case
    }

    /// Length of the longest match, if there is one.
    pub(super) fn max_length(&self) -> Option<usize> {
        self.hir.properties().maximum_len()
    }

    /// Whether it matches nothing at all.
    pub(super) fn matches_empty(&self) -> bool {
        self.hir.properties().minimum_len() == Some(0)
    }

    /// The names of its groups.
    pub(super) fn groups(&self) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        visit(&self.hir, &mut |hir| {
            if let HirKind::Capture(capture) = hir.kind() {
                names.extend(capture.name.as_deref());
            }
        });
        names
    }

    /// Whether the group of this name can be empty or absent from a match.
    pub(super) fn group_may_be_empty(&self, name: &str) -> bool {
        let mut shortest = None;
        visit(&self.hir, &mut |hir| match hir.kind() {
            HirKind::Capture(capture) if capture.name.as_deref() == Some(name) => {
                shortest = capture.sub.properties().minimum_len();
            }
            _ => {}
        });
        shortest == Some(0)
    }

    /// Short matches, one for each way through its alternatives; never none.
    pub(super) fn samples(&self) -> Vec<Vec<u8>> {
        sample::least_matches(&self.hir, self.ignore_case)
    }
}

/// `regex-syntax` draws a picture of the pattern; what it says stands in its last line.
fn in_one_line(error: &regex_syntax::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default();
    last.trim_start_matches("error: ").to_owned()
}

fn visit<'h>(hir: &'h Hir, see: &mut dyn FnMut(&'h Hir)) {
    see(hir);
    for part in hir.kind().subs() {
        visit(part, see);
    }
}

fn highest_repeat(hir: &Hir) -> Option<u32> {
    let mut highest = None;
    visit(hir, &mut |hir| {
        if let HirKind::Repetition(repetition) = hir.kind() {
            highest = highest.max(Some(repetition.max.unwrap_or(repetition.min)));
        }
    });
    highest
}

fn has_unicode_class(hir: &Hir) -> bool {
    let mut found = false;
    visit(hir, &mut |hir| {
        // `a|b` is a class of characters even where patterns run on bytes.
        found |= matches!(hir.kind(), HirKind::Class(Class::Unicode(class)) if !class.is_ascii());
    });
    found
}

fn states(hir: &Hir) -> usize {
    let inside = || {
        hir.kind()
            .subs()
            .iter()
            .map(states)
            .fold(1, usize::saturating_add)
    };
    match hir.kind() {
        HirKind::Empty => 0,
        HirKind::Literal(literal) => literal.0.len(),
        HirKind::Look(_) | HirKind::Class(_) => 1,
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min).max(1) as usize;
            states(&repetition.sub).saturating_mul(times)
        }
        HirKind::Capture(_) | HirKind::Concat(_) | HirKind::Alternation(_) => inside(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(pattern: &str) -> String {
        Pattern::parse(pattern).err().unwrap_or_default()
    }

    #[test]
    fn large_patterns_are_refused() {
        assert!(refusal(&"a".repeat(2049)).contains("2048 bytes"));
        assert!(refusal("a{4097}").contains("4096"));
        assert!(refusal("(?:a{100}){101}").contains("states"));
        assert!(refusal("(?:(?:(?:a{4096}){4096}){4096}){4096}").contains("states"));
        let deep = format!("{}a{}", "(".repeat(60), ")".repeat(60));
        assert!(refusal(&deep).contains("nest"), "{}", refusal(&deep));
        assert_eq!(refusal("[a-z]{4000}"), "");
    }

    #[test]
    fn bytes_not_characters() {
        assert_eq!(refusal(r"\w\s[^a]"), "");
        assert!(refusal(r"(?u:\w)").contains("Unicode"));
        assert!(refusal(r"\pL").contains("Unicode"));
        assert!(refusal("é|ü").contains("Unicode"));
        assert_eq!(refusal("a|b"), "");
    }

    #[test]
    fn a_syntax_error_is_one_sentence() {
        let reason = refusal("a(?=b)");
        assert!(
            !reason.contains('\n') && reason.contains("look-around"),
            "{reason}"
        );
    }

    #[test]
    fn lengths_and_groups() {
        let pattern = Pattern::parse(r"x(?P<a>y?)(?P<secret>[0-9]{2,4})").unwrap();
        assert_eq!(pattern.max_length(), Some(6));
        assert!(!pattern.matches_empty());
        assert_eq!(
            pattern.groups().into_iter().collect::<Vec<_>>(),
            ["a", "secret"]
        );
        assert!(pattern.group_may_be_empty("a"));
        assert!(!pattern.group_may_be_empty("secret"));
        assert!(Pattern::parse(r"\b").unwrap().matches_empty());
        assert_eq!(Pattern::parse("a+").unwrap().max_length(), None);
    }

    #[test]
    fn the_largest_allowed_automaton_fits_the_engine() {
        let pattern = "(?:[0-9A-Za-z_+/.-]{2400}){4}";
        assert_eq!(refusal(pattern), "");
        let nfa = regex_automata::nfa::thompson::Compiler::new()
            .configure(regex_automata::nfa::thompson::Config::new().nfa_size_limit(Some(1 << 20)))
            .syntax(
                regex_automata::util::syntax::Config::new()
                    .unicode(false)
                    .utf8(false),
            )
            .build(pattern);
        assert!(nfa.is_ok(), "{nfa:?}");
    }
}
