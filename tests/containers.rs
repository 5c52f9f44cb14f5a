//! Every container that a credential may stand in, and what looks like one: `tests/containers/*.case`.
//!
//! A case starts with `== ` and what it is, goes on with `key: value` lines, and its text follows after a
//! line `--`, written in the language of `spillcheck::rules::template`:
//!
//! | key | meaning |
//! | --- | --- |
//! | `path` | of the file; required |
//! | `rule` | the rule that finds the marked secret, or several joined by `,` of which one does; without it nothing may be found |
//! | `beside` | rules whose findings elsewhere in the text are right too, joined by `,` |
//! | `least` | the least confidence, `medium` if absent |
//! | `exactly` | the confidence |
//! | anything else | an attribute; `key id: tail` are the last 17 characters of the secret, `-` says that there is none |

#[path = "containers/harness.rs"]
mod harness;

use harness::{Case, Variant, cases, engine, utf16_tree};

#[test]
fn containers_give_up_their_secrets() {
    let engine = engine();
    let mut failures = Vec::new();
    for case in cases() {
        for variant in Variant::ALL {
            if let Err(what) = case.check(&engine, variant) {
                failures.push(format!("{} ({variant:?}): {what}", case.title));
                break;
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {} cases fail:\n{}",
        failures.len(),
        cases().len(),
        failures.join("\n")
    );
}

#[test]
fn there_are_cases_of_both_signs() {
    let cases = cases();
    let clean = cases.iter().filter(|case| case.rules.is_empty()).count();
    assert!(
        cases.len() - clean >= 150,
        "{} hold a secret",
        cases.len() - clean
    );
    assert!(clean >= 50, "{clean} hold none");
}

#[test]
fn titles_tell_cases_apart() {
    let mut titles: Vec<String> = cases().into_iter().map(|case| case.title).collect();
    titles.sort();
    let repeated: Vec<&[String]> = titles.windows(2).filter(|two| two[0] == two[1]).collect();
    assert!(repeated.is_empty(), "{repeated:?}");
}

#[test]
fn utf16_hides_nothing() {
    let secrets: Vec<Case> = cases()
        .into_iter()
        .filter(|case| !case.rules.is_empty() && case.exactly.is_none())
        .collect();
    let found = utf16_tree(&secrets);
    let missed: Vec<&str> = secrets
        .iter()
        .enumerate()
        .filter(|(index, case)| {
            !found
                .iter()
                .any(|(folder, rule)| folder == index && case.rules.contains(rule))
        })
        .map(|(_, case)| case.title.as_str())
        .collect();
    assert!(missed.is_empty(), "not found in UTF-16: {missed:#?}");
}
