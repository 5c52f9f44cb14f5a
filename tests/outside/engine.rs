//! The engine through its public interface: how a text is cut and how literals are found must not show.

use std::sync::OnceLock;

use proptest::prelude::*;
use proptest::sample::Index;
use spillcheck::detect::prefilter::{Automaton, Prefilter};
use spillcheck::detect::{Engine, FileKind, Match};
use spillcheck::input::OVERLAP;
use spillcheck::rules::compile::RuleSet;
use spillcheck::rules::{self, template};

fn rule_set() -> RuleSet {
    RuleSet::new(rules::builtin())
}

/// As it is used: with the bitmap.
fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::new(rule_set()).unwrap())
}

fn engine_with_automaton() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| {
        Engine::with_prefilter(rule_set(), |literals| {
            Automaton::new(literals).map(|automaton| Box::new(automaton) as Box<dyn Prefilter>)
        })
        .unwrap()
    })
}

/// The last is a literal of the rules as well.
const NEEDLES: [&str; 5] = ["eval(", "'.'", "$_server", "phpinfo", "password"];

/// Everything about matches that a report can show, in words that can be compared.
fn described(matches: &[Match]) -> Vec<String> {
    let describe = |found: &Match| {
        let rule = &engine().rules().rules()[found.rule].rule.id;
        let secret = String::from_utf8_lossy(found.secret.expose());
        format!(
            "{:?} {rule} {} {secret:?} {:?} {:?} {:?}",
            found.span, found.confidence, found.name, found.decoders, found.attributes
        )
    };
    matches.iter().map(describe).collect()
}

fn scan_whole(engine: &Engine, kind: &FileKind, text: &[u8]) -> Vec<String> {
    let part = engine.scan(kind, text, 0, 0..text.len());
    described(&engine.conclude(kind, vec![part]).matches)
}

/// Cuts at these places, with the overlap that large files are read with.
fn scan_cut(kind: &FileKind, text: &[u8], cuts: &[usize]) -> Vec<String> {
    let mut bounds = vec![0, text.len()];
    bounds.extend(cuts);
    bounds.sort_unstable();
    let parts = bounds.windows(2).map(|bounds| {
        let (start, end) = (bounds[0], bounds[1]);
        let from = start.saturating_sub(OVERLAP);
        let to = (end + OVERLAP).min(text.len());
        engine().scan(kind, &text[from..to], from as u64, start - from..end - from)
    });
    described(&engine().conclude(kind, parts.collect()).matches)
}

/// One text after the other: examples of all rules, good and bad, and what is none.
#[derive(Debug, Clone)]
enum Piece {
    Example { which: Index, seed: u64 },
    Noise(Vec<u8>),
    Filling(u16),
}

fn templates() -> &'static [String] {
    static TEMPLATES: OnceLock<Vec<String>> = OnceLock::new();
    TEMPLATES.get_or_init(|| {
        let rules = rules::builtin().into_iter().flat_map(|file| file.rules);
        rules
            .flat_map(|rule| [rule.hit.to_vec(), rule.miss.to_vec()].concat())
            .collect()
    })
}

impl Piece {
    fn text(&self) -> Vec<u8> {
        match self {
            Self::Example { which, seed } => {
                let template = which.get(templates());
                template::render(template, *seed).unwrap().text
            }
            Self::Noise(bytes) => bytes.clone(),
            Self::Filling(lines) => {
                b"    let value = compute(left, right);\n".repeat(usize::from(*lines))
            }
        }
    }
}

fn piece() -> impl Strategy<Value = Piece> {
    prop_oneof![
        6 => (any::<Index>(), any::<u64>())
            .prop_map(|(which, seed)| Piece::Example { which, seed }),
        2 => prop::collection::vec(any::<u8>(), 0..60).prop_map(Piece::Noise),
        1 => "[a-zA-Z0-9_=:'\"\n @/.-]{0,200}".prop_map(|text| Piece::Noise(text.into_bytes())),
        1 => (0..1_500_u16).prop_map(Piece::Filling),
    ]
}

