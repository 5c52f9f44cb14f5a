//! Which rules a name is for, among hundreds, without asking each.
//!
//! Most name patterns hold a vendor's word. One automaton over these words tells which of them are worth
//! running; patterns without such a word are few and are run together.

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex_automata::{Input, PatternSet, meta};

use super::compile::{LazyRegex, compile_regexes};
use super::pack;
use super::words::first_words;

/// Name patterns of rules.
#[derive(Debug)]
pub(super) struct NameIndex {
    words: AhoCorasick,
    /// For each word, an index into `patterns`.
    pattern_of_word: Vec<usize>,
    patterns: Vec<(usize, LazyRegex)>,
    wordless: meta::Regex,
    /// For each pattern of `wordless`, its rule.
    wordless_rules: Vec<usize>,
}

impl NameIndex {
    /// Indexes pairs of rule and name pattern.
    ///
    /// # Panics
    /// If a pattern is one that the check of rules refuses.
    pub(super) fn new<'p>(named: impl Iterator<Item = (usize, &'p str)>) -> Self {
        let (mut words, mut pattern_of_word) = (Vec::new(), Vec::new());
        let (mut patterns, mut wordless, mut wordless_rules) = (Vec::new(), Vec::new(), Vec::new());
        let mut known = pack::words_of_names();
        for (rule, pattern) in named {
            let first_words = known
                .remove(pattern)
                .unwrap_or_else(|| first_words(pattern));
            if let Some(first_words) = first_words {
                pattern_of_word.extend(first_words.iter().map(|_| patterns.len()));
                words.extend(first_words);
                patterns.push((rule, LazyRegex::new(pattern)));
            } else {
                wordless.push(pattern);
                wordless_rules.push(rule);
            }
        }
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(&words);
        match (automaton, compile_regexes(&wordless)) {
            (Ok(words), Ok(wordless)) => Self {
                words,
                pattern_of_word,
                patterns,
                wordless,
                wordless_rules,
            },
            (words, wordless) => panic!(
                "name patterns passed the check and fail together: {:?} {:?}",
                words.err(),
                wordless.err()
            ),
        }
    }

    /// The rules whose pattern is found in a normalised name, in order.
    pub(super) fn rules_for(&self, name: &str) -> Vec<usize> {
        let mut candidates: Vec<usize> = self
            .words
            .find_overlapping_iter(name)
            .map(|found| self.pattern_of_word[found.pattern().as_usize()])
            .collect();
        candidates.sort_unstable();
        candidates.dedup();
        let worded = candidates
            .into_iter()
            .map(|candidate| &self.patterns[candidate]);
        let worded = worded
            .filter(|(_, regex)| regex.get(name.len()).is_match(name))
            .map(|(rule, _)| *rule);
        let mut matched = PatternSet::new(self.wordless.pattern_len());
        self.wordless
            .which_overlapping_matches(&Input::new(name), &mut matched);
        let wordless = matched
            .iter()
            .map(|pattern| self.wordless_rules[pattern.as_usize()]);
        let mut rules: Vec<usize> = worded.chain(wordless).collect();
        rules.sort_unstable();
        rules
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATTERNS: [&str; 4] = [
        r"(?:^|[._])postmark_(?:server_)?token$",
        r"(?:^|[._])(?:[a-z0-9]+_)*password$",
        r"(?:^|\.)(?:mailgun|mail_gun)[._]secret$",
        r"secret$|^db_pass$",
    ];

    #[test]
    fn finds_what_each_pattern_finds_alone() {
        let index = NameIndex::new(PATTERNS.iter().copied().enumerate());
        for name in [
            "postmark_server_token",
            "services.mailgun.secret",
            "mail_gun_secret",
            "db_password",
            "password",
            "db_pass",
            "x.postmark_token",
            "xpostmark_token",
            "",
            "mailgun",
        ] {
            let alone: Vec<usize> = (0..PATTERNS.len())
                .filter(|&rule| {
                    LazyRegex::new(PATTERNS[rule])
                        .get(name.len())
                        .is_match(name)
                })
                .collect();
            assert_eq!(index.rules_for(name), alone, "{name}");
        }
    }

    #[test]
    fn words_are_told_from_patterns() {
        let words = first_words(PATTERNS[0]).unwrap();
        assert_eq!(words, [&b"postmark_server_token"[..], b"postmark_token"]);
        assert_eq!(first_words(PATTERNS[1]), None);
    }
}
