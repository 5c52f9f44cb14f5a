//! `.spillcheckignore`: where it is found, and what of it is used.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::checks;
use crate::finding::{Exposure, Finding, Occurrence, Suppression};
use crate::input::{Root, shown};
use crate::rules::read_bounded;
use crate::suppress::{IGNORE_FILE, IgnoreFile, Sight, split};

use super::Failure;
use super::args::ReadArgs;

/// The files that apply to a scan.
#[derive(Debug, Default)]
pub(super) struct Ignores {
    placed: Vec<Placed>,
}

/// A file, and what it says something about.
#[derive(Debug)]
struct Placed {
    directory: PathBuf,
    file: IgnoreFile,
    /// What paths in reports start with, and what stands instead in the terms of the file.
    roots: Vec<(String, String)>,
    /// The directory, from the top of its repository.
    below_top: String,
    /// Whether all of the directory is scanned.
    whole: bool,
    used: BTreeSet<usize>,
}

impl Ignores {
    /// Looks for the file in each scanned directory and above it, up to the top of the repository; outside of one in that
    /// directory only. The nearest one counts. `ids` are those of the rules.
    ///
    /// # Errors
    /// A file that is there cannot be read, is a symbolic link, or has a bad line.
    pub(super) fn find(args: &ReadArgs, roots: &[Root], ids: &[String]) -> Result<Self, Failure> {
        let mut ignores = Self::default();
        if args.isolated {
            return Ok(ignores);
        }
        let checks = checks::ALL.iter().map(|check| check.id);
        let ids: Vec<&str> = ids.iter().map(String::as_str).chain(checks).collect();
        for root in roots {
            let path = match root {
                Root::Path(path) => path.as_path(),
                Root::Stdin { name } => Path::new(name),
            };
            ignores.add(path, &ids)?;
        }
        Ok(ignores)
    }

    fn add(&mut self, root: &Path, ids: &[&str]) -> Result<(), Failure> {
        let real = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
        let real = fs::canonicalize(&real).unwrap_or(real);
        let is_directory = real.is_dir();
        let start = if is_directory {
            real.as_path()
        } else {
            real.parent().unwrap_or(&real)
        };
        let top = start
            .ancestors()
            .find(|directory| directory.join(".git").exists())
            .unwrap_or(start);
        let mut within = start
            .ancestors()
            .take_while(|directory| directory.starts_with(top));
        let is_there = |directory: &&Path| {
            fs::symlink_metadata(directory.join(IGNORE_FILE)).is_ok_and(|file| !file.is_dir())
        };
        let Some(directory) = within.find(is_there) else {
            return Ok(());
        };
        let root_shown = match shown(root).as_str() {
            "." => String::new(),
            shown => shown.trim_end_matches('/').to_owned(),
        };
        let named = (root_shown, below(&real, directory));
        let index = self
            .placed
            .iter()
            .position(|placed| placed.directory == directory);
        let placed = match index.and_then(|index| self.placed.get_mut(index)) {
            Some(placed) => placed,
            None => {
                self.placed.push(Placed {
                    file: read(&directory.join(IGNORE_FILE), ids)?,
                    directory: directory.to_owned(),
                    roots: Vec::new(),
                    below_top: below(directory, top),
                    whole: false,
                    used: BTreeSet::new(),
                });
                let last = self.placed.len() - 1;
                &mut self.placed[last]
            }
        };
        placed.whole |= is_directory && named.1.is_empty();
        placed.roots.push(named);
        Ok(())
    }

    /// Takes out what is not to be counted.
    pub(super) fn findings(&mut self, findings: &mut Vec<Finding>, suppressed: &mut Vec<Finding>) {
        if self.placed.is_empty() {
            return;
        }
        for finding in std::mem::take(findings) {
            let (rule, fingerprint) = (finding.rule.clone(), finding.fingerprint.to_string());
            let (counted, others) = split(finding, |place| {
                self.decide(&rule, &fingerprint, |placed| placed.inside(place))
            });
            findings.extend(counted);
            suppressed.extend(others);
        }
    }

