use proptest::prelude::*;

use super::*;

fn found(prefilter: &dyn Prefilter, text: &[u8]) -> Vec<Hit> {
    let mut hits = Vec::new();
    prefilter.find(text, &mut |hit| hits.push(hit));
    hits
}

fn naive(literals: &[Literal], text: &[u8]) -> Vec<Hit> {
    let mut hits = Vec::new();
    for start in 0..text.len() {
        for (index, literal) in literals.iter().enumerate() {
            if literal.stands_at(text, start) {
                hits.push(Hit {
                    start,
                    literal: index as u32,
                });
            }
        }
    }
    hits
}

fn literal(bytes: &[u8], ignore_case: bool) -> Literal {
    Literal {
        bytes: bytes.to_vec(),
        ignore_case,
    }
}

fn bitmap(literals: &[Literal]) -> Bitmap {
    Bitmap::new(literals).expect("every literal has three bytes")
}

fn check(literals: &[Literal], text: &[u8]) -> Result<(), TestCaseError> {
    let expected = naive(literals, text);
    let automaton = Automaton::new(literals).map_err(|e| TestCaseError::fail(e.to_string()))?;
    prop_assert_eq!(&found(&automaton, text), &expected, "automaton");
    prop_assert_eq!(&found(&bitmap(literals), text), &expected, "bitmap");
    Ok(())
}

/// Literals over few letters, so that they overlap and contain each other; a few of any bytes.
fn literals() -> impl Strategy<Value = Vec<Literal>> {
    let few = prop::collection::vec(prop::sample::select(b"abA:_\xe1\xc1".to_vec()), 3..9);
    let bytes = prop::collection::vec(any::<u8>(), 3..60);
    let one = (prop_oneof![3 => few, 1 => bytes], any::<bool>());
    prop::collection::vec(one, 1..12).prop_map(|drawn| {
        drawn
            .into_iter()
            .map(|(bytes, ignore_case)| literal(&bytes, ignore_case))
            .collect()
    })
}

/// Literals, and a text that is made of them (whole, in the other case, or cut) and of noise.
fn dense() -> impl Strategy<Value = (Vec<Literal>, Vec<u8>)> {
    let part = (
        any::<prop::sample::Index>(),
        0u8..4,
        prop::collection::vec(any::<u8>(), 0..6),
    );
    (literals(), prop::collection::vec(part, 0..30)).prop_map(|(literals, parts)| {
        let mut text = Vec::new();
        for (pick, how, noise) in parts {
            let bytes = &literals[pick.index(literals.len())].bytes;
            match how {
                0 => text.extend(bytes),
                1 => text.extend(bytes.to_ascii_uppercase()),
                2 => text.extend(bytes.to_ascii_lowercase()),
                _ => text.extend(&bytes[1..]),
            }
            text.extend(noise);
        }
        (literals, text)
    })
}

proptest! {
    #[test]
    fn all_agree_on_dense_text((literals, text) in dense()) {
        check(&literals, &text)?;
    }

    #[test]
    fn all_agree_on_noise(
        literals in literals(),
        text in prop::collection::vec(prop::sample::select(b"abAB:_\xe1\xc1 ".to_vec()), 0..300),
    ) {
        check(&literals, &text)?;
    }

    #[test]
    fn all_agree_on_sparse_text(
        (bytes, ignore_case) in (prop::collection::vec(any::<u8>(), 3..40), any::<bool>()),
        (filler, before, after) in (any::<u8>(), 0usize..9000, 0usize..80),
    ) {
        let text = [&vec![filler; before][..], &bytes, &vec![filler; after]].concat();
        check(&[literal(&bytes, ignore_case)], &text)?;
    }
}

#[test]
fn finds_each_length_at_each_offset_and_both_ends() {
    for length in 3..40 {
        let bytes: Vec<u8> = (0..length).map(|index| b'a' + index % 26).collect();
        let literals = [literal(&bytes, false)];
        for before in 0..70 {
            for after in 0..3 {
                let text = [&vec![b'.'; before][..], &bytes, &vec![b'.'; after]].concat();
                let expected = [Hit {
                    start: before,
                    literal: 0,
                }];
                assert_eq!(
                    found(&bitmap(&literals), &text),
                    expected,
                    "{before} {after}"
                );
            }
        }
    }
}

#[test]
fn the_byte_before_and_after_a_short_literal_may_be_any() {
    let literals = [
        literal(b"key", true),
        literal(b"://", false),
        literal(b"Pass", false),
    ];
    let prefilter = bitmap(&literals);
    for (index, bytes) in [(0, b"KeY".as_slice()), (1, b"://"), (2, b"Pass")] {
        for other in 0..=255 {
            for pad in 0..2 {
                let text = [&vec![b'x'; pad][..], &[other], bytes, &[other]].concat();
                let expected = [Hit {
                    start: pad + 1,
                    literal: index,
                }];
                assert_eq!(found(&prefilter, &text), expected, "{other} {pad}");
            }
        }
    }
}

#[test]
fn case_matters_only_to_the_literals_that_say_so() -> Result<(), BuildError> {
    let literals = [literal(b"Secret", false), literal(b"Secret", true)];
    let hits = found(best(&literals)?.as_ref(), b"SECRET Secret");
    let expected = [(0, 1), (7, 0), (7, 1)].map(|(start, literal)| Hit { start, literal });
    assert_eq!(hits, expected);
    Ok(())
}

#[test]
fn the_best_one_takes_short_literals_and_none_at_all() -> Result<(), BuildError> {
    let hits = found(best(&[literal(b"pw", true)])?.as_ref(), b"the PW");
    assert_eq!(
        hits,
        [Hit {
            start: 4,
            literal: 0
        }]
    );
    assert_eq!(found(best(&[])?.as_ref(), b"anything at all"), []);
    assert_eq!(found(best(&[literal(b"key", true)])?.as_ref(), b""), []);
    Ok(())
}
