//! The rule pack: every example does what it is for.

use spillcheck::detect::{Engine, run_examples};
use spillcheck::rules;
use spillcheck::rules::compile::{RuleSet, compile_regex};

fn engine() -> Engine {
    let rules = RuleSet::new(rules::builtin());
    Engine::new(rules).expect("the literals are long enough")
}

#[test]
fn examples_of_all_rules_do_what_they_are_for() {
    let engine = engine();
    let failures: Vec<String> = (0..engine.rules().rules().len())
        .flat_map(|index| run_examples(&engine, index))
        .map(|failure| failure.to_string())
        .collect();
    assert!(
        failures.is_empty(),
        "{} failures:\n\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}

#[test]
fn every_pattern_compiles_as_it_will_be_run() {
    let engine = engine();
    for compiled in engine.rules().rules() {
        let rule = &compiled.rule;
        let text = rule.text.iter().flat_map(|text| {
            [
                Some(&text.pattern),
                text.name.as_ref(),
                text.not_name.as_ref(),
            ]
        });
        let assign = rule
            .assign
            .iter()
            .flat_map(|assign| [Some(&assign.name), assign.value.as_ref()]);
        let url = rule.url.iter().map(|url| url.host.as_ref());
        let near = rule
            .attributes
            .iter()
            .map(|attribute| attribute.near.as_ref());
        for pattern in text.chain(assign).chain(url).chain(near).flatten() {
            assert!(compile_regex(pattern).is_ok(), "{}: {pattern}", rule.id);
        }
    }
}
