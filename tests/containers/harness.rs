//! Reads the cases and runs them.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use spillcheck::detect::{Engine, FileKind, Match};
use spillcheck::finding::Confidence;
use spillcheck::rules;
use spillcheck::rules::compile::RuleSet;
use spillcheck::rules::template::{self, Example};

/// Each case is rendered under this many seeds.
const SEEDS: u64 = 3;
/// Length of a key's id, with the dash in it.
const KEY_ID: usize = 17;

pub(crate) fn engine() -> Engine {
    let rules = RuleSet::new(rules::builtin());
    Engine::new(rules).expect("the literals are long enough")
}

/// One text and what is to be found in it.
pub(crate) struct Case {
    pub(crate) title: String,
    /// Any of these finds the marked secret; without one, nothing is to be found.
    pub(crate) rules: Vec<String>,
    pub(crate) exactly: Option<Confidence>,
    path: String,
    beside: Vec<String>,
    least: Confidence,
    attributes: BTreeMap<String, String>,
    template: String,
}

/// What does not change what a text says.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Variant {
    AsWritten,
    CarriageReturns,
    NoLastLineEnd,
}

impl Variant {
    pub(crate) const ALL: [Self; 3] = [Self::AsWritten, Self::CarriageReturns, Self::NoLastLineEnd];

    fn apply(self, example: &mut Example) {
        match self {
            Self::AsWritten => {}
            Self::NoLastLineEnd => {
                if example.text.ends_with(b"\n") {
                    example.text.pop();
                }
            }
            Self::CarriageReturns => with_carriage_returns(example),
        }
    }
}

fn with_carriage_returns(example: &mut Example) {
    let lines_before = |end: usize| example.text[..end].iter().filter(|&&b| b == b'\n').count();
    let secret = example
        .secret
        .clone()
        .map(|at| at.start + lines_before(at.start)..at.end + lines_before(at.end));
    let mut text = Vec::with_capacity(example.text.len() + 64);
    for &byte in &example.text {
        if byte == b'\n' {
            text.push(b'\r');
        }
        text.push(byte);
    }
    example.text = text;
    example.secret = secret;
}

impl Case {
    fn read(block: &str) -> Self {
        let (head, text) = block
            .split_once("\n--\n")
            .expect("a line `--` before the text");
        let mut lines = head.lines();
        let title = lines.next().unwrap_or_default().trim().to_owned();
        let mut fields: BTreeMap<String, String> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned()))
            .collect();
        let list = |field: Option<String>| -> Vec<String> {
            let field = field.unwrap_or_default();
            field
                .split(',')
                .map(|rule| rule.trim().to_owned())
                .filter(|rule| !rule.is_empty())
                .collect()
        };
        let level = |field: Option<String>| field.map(|word| word.parse().expect("a confidence"));
        Self {
            path: fields
                .remove("path")
                .unwrap_or_else(|| panic!("{title}: no path")),
            rules: list(fields.remove("rule")),
            beside: list(fields.remove("beside")),
            least: level(fields.remove("least")).unwrap_or(Confidence::Medium),
            exactly: level(fields.remove("exactly")),
            attributes: fields,
            template: text.to_owned(),
            title,
        }
    }

    fn render(&self, seed: u64) -> Result<Example, String> {
        let mut example =
            template::render(&self.template, seed).map_err(|error| error.to_string())?;
        example.path.clone_from(&self.path);
        Ok(example)
    }

    pub(crate) fn check(&self, engine: &Engine, variant: Variant) -> Result<(), String> {
        for seed in 0..SEEDS {
            let mut example = self.render(seed)?;
            variant.apply(&mut example);
            self.check_one(engine, &example)?;
        }
        Ok(())
    }

    fn check_one(&self, engine: &Engine, example: &Example) -> Result<(), String> {
        let matches = matches(engine, example);
        let id = |found: &Match| engine.rules().rules()[found.rule].rule.id.clone();
        let shown = || -> Vec<String> {
            let line =
                |found: &Match| format!("{} at {:?} {}", id(found), found.span, found.confidence);
            matches.iter().map(line).collect()
        };
        if self.rules.is_empty() != example.secret.is_none() {
            return Err("a marked secret needs a `rule`, and a rule a marked secret".to_owned());
        }
        let own = example.secret.as_ref().and_then(|secret| {
            matches
                .iter()
                .find(|found| self.rules.contains(&id(found)) && is_at(found, secret))
        });
        let strange = matches.iter().find(|found| {
            let is_own = own.is_some_and(|own| own.span == found.span);
            !is_own && found.confidence >= Confidence::Medium && !self.beside.contains(&id(found))
        });
        match own {
            None if example.secret.is_some() => {
                return Err(format!(
                    "nothing at {:?}; found {:?}",
                    example.secret,
                    shown()
                ));
            }
            Some(found) => self
                .check_match(found)
                .map_err(|what| format!("{what}; found {:?}", shown()))?,
            None => {}
        }
        strange.map_or(Ok(()), |found| {
            Err(format!(
                "should not be found: {} in {:?}",
                id(found),
                shown()
            ))
        })
    }

    fn check_match(&self, found: &Match) -> Result<(), String> {
        let confidence = found.confidence;
        if let Some(wanted) = self.exactly.filter(|&wanted| wanted != confidence) {
            return Err(format!("confidence {confidence} instead of {wanted}"));
        }
        if self.exactly.is_none() && confidence < self.least {
            return Err(format!("confidence {confidence} instead of {}", self.least));
        }
        for (name, wanted) in &self.attributes {
            let value = found.attributes.iter().find(|(other, _)| other == name);
            let value = value.map_or("-", |(_, value)| value.as_str());
            if value != expected(wanted, found) {
                return Err(format!("{name} is `{value}` instead of `{wanted}`"));
            }
        }
        Ok(())
    }
}