fn text(pieces: std::ops::Range<usize>) -> impl Strategy<Value = Vec<u8>> {
    let separators = prop_oneof![4 => Just(&b"\n"[..]), 1 => Just(&b" "[..]), 1 => Just(&b""[..])];
    prop::collection::vec((piece(), separators), pieces).prop_map(|pieces| {
        pieces
            .iter()
            .flat_map(|(piece, separator)| [piece.text(), separator.to_vec()].concat())
            .collect()
    })
}

fn path() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "notes.txt",
        ".env",
        "a.php",
        "a.json",
        "a.yml",
        "a.ini",
        "a.xml",
        "a.js",
        "a.py",
        "dump.sql",
        "error.log",
        "tests/a.txt",
    ])
}

#[test]
fn a_text_of_all_examples_gives_the_same_however_it_is_cut() {
    let examples = templates().iter().enumerate();
    let text: Vec<u8> = examples
        .flat_map(|(seed, template)| {
            let mut text = template::render(template, seed as u64).unwrap().text;
            text.push(b'\n');
            text
        })
        .collect();
    for path in ["notes.txt", ".env", "a.php"] {
        let kind = FileKind::of(path, &text);
        let whole = scan_whole(engine(), &kind, &text);
        assert!(whole.len() > 50, "{} matches in {path}", whole.len());
        let cuts: Vec<usize> = (0..text.len()).step_by(20_011).collect();
        assert_eq!(scan_cut(&kind, &text, &cuts), whole, "{path}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn listening_changes_nothing_and_hears_what_stands_there(
        text in text(0..6),
        at in any::<Index>(),
        needle in 0..NEEDLES.len(),
        path in path(),
    ) {
        static LISTENING: OnceLock<Engine> = OnceLock::new();
        let listening = LISTENING
            .get_or_init(|| Engine::new(rule_set()).unwrap().listening_for(NEEDLES).unwrap());
        let mut text = text;
        let at = at.index(text.len() + 1);
        text.splice(at..at, NEEDLES[needle].to_ascii_uppercase().into_bytes());
        let kind = FileKind::of(path, &text);
        let (part, heard) = listening.scan_listening(&kind, &text, 0, 0..text.len());
        let matches = described(&listening.conclude(&kind, vec![part]).matches);
        prop_assert_eq!(matches, scan_whole(engine(), &kind, &text));
        let heard = heard.unwrap();
        let lower = text.to_ascii_lowercase();
        for (number, needle) in NEEDLES.iter().enumerate() {
            let stands = memchr::memmem::find(&lower, needle.as_bytes()).is_some();
            prop_assert_eq!(heard.contains(number), stands, "{}", needle);
        }
        prop_assert!(engine().scan_listening(&kind, &text, 0, 0..text.len()).1.is_none());
    }

    #[test]
    fn chunks_give_what_the_whole_gives(
        text in text(20..90),
        path in path(),
        cuts in prop::collection::vec(any::<Index>(), 1..5),
    ) {
        let kind = FileKind::of(path, &text);
        let cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(text.len().max(1))).collect();
        prop_assert_eq!(scan_cut(&kind, &text, &cuts), scan_whole(engine(), &kind, &text));
    }

    #[test]
    fn both_prefilters_give_the_same_matches(text in text(1..40), path in path()) {
        let kind = FileKind::of(path, &text);
        prop_assert_eq!(
            scan_whole(engine_with_automaton(), &kind, &text),
            scan_whole(engine(), &kind, &text)
        );
    }

    #[test]
    fn any_bytes_are_scanned_without_a_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..2_000),
        path in path(),
    ) {
        scan_whole(engine(), &FileKind::of(path, &bytes), &bytes);
    }
}

#[test]
fn lines_of_wrapped_base64_are_decoded_together_and_once() {
    let template = "@mail.txt\n{b64|{=text|Dear customer, this is what the shop is configured with, please keep it for later use. \
                    MAILGUN_SECRET={hex:32}-{hex:8}-{hex:8} and some more text so that there are lines after it.}}\n";
    let example = template::render(template, 5).unwrap();
    let encoded = String::from_utf8(example.text).unwrap();
    let lines: Vec<&str> = encoded
        .trim()
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    let text = format!(
        "Content-Transfer-Encoding: base64\n\n{}\n",
        lines.join("\n")
    );
    let kind = FileKind::of("mail.txt", text.as_bytes());
    let found = scan_whole(engine(), &kind, text.as_bytes());
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains("mailgun-api-key"), "{found:#?}");
}
