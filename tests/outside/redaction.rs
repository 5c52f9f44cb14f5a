//! No report holds six consecutive bytes of a secret that was planted and found.

use std::collections::{BTreeSet, HashSet};
use std::sync::OnceLock;

use proptest::prelude::*;
use serde_json::Value;
use spillcheck::detect::{Engine, matches};
use spillcheck::rules::compile::RuleSet;
use spillcheck::rules::{self, template};

use super::stretches::{stretches, stretches_of, without_key_id};
use super::support::{Tree, findings, formats};

/// What of a Mailgun key is shown on purpose, as its control panel does: `-` and these 17 bytes end it.
const KEY_ID: &str = "{hex:8}-{hex:8}";

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::new(RuleSet::new(rules::builtin())).unwrap())
}

fn hits() -> &'static [String] {
    static HITS: OnceLock<Vec<String>> = OnceLock::new();
    HITS.get_or_init(|| {
        let rules = rules::builtin().into_iter().flat_map(|file| file.rules);
        rules.flat_map(|rule| rule.hit.to_vec()).collect()
    })
}

/// Passwords as people make them. What is drawn is told apart from the words of a report.
const WEAK: [&str; 5] = [
    "@.env\nDB_PASSWORD=⟦{lower:4}{digit:4}⟧\n",
    "@.env\nMAIL_HOST=smtp.mailgun.org\nMAIL_USERNAME=postmaster@mg.example.com\nMAIL_PASSWORD=⟦{upper:1}{lower:6}{digit:2}!⟧\n",
    "@config.ini\npassword = \"⟦{lower:5} {lower:6} {lower:5}⟧\"\n",
    "@compose.yml\nservices:\n  db:\n    environment:\n      MYSQL_ROOT_PASSWORD: ⟦{lower:8}#{digit:2}⟧\n",
    "@web.config\n<add key=\"SmtpPassword\" value=\"⟦{lower:5}&amp;{base62:6}⟧\" />\n",
];

/// A secret in a text of its own.
#[derive(Debug, Clone)]
struct Planted {
    path: String,
    text: Vec<u8>,
    /// As it stands in the text, and as it is when decoded.
    forms: Vec<Vec<u8>>,
    /// The same with other random characters: what they share is the template's own.
    others: Vec<Vec<u8>>,
}

fn forms(template: &str, seed: u64) -> Vec<Vec<u8>> {
    let example = template::render(template, seed).unwrap();
    let marked = example.secret.clone().unwrap();
    let mut forms = vec![example.text[marked.clone()].to_vec()];
    for found in matches(engine(), &example) {
        if found.span.start < marked.end as u64 && found.span.end > marked.start as u64 {
            forms.push(found.secret.expose().to_vec());
        }
    }
    forms
}

fn planted() -> impl Strategy<Value = Planted> {
    let all = hits().iter().map(String::as_str).chain(WEAK);
    let all: Vec<String> = all.map(str::to_owned).collect();
    (prop::sample::select(all), any::<u64>()).prop_map(|(template, seed)| {
        let example = template::render(&template, seed).unwrap();
        Planted {
            path: example.path.clone(),
            text: example.text,
            forms: forms(&template, seed),
            others: forms(&template, seed.wrapping_add(1)),
        }
    })
}

/// Where else the secret is written, besides the file that tells that it is one.
#[derive(Debug, Clone, Copy)]
enum Elsewhere {
    Nowhere,
    FileName,
    FolderName,
    SkippedName,
    LinkTarget,
    NameOfAValue,
    /// Beside another finding, so that excerpts are cut within it.
    BesideAnother {
        before: usize,
        after: usize,
    },
    LongLine,
}

fn elsewhere() -> impl Strategy<Value = Elsewhere> {
    prop_oneof![
        Just(Elsewhere::Nowhere),
        Just(Elsewhere::FileName),
        Just(Elsewhere::FolderName),
        Just(Elsewhere::SkippedName),
        Just(Elsewhere::LinkTarget),
        Just(Elsewhere::NameOfAValue),
        (0..110_usize, 0..90_usize)
            .prop_map(|(before, after)| Elsewhere::BesideAnother { before, after }),
        Just(Elsewhere::LongLine),
    ]
}

