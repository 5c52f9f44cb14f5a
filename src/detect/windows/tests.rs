//! Windows show nothing of themselves: what is found in them is what is found in the whole text.

use std::path::Path;
use std::sync::OnceLock;
use std::{fs, io};

use proptest::prelude::*;

use super::*;
use crate::detect::engine::PairAnchor;
use crate::rules::compile::RuleSet;
use crate::rules::{self, template};

fn rule_set() -> &'static RuleSet {
    static RULES: OnceLock<RuleSet> = OnceLock::new();
    RULES.get_or_init(|| RuleSet::new(rules::builtin()))
}

/// The `text` rules whose matches have a longest length, with their numbers.
fn bounded() -> impl Iterator<Item = (usize, &'static CompiledRule)> {
    let rules = rule_set().rules().iter().enumerate();
    rules.filter(|(_, compiled)| {
        let text = compiled.rule.text.as_ref();
        let is_anchored =
            text.is_some_and(|text| !text.anchors.is_empty() || !text.pairs.is_empty());
        is_anchored && matches!(compiled.reach(), Reach::Longest(_))
    })
}

/// Where the anchors of a rule stand, in the order of the text; found as simply as can be.
fn anchors(compiled: &CompiledRule, text: &[u8]) -> Vec<Range<usize>> {
    let finder = compiled.rule.text.as_ref().unwrap();
    let ignore_case = finder.pattern.starts_with("(?i)");
    let mut found = Vec::new();
    for anchor in finder.anchors.iter().map(String::as_bytes) {
        for (start, there) in text.windows(anchor.len()).enumerate() {
            let is_there = if ignore_case {
                there.eq_ignore_ascii_case(anchor)
            } else {
                there == anchor
            };
            if is_there {
                found.push(start..start + anchor.len());
            }
        }
    }
    for pair in &finder.pairs {
        let distance = usize::from(pair.distance);
        let byte = pair.byte as u8;
        let anchor = PairAnchor::new(((byte, distance), Vec::new()));
        for start in 0..text.len().saturating_sub(distance) {
            let is_pair = text[start] == byte && text[start + distance] == byte;
            if is_pair && anchor.is_in_word(text, start) {
                found.push(start..start + distance + 1);
            }
        }
    }
    found.sort_by_key(|anchor| (anchor.start, anchor.end));
    found
}

type Spans = Vec<Range<usize>>;

fn in_windows(rule: usize, compiled: &CompiledRule, text: &[u8]) -> Spans {
    let mut windows = Windows::default();
    for anchor in anchors(compiled, text) {
        windows.add(rule, surroundings(compiled, text, anchor));
    }
    let mut spans = Vec::new();
    for window in windows.merged() {
        assert_eq!(window.rule, rule);
        matches(compiled, text, window.start..window.end, &mut |span, _| {
            spans.push(span);
        });
    }
    spans
}

fn in_whole(compiled: &CompiledRule, text: &[u8]) -> Spans {
    let mut spans = Vec::new();
    matches(compiled, text, 0..text.len(), &mut |span, _| {
        spans.push(span);
    });
    spans
}

fn examples() -> &'static [String] {
    static EXAMPLES: OnceLock<Vec<String>> = OnceLock::new();
    EXAMPLES.get_or_init(|| {
        let rules = rule_set().rules().iter().map(|compiled| &compiled.rule);
        rules
            .flat_map(|rule| rule.hit.iter().chain(rule.miss.iter()).cloned())
            .collect()
    })
}

