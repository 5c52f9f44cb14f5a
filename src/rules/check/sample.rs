//! Short matches of a regex, written down without running it.

use regex_syntax::hir::{Class, ClassBytes, Hir, HirKind};

/// More ways through a pattern than this are not followed.
const MAX_SAMPLES: usize = 256;
/// Longest sample, in bytes.
const MAX_SAMPLE: usize = 8192;
/// A class of so few letters is a choice that is followed; of a larger one a single letter stands for all.
const FEW: usize = 4;

/// For each way through the alternatives a match with as few repetitions as there may be; look-around
/// such as `\b` is taken to hold. At least one.
pub(super) fn least_matches(hir: &Hir, ignore_case: bool) -> Vec<Vec<u8>> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => vec![Vec::new()],
        HirKind::Literal(literal) => vec![literal.0.to_vec()],
        HirKind::Class(Class::Bytes(class)) => letters(class, ignore_case),
        HirKind::Class(Class::Unicode(class)) => class
            .to_byte_class()
            .map_or(vec![Vec::new()], |class| letters(&class, ignore_case)),
        HirKind::Repetition(repetition) => least_matches(&repetition.sub, ignore_case)
            .into_iter()
            .map(|sample| repeated(&sample, repetition.min as usize))
            .collect(),
        HirKind::Capture(capture) => least_matches(&capture.sub, ignore_case),
        HirKind::Concat(parts) => parts.iter().fold(vec![Vec::new()], |samples, part| {
            products(&samples, &least_matches(part, ignore_case))
        }),
        HirKind::Alternation(ways) => ways
            .iter()
            .flat_map(|way| least_matches(way, ignore_case))
            .take(MAX_SAMPLES)
            .collect(),
    }
}

fn letters(class: &ClassBytes, ignore_case: bool) -> Vec<Vec<u8>> {
    let mut letters: Vec<u8> = class
        .iter()
        .flat_map(|range| range.start()..=range.end())
        .collect();
    if ignore_case {
        letters.iter_mut().for_each(u8::make_ascii_lowercase);
        letters.sort_unstable();
        letters.dedup();
    }
    if letters.len() > FEW {
        // The last printable one: `z` and `~` are the least likely to spell an anchor.
        let likely = letters.iter().rfind(|byte| byte.is_ascii_graphic());
        letters = likely.or(letters.first()).copied().into_iter().collect();
    }
    letters.into_iter().map(|byte| vec![byte]).collect()
}

fn repeated(sample: &[u8], times: usize) -> Vec<u8> {
    sample
        .iter()
        .copied()
        .cycle()
        .take((sample.len() * times).min(MAX_SAMPLE))
        .collect()
}

fn products(heads: &[Vec<u8>], tails: &[Vec<u8>]) -> Vec<Vec<u8>> {
    heads
        .iter()
        .flat_map(|head| tails.iter().map(move |tail| (head, tail)))
        .take(MAX_SAMPLES)
        .map(|(head, tail)| {
            let mut sample = [head.as_slice(), tail].concat();
            sample.truncate(MAX_SAMPLE);
            sample
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex_automata::meta::Regex;
    use regex_automata::util::syntax;

    use super::*;

    fn samples(pattern: &str) -> Vec<String> {
        let hir = regex_syntax::ParserBuilder::new()
            .unicode(false)
            .utf8(false)
            .build()
            .parse(pattern)
            .unwrap();
        least_matches(&hir, pattern.starts_with("(?i)"))
            .into_iter()
            .map(|sample| String::from_utf8(sample).unwrap())
            .collect()
    }

    #[test]
    fn every_way_is_followed() {
        assert_eq!(samples("key-[0-9a-z]{3}"), ["key-zzz"]);
        assert_eq!(samples("a(?:b|cd)[xy]e*"), ["abx", "aby", "acdx", "acdy"]);
        assert_eq!(samples("(?i)Key(?-u:\\b)"), ["key"]);
        assert_eq!(samples("(?:ab){2,5}"), ["abab"]);
    }

    #[test]
    fn samples_are_bounded() {
        assert_eq!(samples(&"[ab]".repeat(40)).len(), MAX_SAMPLES);
        assert_eq!(samples("(?:a{4000}){4}")[0].len(), MAX_SAMPLE);
    }

    proptest! {
        #[test]
        fn samples_match(pattern in r"(?:[a-c]|\[[a-c]{1,6}\]|\([a-c|]{1,5}\)|[a-c]\{1,3\}|[a-c][?*+]){1,8}") {
            let regex = Regex::builder()
                .syntax(syntax::Config::new().unicode(false).utf8(false))
                .build(&format!("^(?:{pattern})$"))
                .unwrap();
            for sample in samples(&pattern) {
                prop_assert!(regex.is_match(&sample), "{pattern} {sample:?}");
            }
        }
    }
}