fn as_name(secret: &[u8]) -> Option<&str> {
    let name = std::str::from_utf8(secret).ok()?;
    (name.len() < 200 && !name.contains(['/', '\0'])).then_some(name)
}

fn plant(tree: &Tree, number: usize, planted: &Planted, elsewhere: Elsewhere) {
    tree.write(format!("{number}/{}", planted.path), &planted.text);
    // As it was found, which for an encoded one is not how it stands in its file.
    let secret = planted.forms.last().unwrap_or(&planted.text);
    let other = super::support::mailgun_key(number as u64);
    let other = format!("MAILGUN_SECRET={other}");
    let file = |name: &str| format!("{number}/more/{name}");
    match (elsewhere, as_name(secret)) {
        (Elsewhere::FileName, Some(name)) => {
            tree.write(file(&format!("{name}.env")), format!("{other}\n"));
        }
        (Elsewhere::FolderName, Some(name)) => {
            tree.write(file(&format!("{name}/.env")), format!("{other}\n"));
        }
        (Elsewhere::SkippedName, Some(name)) => {
            tree.write(file(&format!("{name}.png")), b"\x89PNG\r\n\x1a\n\0\0");
        }
        #[cfg(unix)]
        (Elsewhere::LinkTarget, Some(name)) => {
            tree.write(file("a"), "hello\n");
            let _ = std::os::unix::fs::symlink(name, tree.at(file("link")));
        }
        (Elsewhere::NameOfAValue, Some(name))
            if name.bytes().all(|b| b.is_ascii_alphanumeric()) =>
        {
            tree.write(file(".env"), format!("{name}_{other}\n{name}.{other}\n"));
        }
        (Elsewhere::BesideAnother { before, after }, _) => {
            let (before, after) = ("x ".repeat(before), " x".repeat(after));
            let line = [
                &secret[..],
                b" ",
                before.as_bytes(),
                other.as_bytes(),
                after.as_bytes(),
                b" ",
                secret,
            ];
            tree.write(file(".env"), [&line.concat()[..], b"\n"].concat());
        }
        (Elsewhere::LongLine, _) => {
            let filling = b" lorem ipsum".repeat(30);
            let line = [
                &filling[..],
                secret,
                &filling,
                other.as_bytes(),
                &filling,
                secret,
                &filling,
            ];
            tree.write(file("a.txt"), line.concat());
        }
        _ => {}
    }
}

/// The stretches of a secret that no report may hold.
fn telling<'p>(planted: &'p Planted, by_chance: &BTreeSet<&'p [u8]>) -> BTreeSet<&'p [u8]> {
    let own: BTreeSet<&[u8]> = stretches(&planted.forms);
    let of_the_template = stretches(&planted.others);
    let own: BTreeSet<&[u8]> = own.difference(&of_the_template).copied().collect();
    own.difference(by_chance).copied().collect()
}

/// What the files hold besides their secrets: digits of an account number can be those of a secret by chance.
fn besides_secrets(files: &[(Planted, Elsewhere)]) -> BTreeSet<&[u8]> {
    let parts = files
        .iter()
        .flat_map(|(planted, _)| match planted.forms.first() {
            Some(form) => split(&planted.text, form),
            None => Vec::new(),
        });
    parts.flat_map(stretches_of).collect()
}

/// The parts of a text before, between and after each time that something stands in it.
fn split<'t>(text: &'t [u8], what: &[u8]) -> Vec<&'t [u8]> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.windows(what.len()).position(|window| window == what) {
        parts.push(&rest[..at]);
        rest = &rest[at + what.len()..];
    }
    parts.push(rest);
    parts
}

/// The parts of a report that are not from the tree: hashes could hold six digits of a key by chance.
fn without_hashes(report: &str, json: &Value) -> String {
    let mut report = report.to_owned();
    for finding in findings(json) {
        report = report.replace(finding["fingerprint"].as_str().unwrap(), "");
        let places = finding["occurrences"].as_array().unwrap().iter();
        for hash in places.filter_map(|place| place["line_hash"].as_str()) {
            report = report.replace(hash, "");
        }
        for attribute in finding["attributes"].as_array().unwrap() {
            let value = attribute["value"].as_str().unwrap();
            if attribute["name"] == "key id" && value.len() == template_len(KEY_ID) {
                report = without_key_id(&report, value);
            }
        }
    }
    report
}