/// A stretch of a text: an example as it is, cut short, or something else.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let example = || {
        (prop::sample::select(examples()), any::<u64>())
            .prop_map(|(example, seed)| template::render(&example, seed).unwrap().text)
    };
    let secret = (prop::sample::select(examples()), any::<u64>()).prop_map(|(example, seed)| {
        let rendered = template::render(&example, seed).unwrap();
        let secret = rendered.secret.unwrap_or(0..rendered.text.len());
        rendered.text[secret].to_vec()
    });
    let cut = (example(), any::<prop::sample::Index>(), any::<bool>()).prop_map(
        |(text, at, is_start)| {
            let at = at.index(text.len());
            let part = if is_start { &text[..at] } else { &text[at..] };
            part.to_vec()
        },
    );
    prop_oneof![
        3 => example(),
        4 => secret,
        3 => cut,
        1 => prop::collection::vec(any::<u8>(), 0..40),
        1 => "[a-f0-9-]{0,80}".prop_map(String::into_bytes),
        1 => "[a-zA-Z0-9_=:'\"\n -]{0,200}".prop_map(String::into_bytes),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn windows_give_what_the_whole_text_gives(
        pieces in prop::collection::vec((piece(), "[\n \"']{0,1}"), 0..30),
    ) {
        let text: Vec<u8> =
            pieces.into_iter().flat_map(|(piece, end)| [piece, end.into_bytes()].concat()).collect();
        for (rule, compiled) in bounded() {
            prop_assert_eq!(
                in_windows(rule, compiled, &text),
                in_whole(compiled, &text),
                "{}",
                &compiled.rule.id
            );
        }
    }

    /// Out of order, as the prefilter and the search for pairs together give them.
    #[test]
    fn windows_hold_all_that_was_added_and_do_not_overlap(
        added in prop::collection::vec((0..4_usize, 0..500_usize, 0..60_usize), 0..60),
    ) {
        let mut windows = Windows::default();
        for &(rule, start, length) in &added {
            windows.add(rule, start..start + length);
        }
        let merged = windows.merged();
        for (rule, start, length) in added {
            let holds = |window: &Window| {
                window.rule == rule && window.start <= start && start + length <= window.end
            };
            prop_assert!(merged.iter().any(holds));
        }
        for pair in merged.windows(2) {
            prop_assert!(pair[0].rule < pair[1].rule || pair[0].end < pair[1].start);
        }
    }
}

#[test]
fn every_example_of_a_bounded_rule_is_found_in_its_windows() {
    let mut found = 0;
    for (rule, compiled) in bounded() {
        for hit in compiled.rule.hit.iter() {
            let text = template::render(hit, 1).unwrap().text;
            let spans = in_windows(rule, compiled, &text);
            assert_eq!(spans, in_whole(compiled, &text), "{}", compiled.rule.id);
            found += usize::from(!spans.is_empty());
        }
    }
    assert!(found > 20, "only {found} examples are found undecoded");
}

#[test]
fn where_a_pattern_finds_something_its_relaxed_one_does() {
    let texts: Vec<Vec<u8>> = examples()
        .iter()
        .flat_map(|example| [1, 2].map(|seed| template::render(example, seed).unwrap().text))
        .collect();
    let mut found = 0;
    for compiled in rule_set().rules() {
        let (Some(pattern), Some(relaxed)) = (&compiled.pattern, compiled.relaxed()) else {
            continue;
        };
        let (pattern, relaxed) = (pattern.get(usize::MAX / 2), relaxed.get(usize::MAX / 2));
        for text in texts.iter().filter(|text| pattern.is_match(text)) {
            let id = &compiled.rule.id;
            assert!(
                relaxed.is_match(text),
                "{id}: {}",
                String::from_utf8_lossy(text)
            );
            found += 1;
        }
    }
    assert!(found > 100, "only {found} places");
}

#[test]
fn windows_give_what_the_whole_text_gives_on_real_text() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = vec![fs::read(root.join("Cargo.lock")).unwrap()];
    for folder in [
        "rules",
        "fixtures",
        "schemas",
        "src/detect/lexer",
        "src/report",
    ] {
        read_all(&root.join(folder), &mut texts).unwrap();
    }
    assert!(texts.len() > 20);
    for text in texts {
        for (rule, compiled) in bounded() {
            let id = &compiled.rule.id;
            assert_eq!(
                in_windows(rule, compiled, &text),
                in_whole(compiled, &text),
                "{id}"
            );
        }
    }
}

fn read_all(folder: &Path, texts: &mut Vec<Vec<u8>>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() {
            texts.push(fs::read(path)?);
        }
    }
    Ok(())
}
