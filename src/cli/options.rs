//! Command line and configuration file together: what a scan is to do.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread;

use globset::Glob;
use toml::Spanned;

use crate::checks::{self, Check};
use crate::finding::{Confidence, FingerprintKey, Severity, Suppression, Suppressor};
use crate::input::{Exclude, Root};
use crate::rules::{self, RuleFile};
use crate::trace::{Allowed, AllowedValue, Judgement};

use super::Failure;
use super::args::{ReadArgs, RuleArgs};
use super::baseline::Kept;
use super::config::{ConfigError, Loaded};
use super::foreign;

/// What a scan is to do.
pub(super) struct Options {
    pub(super) roots: Vec<Root>,
    pub(super) rules: Vec<RuleFile>,
    /// The ids of all rules, those that are off as well.
    pub(super) rule_ids: Vec<String>,
    pub(super) excludes: Vec<Exclude>,
    pub(super) judgement: Judgement,
    pub(super) checks: Vec<&'static Check>,
    /// By check id.
    pub(super) check_severities: BTreeMap<String, Severity>,
    /// What was found before.
    pub(super) baseline: Option<Kept>,
    /// As the configuration says.
    pub(super) fail_on: Option<Severity>,
    /// Gather what an investigation asks for beside what a scan does.
    pub(super) for_incident: bool,
    /// Files of other scanners that are honoured.
    pub(super) allowlists: Vec<PathBuf>,
    /// Files and directories of rules that the user gives.
    pub(super) rule_files: Vec<PathBuf>,
    /// For the reader of the report.
    pub(super) notes: Vec<String>,
}

impl Options {
    /// Reads the configuration file and the rules.
    pub(super) fn resolve(args: &ReadArgs) -> Result<Self, Failure> {
        let loaded = load_config(args)?;
        let mut notes = Vec::new();
        if let Some(path) = &loaded.path {
            notes.push(format!("configuration: {}", path.display()));
        }
        let (rules, rule_ids) = chosen_rules(args, &loaded, &mut notes)?;
        let on: Vec<&str> = ids(&rules).collect();
        let severities = severities_of(&loaded, &loaded.config.rules.severity, &on, RULES)?;
        let checks = chosen_checks(&loaded, &mut notes)?;
        let check_ids: Vec<&str> = checks.iter().map(|check| check.id).collect();
        let set = &loaded.config.checks.severity;
        let check_severities = severities_of(&loaded, set, &check_ids, CHECKS)?;
        let config = &loaded.config;
        Ok(Self {
            roots: roots(args),
            excludes: excludes(args, &loaded),
            checks,
            check_severities,
            judgement: Judgement {
                min_confidence: args
                    .min_confidence
                    .or(config.min_confidence)
                    .unwrap_or(Confidence::Medium),
                severities,
                allowed: allowed(&loaded),
                key: FingerprintKey::default(),
            },
            baseline: None,
            fail_on: config.fail_on,
            for_incident: false,
            allowlists: allowlists(args, &loaded),
            rule_files: rule_directories(args, &loaded),
            rules,
            rule_ids,
            notes,
        })
    }
}

/// The built-in rules and those of the given directories and files of gitleaks; `notes` tell what of these is not used.
pub(super) fn load_rules(
    args: &RuleArgs,
    notes: &mut Vec<String>,
) -> Result<Vec<RuleFile>, Failure> {
    let mut files = rules::builtin();
    for dir in &args.dirs {
        let own = if dir.is_file() {
            foreign::rules_of(dir, notes)?
        } else {
            load_directory(dir, &files)?
        };
        files.extend(own);
    }
    Ok(files)
}

/// The rules of a directory; their ids must not be among those of `others`.
pub(super) fn load_directory(dir: &Path, others: &[RuleFile]) -> Result<Vec<RuleFile>, Failure> {
    rules::load_dir(dir, others).map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        Failure::usage(lines.join("\n"))
    })
}