    /// Takes out what is not to be counted.
    pub(super) fn exposures(
        &mut self,
        exposures: &mut Vec<Exposure>,
        suppressed: &mut Vec<Exposure>,
    ) {
        for mut exposure in std::mem::take(exposures) {
            let (check, fingerprint) = (&exposure.check, exposure.fingerprint());
            let file = &exposure.file;
            exposure.suppressed =
                self.decide(check, &fingerprint, |placed| placed.inside_root(file));
            match exposure.suppressed {
                None => exposures.push(exposure),
                Some(_) => suppressed.push(exposure),
            }
        }
    }

    fn decide(
        &mut self,
        rule: &str,
        fingerprint: &str,
        path: impl Fn(&Placed) -> Option<String>,
    ) -> Option<Suppression> {
        let mut decision = None;
        for placed in &mut self.placed {
            let path = path(placed);
            let matching = placed.file.matching(&Sight {
                rule,
                fingerprint,
                path: path.as_deref(),
            });
            let first = matching.first().copied();
            placed.used.extend(matching);
            decision = decision.or_else(|| placed.file.suppression(first?));
        }
        decision
    }

    /// Entries that allow nothing, of directories that were scanned whole.
    pub(super) fn notes(&self) -> Vec<String> {
        let whole = self.placed.iter().filter(|placed| placed.whole);
        let note = |placed: &Placed| {
            let unused = placed.file.lines(|entry| !placed.used.contains(&entry));
            let lines: Vec<String> = unused.iter().map(ToString::to_string).collect();
            let (entries, s) = match lines.len() {
                0 => return None,
                1 => ("1 entry allows", ""),
                count => (&*format!("{count} entries allow"), "s"),
            };
            let name = placed.file.name();
            let lines = lines.join(", ");
            Some(format!("{name}: {entries} nothing: line{s} {lines}"))
        };
        whole.filter_map(note).collect()
    }
}

impl Placed {
    /// A place in the terms of the file.
    fn inside(&self, place: &Occurrence) -> Option<String> {
        let path = place.location.path.as_str();
        if place.commits.is_none() {
            return self.inside_root(path);
        }
        let (_, path) = path.split_once(':')?;
        let inside = stripped(path, &self.below_top)?;
        Some(inside.to_owned())
    }

    fn inside_root(&self, path: &str) -> Option<String> {
        self.roots.iter().find_map(|(root, instead)| {
            let rest = stripped(path, root)?;
            let slash = if instead.is_empty() || rest.is_empty() || rest.starts_with('!') {
                ""
            } else {
                "/"
            };
            Some(format!("{instead}{slash}{rest}"))
        })
    }
}

/// What follows a directory in a path; of an archive that is scanned itself, the `!` and what follows it.
fn stripped<'p>(path: &'p str, directory: &str) -> Option<&'p str> {
    if directory.is_empty() {
        return Some(path);
    }
    let rest = path.strip_prefix(directory)?;
    match rest.as_bytes().first() {
        Some(b'/') => Some(&rest[1..]),
        Some(b'!') | None => Some(rest),
        Some(_) => None,
    }
}

fn below(path: &Path, directory: &Path) -> String {
    path.strip_prefix(directory)
        .map(shown)
        .map(|path| if path == "." { String::new() } else { path })
        .unwrap_or_default()
}

fn read(path: &Path, ids: &[&str]) -> Result<IgnoreFile, Failure> {
    let error = |what: &dyn std::fmt::Display| {
        Failure::usage(format!("the ignore file {}: {what}", path.display()))
    };
    if path.is_symlink() {
        return Err(error(
            &"it is a symbolic link, which is not followed, since it may lead out of the tree; --isolated leaves it out",
        ));
    }
    let text = read_bounded(path).map_err(|problem| error(&problem))?;
    IgnoreFile::read(IGNORE_FILE, &text, ids).map_err(|problem| error(&problem))
}