/// The hashes by which reports know misconfigurations again.
fn exposure_hashes(sarif: &str) -> Vec<String> {
    let log: Value = serde_json::from_str(sarif).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap().iter();
    results
        .filter_map(|result| result["partialFingerprints"]["spillcheckExposure/v1"].as_str())
        .map(str::to_owned)
        .collect()
}

fn template_len(template: &str) -> usize {
    template::render(template, 0).unwrap().text.len()
}

/// A report without what a format writes for characters that mean something in it.
fn unescaped(report: &str, format: &str) -> String {
    let mut pairs = vec![
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&amp;", "&"),
    ];
    match format {
        "csv" => pairs = vec![("\"\"", "\"")],
        "markdown" => pairs.extend([
            ("&#64;", "@"),
            ("&#91;", "["),
            ("&#92;", "\\"),
            ("&#95;", "_"),
            ("&#42;", "*"),
            ("\\_", "_"),
            ("\\*", "*"),
            ("\\#", "#"),
            ("\\!", "!"),
            ("\\$", "$"),
        ]),
        "github" => pairs = vec![("%3A", ":"), ("%2C", ","), ("%25", "%")],
        "junit" | "html" => {}
        _ => return report.to_owned(),
    }
    pairs
        .iter()
        .fold(report.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// Whether the report has a finding in the file that the secret was planted in.
fn is_found(json: &Value, path: &str) -> bool {
    findings(json).iter().any(|finding| {
        let places = finding["occurrences"].as_array().unwrap();
        places.iter().any(|place| place["path"] == path)
    })
}

fn check(files: &[(Planted, Elsewhere)], confidence: &str) -> Result<(), TestCaseError> {
    let tree = Tree::new();
    for (number, (planted, elsewhere)) in files.iter().enumerate() {
        plant(&tree, number, planted, *elsewhere);
    }
    let reports = Tree::new();
    let outputs: Vec<String> = formats()
        .map(|format| format!("--output={format}={}", reports.at(format).display()))
        .collect();
    let mut args = vec![
        "--show-skipped",
        "--min-confidence",
        confidence,
        "--format=json",
    ];
    args.extend(outputs.iter().map(String::as_str));
    let run = tree.run(&args);
    let json = run.json();
    let by_chance = besides_secrets(files);
    let exposures = exposure_hashes(&std::fs::read_to_string(reports.at("sarif")).unwrap());
    for format in formats() {
        let report = std::fs::read_to_string(reports.at(format)).unwrap();
        let shown = without_hashes(&unescaped(&report, format), &json) + &run.stderr;
        // GitLab's name for the report: a token of Notion may begin like it.
        let shown = shown.replace("secret_detection", "");
        let shown = exposures
            .iter()
            .fold(shown, |shown, hash| shown.replace(hash, ""));
        // One look for each window, where a search for each would take minutes.
        let seen: HashSet<&[u8]> = stretches_of(shown.as_bytes()).collect();
        for (number, (planted, elsewhere)) in files.iter().enumerate() {
            let path = format!("{number}/{}", planted.path);
            if !is_found(&json, &path) {
                continue;
            }
            for bytes in telling(planted, &by_chance) {
                let Ok(window) = std::str::from_utf8(bytes) else {
                    continue;
                };
                prop_assert!(
                    !seen.contains(bytes),
                    "{format} shows {window:?} of {path} ({elsewhere:?}), line {:?}",
                    shown.lines().find(|line| line.contains(window))
                );
            }
        }
    }
    Ok(())
}

#[test]
fn every_example_of_every_rule_stays_unseen() {
    for (seed, batch) in hits().chunks(40).enumerate() {
        let planted = batch.iter().map(|template| {
            let seed = seed as u64;
            let example = template::render(template, seed).unwrap();
            let planted = Planted {
                path: example.path.clone(),
                text: example.text,
                forms: forms(template, seed),
                others: forms(template, seed + 1),
            };
            (planted, Elsewhere::LongLine)
        });
        check(&planted.collect::<Vec<_>>(), "low").unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    #[test]
    fn planted_secrets_stay_unseen(
        files in prop::collection::vec((planted(), elsewhere()), 1..25),
        is_low: bool,
    ) {
        check(&files, if is_low { "low" } else { "medium" })?;
    }
}
