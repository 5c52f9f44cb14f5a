//! Random configurations, asked of both.

use super::super::support::{Tally, pairs};
use super::case::{Case, Pair, ask};
use super::generate::Generator;
use super::server::{Php, is_installed};

/// Sites of one server.
const CASES: usize = 60;

/// So many disagreements are shrunk and shown.
const SHOWN: usize = 4;

/// Which modules a batch has beside the usual ones.
const MODULES: [&[&str]; 3] = [
    &["rewrite", "access_compat"],
    &["rewrite", "access_compat"],
    &["rewrite"],
];

#[test]
fn random_configurations_are_evaluated_as_apache_does() {
    if !is_installed() {
        println!("not run: apache2 and php-cgi are not installed");
        return;
    }
    let php = Php::start();
    let wanted = pairs();
    let mut tally = Tally::default();
    let mut shown = Vec::new();
    let mut unknown = std::collections::BTreeMap::<String, usize>::new();
    let mut batch = 0;
    let mut shown_cases = std::collections::BTreeSet::new();
    while tally.all() < wanted {
        let modules = MODULES[batch % MODULES.len()];
        let mut generator = Generator::new(batch as u64 + 1, modules.contains(&"access_compat"));
        let cases: Vec<Case> = (0..CASES).map(|_| generator.case()).collect();
        batch += 1;
        for pair in ask(&cases, modules, php.port).unwrap() {
            if pair.is_unknown() {
                tally.unknown += 1;
                *unknown.entry(format!("{:?}", pair.evaluated)).or_default() += 1;
            } else if pair.agrees() {
                tally.same += 1;
            } else {
                tally.different += 1;
                if shown.len() < SHOWN && shown_cases.insert((batch, pair.case)) {
                    shown.push(shrunk(cases[pair.case].clone(), pair, modules, php.port));
                }
            }
        }
    }
    println!("Apache: {tally}");
    for (why, count) in unknown {
        println!("{count} x {why}");
    }
    for text in &shown {
        println!("{text}");
    }
    assert!(
        tally.agreement() >= 99.5 && tally.unknown() < 3.0,
        "Apache: {tally}"
    );
}

/// Takes parts away as long as the two still disagree.
fn shrunk(mut case: Case, mut pair: Pair, modules: &[&str], php: u16) -> String {
    case.urls = vec![pair.url.clone()];
    for _ in 0..8 {
        let smaller = smaller(&case);
        let Ok(found) = ask(&smaller, modules, php) else {
            break;
        };
        let Some(still) = found
            .into_iter()
            .find(|pair| !pair.agrees() && !pair.is_unknown())
        else {
            break;
        };
        case = smaller[still.case].clone();
        pair = still;
    }
    format!(
        "{}: Apache {:?}, evaluated {:?}\n  because {}\n  host {:#?}\n  access {:#?}\n  files {:?} {:?}",
        pair.url,
        pair.real,
        pair.evaluated,
        pair.because,
        case.host,
        case.access,
        case.files,
        case.links
    )
}

fn smaller(case: &Case) -> Vec<Case> {
    let mut all = Vec::new();
    for at in 0..case.host.len() {
        let mut one = case.clone();
        one.host.remove(at);
        all.push(one);
    }
    for (directory, lines) in &case.access {
        for at in 0..lines.len() {
            let mut one = case.clone();
            if let Some(lines) = one.access.get_mut(directory) {
                lines.remove(at);
            }
            all.push(one);
        }
        let mut one = case.clone();
        one.access.remove(directory);
        all.push(one);
    }
    all
}
