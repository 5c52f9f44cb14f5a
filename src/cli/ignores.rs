//! `.spillcheckignore`: where it is found, and what of it is used.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::checks;
use crate::finding::{Exposure, Finding, Suppression};
use crate::input::Root;
use crate::rules::read_bounded;
use crate::suppress::{IGNORE_FILE, IgnoreFile, Sight, decide};

use super::Failure;
use super::args::ReadArgs;
use super::placement::{Placement, path_of, real, top};

/// The files that apply to a scan.
#[derive(Debug, Default)]
pub(super) struct Ignores {
    placed: Vec<Placed>,
}

/// A file, and what it says something about.
#[derive(Debug)]
struct Placed {
    file: IgnoreFile,
    placement: Placement,
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
            ignores.add(path_of(root), &ids)?;
        }
        Ok(ignores)
    }

    fn add(&mut self, root: &Path, ids: &[&str]) -> Result<(), Failure> {
        let real = real(root);
        let start = if real.is_dir() {
            real.as_path()
        } else {
            real.parent().unwrap_or(&real)
        };
        let top = top(start);
        let mut within = start
            .ancestors()
            .take_while(|directory| directory.starts_with(top));
        let is_there = |directory: &&Path| {
            fs::symlink_metadata(directory.join(IGNORE_FILE)).is_ok_and(|file| !file.is_dir())
        };
        let Some(directory) = within.find(is_there) else {
            return Ok(());
        };
        let known = self
            .placed
            .iter_mut()
            .find(|placed| placed.placement.directory == directory);
        if let Some(placed) = known {
            placed.placement.add(root);
            return Ok(());
        }
        let mut placement = Placement::new(directory);
        placement.add(root);
        self.placed.push(Placed {
            file: read(&directory.join(IGNORE_FILE), ids)?,
            placement,
            used: BTreeSet::new(),
        });
        Ok(())
    }

    /// Takes out what is not to be counted.
    pub(super) fn findings(&mut self, findings: &mut Vec<Finding>, suppressed: &mut Vec<Finding>) {
        if self.placed.is_empty() {
            return;
        }
        let decided = decide(std::mem::take(findings), |finding, place| {
            let fingerprint = finding.fingerprint.to_string();
            self.decide(&finding.rule, &fingerprint, |placed| placed.inside(place))
        });
        findings.extend(decided.0);
        suppressed.extend(decided.1);
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
        path: impl Fn(&Placement) -> Option<String>,
    ) -> Option<Suppression> {
        let mut decision = None;
        for placed in &mut self.placed {
            let path = path(&placed.placement);
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
        let whole = self.placed.iter().filter(|placed| placed.placement.whole);
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