/// The ids of all rules.
pub(super) fn ids(files: &[RuleFile]) -> impl Iterator<Item = &str> {
    files
        .iter()
        .flat_map(|file| &file.rules)
        .map(|rule| rule.id.as_str())
}

/// The number of threads.
pub(super) fn jobs(args: &ReadArgs) -> usize {
    let all = || thread::available_parallelism().map_or(1, usize::from);
    args.jobs.map_or_else(all, usize::from)
}

fn load_config(args: &ReadArgs) -> Result<Loaded, Failure> {
    let start = args.paths.first().filter(|path| *path != Path::new("-"));
    let loaded = match &args.config {
        Some(path) => Loaded::read(path),
        None if args.isolated => Ok(Loaded::default()),
        None => Loaded::find(start.map_or(Path::new("."), PathBuf::as_path)),
    };
    loaded.map_err(Failure::usage)
}

fn chosen_rules(
    args: &ReadArgs,
    loaded: &Loaded,
    notes: &mut Vec<String>,
) -> Result<(Vec<RuleFile>, Vec<String>), Failure> {
    let section = &loaded.config.rules;
    let dirs = rule_directories(args, loaded);
    let mut rules = load_rules(&RuleArgs { dirs }, notes)?;
    let known: Vec<&str> = ids(&rules).collect();
    let off = switched_off(loaded, (&section.disable, &section.enable), &known, RULES)?;
    if !off.is_empty() {
        notes.push(format!("rules switched off: {}", off.join(", ")));
    }
    let all = known.into_iter().map(str::to_owned).collect();
    for file in &mut rules {
        file.rules.retain(|rule| !off.contains(&rule.id));
    }
    Ok((rules, all))
}

fn chosen_checks(loaded: &Loaded, notes: &mut Vec<String>) -> Result<Vec<&'static Check>, Failure> {
    let section = &loaded.config.checks;
    let known: Vec<&str> = checks::ALL.iter().map(|check| check.id).collect();
    let off = switched_off(loaded, (&section.disable, &section.enable), &known, CHECKS)?;
    if !off.is_empty() {
        notes.push(format!("checks switched off: {}", off.join(", ")));
    }
    let on = |check: &&Check| !off.iter().any(|id| id == check.id);
    Ok(checks::ALL
        .iter()
        .copied()
        .filter(|check| on(check))
        .collect())
}

/// What is listed by a command: for messages.
#[derive(Clone, Copy)]
struct Listed {
    one: &'static str,
    by: &'static str,
}

const RULES: Listed = Listed {
    one: "rule",
    by: "spillcheck rules list",
};
const CHECKS: Listed = Listed {
    one: "check",
    by: "spillcheck checks",
};

/// The ids that are disabled and not enabled again.
fn switched_off(
    loaded: &Loaded,
    (disable, enable): (&[Spanned<String>], &[Spanned<String>]),
    known: &[&str],
    listed: Listed,
) -> Result<Vec<String>, Failure> {
    let disabled = matching(loaded, disable, known, listed)?;
    let enabled = matching(loaded, enable, known, listed)?;
    Ok(disabled
        .into_iter()
        .filter(|id| !enabled.contains(id))
        .collect())
}

