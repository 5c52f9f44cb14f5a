//! Files of other scanners that say what is not to be counted.
//!
//! What of a file is not understood, or means nothing here, is told in sentences, so that nobody takes it for honoured.

mod gitleaks_config;
mod gitleaks_ignore;
mod secrets_baseline;

use std::collections::BTreeMap;

use regex_automata::meta::Regex;
use regex_automata::util::syntax;

use crate::finding::{Finding, Occurrence, Suppression, Suppressor};

use gitleaks_config::GitleaksConfig;
use gitleaks_ignore::GitleaksIgnore;
use secrets_baseline::SecretsBaseline;

pub use gitleaks_config::Extended;

/// The names under which such files lie in repositories.
pub const FOREIGN_FILES: [&str; 3] = [".gitleaksignore", ".gitleaks.toml", ".secrets.baseline"];

/// A compiled expression is not larger, in bytes.
const MAX_SIZE: usize = 4 << 20;

/// A file of another scanner.
#[derive(Debug)]
pub struct Foreign {
    /// As reports name it.
    name: String,
    kind: Kind,
    /// What of it is not honoured.
    pub unheard: Vec<String>,
    /// How many rules it brings.
    pub own_rules: usize,
}

#[derive(Debug)]
enum Kind {
    Ignore(GitleaksIgnore),
    Config(GitleaksConfig),
    Baseline(SecretsBaseline),
}

/// Something that was found in one place.
#[derive(Debug, Clone, Copy)]
pub struct ForeignSight<'s> {
    /// What was found.
    pub finding: &'s Finding,
    /// Where.
    pub place: &'s Occurrence,
    /// The file, relative to where the other scanner is run.
    pub path: &'s str,
    /// Whether it is the other scanner's file itself.
    pub is_own: bool,
}

impl Foreign {
    /// Reads a file, of a kind that its content and its name tell. `extended` reads the file that a gitleaks configuration
    /// extends, by its path.
    ///
    /// # Errors
    /// It is of no kind that is known, or malformed: a sentence, with the line where there is one.
    pub fn read(name: &str, text: &str, extended: Extended<'_>) -> Result<Self, String> {
        let text = text.trim_start_matches('\u{feff}');
        let mut unheard = Vec::new();
        let kind = if text.trim_start().starts_with('{') {
            Kind::Baseline(SecretsBaseline::read(text, &mut unheard)?)
        } else if name.ends_with(".toml") {
            Kind::Config(GitleaksConfig::read(text, extended, &mut unheard)?)
        } else {
            Kind::Ignore(GitleaksIgnore::read(text, &mut unheard))
        };
        let own_rules = match &kind {
            Kind::Config(file) => file.own_rules,
            Kind::Ignore(_) | Kind::Baseline(_) => 0,
        };
        Ok(Self {
            own_rules,
            name: name.to_owned(),
            kind,
            unheard,
        })
    }

    /// Whether the file allows this: what decides in it, and why.
    pub fn decide(&self, sight: &ForeignSight<'_>) -> Option<Suppression> {
        let (by, (source, reason)) = match &self.kind {
            Kind::Ignore(file) => (Suppressor::GitleaksIgnore, (file.line(sight)?, None)),
            Kind::Config(file) => (Suppressor::GitleaksConfig, file.allowlist(sight)?),
            Kind::Baseline(file) => (Suppressor::SecretsBaseline, (file.kind(sight)?, None)),
        };
        Some(Suppression::new(by, format!("{} {source}", self.name)).because(reason))
    }

    /// As reports name it.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// The line of an occurrence with its secret, as far as the excerpt has it, and where in it the secret starts and ends.
fn line(sight: &ForeignSight<'_>) -> Option<(String, usize, usize)> {
    let excerpt = &sight.place.excerpt;
    let line = excerpt.lines.get(excerpt.marked_line)?;
    let secret = String::from_utf8_lossy(sight.finding.secret.expose());
    let mut text: String = line.chars().take(excerpt.mark_start).collect();
    let start = text.len();
    text.push_str(&secret);
    let end = text.len();
    text.extend(line.chars().skip(excerpt.mark_start + excerpt.mark_len));
    Some((text, start, end))
}

/// Compiles expressions of Go and Python, which are those of Rust but for a few; others are told.
fn compiled(expressions: &[String], unheard: &mut Vec<String>) -> Vec<Regex> {
    let mut compiled = Vec::new();
    for expression in expressions {
        let built = Regex::builder()
            .configure(Regex::config().nfa_size_limit(Some(MAX_SIZE)))
            .syntax(syntax::Config::new().utf8(false))
            .build(expression);
        match built {
            Ok(regex) => compiled.push(regex),
            Err(_) => unheard.push(format!("this expression is not understood: {expression}")),
        }
    }
    compiled
}

/// `3 rules and 1 path`, of what is not honoured.
fn counted(counts: &BTreeMap<&str, usize>) -> String {
    let words: Vec<String> = counts
        .iter()
        .map(|(what, count)| format!("{count} {what}"))
        .collect();
    words.join(", ")
}