fn expected(wanted: &str, found: &Match) -> String {
    if wanted != "tail" {
        return wanted.to_owned();
    }
    let secret = String::from_utf8_lossy(found.secret.expose()).into_owned();
    secret[secret.len().saturating_sub(KEY_ID)..].to_owned()
}

fn matches(engine: &Engine, example: &Example) -> Vec<Match> {
    let kind = FileKind::of(&example.path, &example.text);
    let part = engine.scan(&kind, &example.text, 0, 0..example.text.len());
    engine.conclude(&kind, vec![part]).matches
}

/// The span of an encoded secret may be that of its encoded bytes within the marked ones.
fn is_at(found: &Match, marked: &Range<usize>) -> bool {
    let marked = marked.start as u64..marked.end as u64;
    if found.decoders.is_empty() {
        found.span == marked
    } else {
        marked.start <= found.span.start && found.span.end <= marked.end
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/containers")
}

/// All cases, by file name and place.
pub(crate) fn cases() -> Vec<Case> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder())
        .expect("the folder is there")
        .map(|entry| entry.expect("it is readable").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "case"))
        .collect();
    files.sort();
    let text = |path: PathBuf| fs::read_to_string(path).expect("cases are text");
    files
        .into_iter()
        .flat_map(|path| blocks(&text(path)))
        .collect()
}

fn blocks(text: &str) -> Vec<Case> {
    let text = format!("\n{text}");
    text.split("\n== ")
        .skip(1)
        .map(|block| Case::read(&format!("{}\n", block.trim_end_matches('\n'))))
        .collect()
}

/// Writes the cases as UTF-16 into a tree, scans it with the program, and gives index of the case and rule of
/// every finding.
pub(crate) fn utf16_tree(cases: &[Case]) -> Vec<(usize, String)> {
    let tree = tempfile::tempdir().expect("a temporary directory");
    for (index, case) in cases.iter().enumerate() {
        let seed = 1_000 + index as u64;
        let example = case.render(seed).expect("the template is well-formed");
        let path = tree.path().join(index.to_string()).join(&example.path);
        fs::create_dir_all(path.parent().unwrap_or(tree.path())).expect("folders can be made");
        fs::write(path, utf16(&example.text)).expect("files can be written");
    }
    let output = assert_cmd::Command::cargo_bin("spillcheck")
        .expect("the program is built")
        .args(["--format", "json", "--exit-zero", "--isolated", "."])
        .current_dir(tree.path())
        .output()
        .expect("the program runs");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let findings = report["findings"].as_array().cloned().unwrap_or_default();
    findings.iter().flat_map(places).collect()
}

fn utf16(text: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(text);
    let units = text.encode_utf16().flat_map(u16::to_le_bytes);
    [0xff, 0xfe].into_iter().chain(units).collect()
}

fn places(finding: &serde_json::Value) -> Vec<(usize, String)> {
    let rule = finding["rule"].as_str().unwrap_or_default();
    let occurrences = finding["occurrences"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    occurrences
        .iter()
        .filter_map(|occurrence| occurrence["path"].as_str()?.split('/').next()?.parse().ok())
        .map(|index| (index, rule.to_owned()))
        .collect()
}
