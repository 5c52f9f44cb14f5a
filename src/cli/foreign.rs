//! `--allowlist`: what files of other scanners say is honoured, and what of them is not is said.

use std::path::{Component, Path, PathBuf};

use crate::finding::Finding;
use crate::input::{Root, shown};
use crate::rules::{RuleFile, gitleaks, read_bounded};
use crate::suppress::{FOREIGN_FILES, Foreign, ForeignSight, decide};

use super::Failure;
use super::placement::{Placement, path_of, real};

/// The files that are honoured.
#[derive(Debug, Default)]
pub(super) struct Honored {
    files: Vec<Placed>,
    /// Files that lie there and were not asked for.
    offers: Vec<String>,
}

#[derive(Debug)]
struct Placed {
    foreign: Foreign,
    placement: Placement,
    /// Absolute, without symbolic links.
    real: PathBuf,
    /// Its rules are looked for as well.
    has_rules: bool,
    /// How many places it keeps from counting.
    places: usize,
}

impl Honored {
    /// Reads the files that were asked for, and looks for others in the scanned directories.
    ///
    /// # Errors
    /// One cannot be read, or is of no kind that is known.
    pub(super) fn read(
        files: &[PathBuf],
        rules: &[PathBuf],
        roots: &[Root],
    ) -> Result<Self, Failure> {
        let read = |file: &PathBuf| {
            let has_rules = rules.contains(file);
            Ok(Placed {
                has_rules,
                ..Placed::read(file, roots)?
            })
        };
        let placed = files
            .iter()
            .map(read)
            .collect::<Result<Vec<_>, Failure>>()?;
        let asked: Vec<PathBuf> = files.iter().map(|file| real(file)).collect();
        let directories = roots.iter().map(path_of).filter(|root| root.is_dir());
        let there = directories.flat_map(|root| FOREIGN_FILES.map(|name| root.join(name)));
        let offers = there.filter(|path| path.is_file() && !asked.contains(&real(path)));
        Ok(Self {
            files: placed,
            offers: offers.map(|path| shown(&path)).collect(),
        })
    }

    /// Takes out what the files allow.
    pub(super) fn findings(&mut self, findings: &mut Vec<Finding>, suppressed: &mut Vec<Finding>) {
        if self.files.is_empty() {
            return;
        }
        let decided = decide(std::mem::take(findings), |finding, place| {
            self.files.iter_mut().find_map(|file| {
                let path = file.placement.inside(place)?;
                let decision = file.foreign.decide(&ForeignSight {
                    finding,
                    place,
                    path: &path,
                    is_own: file.real == real(Path::new(place.location.on_disk())),
                })?;
                file.places += 1;
                Some(decision)
            })
        });
        findings.extend(decided.0);
        suppressed.extend(decided.1);
    }

    /// What the reader of a report should know of the files.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        for file in &self.files {
            let name = file.foreign.name();
            notes.push(match file.places {
                0 => format!("{name} allows nothing of what was found"),
                1 => format!("{name} keeps 1 place from counting"),
                count => format!("{name} keeps {count} places from counting"),
            });
            let unheard = file.foreign.unheard.iter();
            notes.extend(unheard.map(|what| format!("{name}: {what}")));
            if file.foreign.own_rules > 0 && !file.has_rules {
                notes.push(format!(
                    "{name} has {} rules of its own, which are not looked for; `--rules {name}` does",
                    file.foreign.own_rules
                ));
            }
        }
        notes.extend(
            self.offers.iter().map(|path| {
                format!("{path} is there and is not honoured; `--allowlist {path}` does")
            }),
        );
        notes
    }
}

impl Placed {
    fn read(file: &Path, roots: &[Root]) -> Result<Self, Failure> {
        let error = |what: &dyn std::fmt::Display| {
            Failure::usage(format!("the allowlist {}: {what}", file.display()))
        };
        let text = read_bounded(file).map_err(|problem| error(&problem))?;
        let real_file = real(file);
        let directory = real_file.parent().unwrap_or(&real_file).to_owned();
        let directory = directory.as_path();
        let extended = |path: &str| extension(directory, path);
        let foreign = Foreign::read(&shown(file), &text, &extended);
        let foreign = foreign.map_err(|problem| error(&problem))?;
        // Other scanners are run where the file is, or at the top with the file somewhere else.
        let first = roots.first().map(|root| real(path_of(root)));
        let base = match &first {
            Some(root) if !root.starts_with(directory) => root.as_path(),
            _ => directory,
        };
        let mut placement = Placement::new(base);
        for root in roots.iter().map(path_of) {
            placement.add(root);
        }
        Ok(Self {
            foreign,
            placement,
            real: real_file,
            has_rules: false,
            places: 0,
        })
    }
}

/// Rules that a configuration of gitleaks brings, and those that it extends.
pub(super) fn rules_of(file: &Path, notes: &mut Vec<String>) -> Result<Vec<RuleFile>, Failure> {
    let error = |what: &dyn std::fmt::Display| {
        Failure::usage(format!("the rules {}: {what}", file.display()))
    };
    let name = shown(file);
    let real_file = real(file);
    let directory = real_file.parent().unwrap_or(&real_file);
    let mut text = read_bounded(file).map_err(|problem| error(&problem))?;
    let mut files: Vec<RuleFile> = Vec::new();
    // So deep configurations extend one another, as in gitleaks.
    for _ in 0..=2 {
        let mut taken = gitleaks::take(&text).map_err(|problem| error(&problem))?;
        let is_known = |id: &str| {
            let mut known = files.iter().flat_map(|file| &file.rules);
            known.any(|rule| rule.id == id)
        };
        taken.file.rules.retain(|rule| !is_known(&rule.id));
        let refused = taken.refused.iter();
        notes.extend(refused.map(|why| format!("{name}: not taken over: {why}")));
        files.push(taken.file);
        match taken.extends {
            Some(path) => text = extension(directory, &path).map_err(|problem| error(&problem))?,
            None => break,
        }
    }
    let count: usize = files.iter().map(|file| file.rules.len()).sum();
    notes.push(format!(
        "{name}: {count} rules are taken over, as `gitleaks-…`"
    ));
    Ok(files)
}

/// A configuration that another one extends: beside it or below, since it may come with a hostile tree.
fn extension(directory: &Path, path: &str) -> Result<String, String> {
    let stays = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
    let file = real(&directory.join(path));
    if !Path::new(path).components().all(stays) || !file.starts_with(directory) {
        return Err(format!(
            "it extends {path}, which is not below its directory and is not read"
        ));
    }
    read_bounded(&file).map_err(|error| format!("it extends {path}: {error}"))
}
