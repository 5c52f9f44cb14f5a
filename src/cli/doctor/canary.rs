//! Credentials that belong to nobody, planted in memory where each stage has to find them.

use std::io::Cursor;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::ValueEnum as _;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::detect::Engine;
use crate::finding::{Confidence, Finding, FingerprintKey};
use crate::input::{self, Archives, Coverage, GitStates};
use crate::report::{self, Format, RenderOptions, Report, ReportedRule, Suppressed, Withheld};
use crate::rules::compile::RuleSet;
use crate::rules::{self, template};
use crate::trace::{Collector, Judgement, assemble};

use super::super::Failure;

/// The shape of a Mailgun key, and the name that it goes by.
const KEY: &str = "{hex:32}-{hex:8}-{hex:8}";
const SEED: u64 = 1;
/// Text that holds nothing, so that the key is not the first thing that is met.
const FILLER: &str = "nothing to see in this line\n";
const FILLER_LINES: usize = 3000;

/// A stage, and whether it does what it is for.
pub(super) struct Stage {
    pub(super) works: bool,
    pub(super) what: &'static str,
}

/// Tries all stages, with the rules that are built in.
pub(super) fn try_all() -> Result<Vec<Stage>, Failure> {
    let rendered = template::render(KEY, SEED).map_err(Failure::internal)?;
    let key = String::from_utf8(rendered.text).map_err(Failure::internal)?;
    let rules = RuleSet::new(rules::builtin());
    let engine = Engine::new(rules).map_err(Failure::internal)?;
    let line = format!("MAILGUN_SECRET={key}\n");
    let tried = |what, (name, bytes): (&str, Vec<u8>), place: &str| -> Result<Stage, Failure> {
        let found = found(&engine, name, &bytes)?;
        let works = found.iter().any(|finding| is_planted(finding, &key, place));
        Ok(Stage { works, what })
    };
    let packed = tar_gz(".env", line.as_bytes()).map_err(Failure::internal)?;
    let encoded = format!("blob: {}\n", STANDARD.encode(&line));
    let wide = format!("\u{feff}{line}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let far = format!("{}{line}", FILLER.repeat(FILLER_LINES));
    Ok(vec![
        tried(
            "prefilter: a key far into a file is found",
            (".env", far.into_bytes()),
            ".env",
        )?,
        tried(
            "encodings: a key in UTF-16 is found",
            (".env", wide),
            ".env",
        )?,
        tried(
            "decoders: a key in base64 is found",
            ("a.yml", encoded.into_bytes()),
            "a.yml",
        )?,
        tried(
            "archives: a key in a tar in gzip is found",
            ("b.tar.gz", packed),
            "b.tar.gz!.env",
        )?,
        silence(&engine)?,
        reports(&engine, &key, &line)?,
    ])
}

/// Reads bytes as a file of that name, to the findings.
fn found(engine: &Engine, name: &str, bytes: &[u8]) -> Result<Vec<Finding>, Failure> {
    scan(engine, name, bytes).map(|(findings, _)| findings)
}

fn scan(engine: &Engine, name: &str, bytes: &[u8]) -> Result<(Vec<Finding>, Coverage), Failure> {
    let collector = Collector::new(engine, None, true);
    let coverage = input::read_stream(
        name,
        &mut Cursor::new(bytes),
        Some(Archives::default()),
        &collector,
    );
    if coverage.is_incomplete() {
        return Err(Failure::internal(format!("{name} in memory was not read")));
    }
    let judgement = Judgement {
        min_confidence: Confidence::Medium,
        severities: Default::default(),
        allowed: Vec::new(),
        key: FingerprintKey::default(),
    };
    let files = collector.finish().files;
    let assembly = assemble(engine.rules(), files, &judgement, &GitStates::new());
    Ok((assembly.findings, coverage))
}

fn is_planted(finding: &Finding, key: &str, place: &str) -> bool {
    finding.secret.expose() == key.as_bytes()
        && finding
            .occurrences
            .iter()
            .any(|at| at.location.path == place)
}

/// A scanner that finds something everywhere finds nothing.
fn silence(engine: &Engine) -> Result<Stage, Failure> {
    let found = found(engine, ".env", FILLER.repeat(FILLER_LINES).as_bytes())?;
    Ok(Stage {
        works: found.is_empty(),
        what: "silence: nothing is found where nothing is",
    })
}

/// Every format tells of the finding, and none of the key.
fn reports(engine: &Engine, key: &str, line: &str) -> Result<Stage, Failure> {
    let (findings, coverage) = scan(engine, ".env", line.as_bytes())?;
    let rules = engine.rules().rules().iter();
    let report = Report {
        rules: rules
            .filter(|rule| findings.iter().any(|finding| finding.rule == rule.rule.id))
            .map(|rule| ReportedRule::of(&rule.provider, &rule.rule))
            .collect(),
        findings,
        exposures: Vec::new(),
        suppressed: Suppressed::default(),
        checks: Vec::new(),
        roots: Vec::new(),
        coverage,
        withheld: Withheld::default(),
        notes: Vec::new(),
        paths: vec![".env".to_owned()],
        base: None,
        baseline: None,
        elapsed: Duration::ZERO,
    };
    let mut works = !report.findings.is_empty();
    for format in Format::value_variants() {
        let mut out = Vec::new();
        report::write(&report, *format, &RenderOptions::default(), &mut out)?;
        let says = |text: &str| memchr::memmem::find(&out, text.as_bytes()).is_some();
        works &= says("mailgun-api-key") && !says(key);
    }
    Ok(Stage {
        works,
        what: "reports: every format tells of a key, and none shows it",
    })
}

fn tar_gz(name: &str, bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes.len() as u64);
    builder.append_data(&mut header, name, bytes)?;
    builder.into_inner()?.finish()
}