/// The ids that the globs name; a glob that names none is an error.
fn matching(
    loaded: &Loaded,
    globs: &[Spanned<String>],
    known: &[&str],
    listed: Listed,
) -> Result<Vec<String>, Failure> {
    let mut found: Vec<String> = Vec::new();
    for glob in globs {
        let error = |what: &str| Failure::usage(loaded.error_at(glob, what));
        let matcher = Glob::new(glob.get_ref())
            .map_err(|problem| error(&format!("this is no glob: {problem}")))?
            .compile_matcher();
        let before = found.len();
        let named = known.iter().filter(|id| matcher.is_match(id));
        found.extend(named.map(|id| (*id).to_owned()));
        if found.len() == before {
            let Listed { one, by } = listed;
            return Err(error(&format!("no {one} has this id: `{by}` shows them")));
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

fn severities_of(
    loaded: &Loaded,
    set: &BTreeMap<Spanned<String>, Severity>,
    known: &[&str],
    listed: Listed,
) -> Result<BTreeMap<String, Severity>, Failure> {
    let mut severities = BTreeMap::new();
    for (id, severity) in set {
        if !known.contains(&id.get_ref().as_str()) {
            let Listed { one, by } = listed;
            let what = format!("no {one} that is on has this id: `{by}` shows them");
            let error: ConfigError = loaded.error_at(id, &what);
            return Err(Failure::usage(error));
        }
        severities.insert(id.get_ref().clone(), *severity);
    }
    Ok(severities)
}

fn roots(args: &ReadArgs) -> Vec<Root> {
    let stdin_name = || {
        args.stdin_filename
            .clone()
            .unwrap_or_else(|| "<stdin>".to_owned())
    };
    let root = |path: &PathBuf| match path.to_str() {
        Some("-") => Root::Stdin { name: stdin_name() },
        _ => Root::Path(path.clone()),
    };
    if args.paths.is_empty() {
        return vec![Root::Path(PathBuf::from("."))];
    }
    args.paths.iter().map(root).collect()
}

fn excludes(args: &ReadArgs, loaded: &Loaded) -> Vec<Exclude> {
    let mut excludes = Vec::new();
    for glob in &args.excludes {
        excludes.push(Exclude {
            glob: glob.clone(),
            who: "--exclude".to_owned(),
            reason: None,
        });
    }
    let file = loaded
        .path
        .as_deref()
        .and_then(Path::file_name)
        .unwrap_or_default();
    for exclusion in &loaded.config.excludes {
        let line = loaded.line_of(&exclusion.path);
        excludes.push(Exclude {
            glob: exclusion.path.get_ref().clone(),
            who: format!("{} line {line}", file.to_string_lossy()),
            reason: Some(exclusion.reason.clone()),
        });
    }
    excludes
}

/// Where rules are that the user gives.
fn rule_directories(args: &ReadArgs, loaded: &Loaded) -> Vec<PathBuf> {
    let base = loaded.path.as_deref().and_then(Path::parent);
    let base = base.unwrap_or(Path::new(""));
    let configured = loaded.config.rules.directories.iter();
    let configured = configured.map(|dir| base.join(dir));
    args.rules.dirs.iter().cloned().chain(configured).collect()
}

fn allowlists(args: &ReadArgs, loaded: &Loaded) -> Vec<PathBuf> {
    let base = loaded.path.as_deref().and_then(Path::parent);
    let base = base.unwrap_or(Path::new(""));
    let configured = loaded.config.allowlists.iter().map(|file| base.join(file));
    let mut files: Vec<PathBuf> = args.allowlists.iter().cloned().chain(configured).collect();
    // Whoever wrote the rules wrote what they are not to find.
    let with_rules = rule_directories(args, loaded).into_iter();
    let with_rules: Vec<PathBuf> = with_rules.filter(|path| path.is_file()).collect();
    files.retain(|file| !with_rules.contains(file));
    files.extend(with_rules);
    files
}

fn allowed(loaded: &Loaded) -> Vec<Allowed> {
    let file = loaded.path.as_deref().and_then(Path::file_name);
    let file = file.unwrap_or_default().to_string_lossy();
    let entries = loaded.config.allowed.iter();
    entries
        .filter_map(|entry| {
            let (digits, value) = match (&entry.fingerprint, &entry.sha256) {
                (Some(digits), _) => (digits, AllowedValue::Fingerprint(digits.get_ref().clone())),
                (None, Some(digits)) => (digits, AllowedValue::Sha256(digits.get_ref().clone())),
                (None, None) => return None,
            };
            let source = format!("{file} line {}", loaded.line_of(digits));
            let suppression = Suppression::new(Suppressor::Configuration, source);
            Some(Allowed {
                value,
                suppression: suppression.because(Some(entry.reason.get_ref().clone())),
            })
        })
        .collect()
}
