//! What a build copies into an image.

use std::collections::BTreeMap;

use crate::checks::Context;
use crate::checks::names::{directory, join};
use crate::site::lex::dockerfile::{Instruction, instructions};

/// A file or directory of the build context that gets into the image.
pub(super) struct Copied {
    /// As it is written: `.`, `.env`.
    pub(super) source: String,
    /// Which instruction.
    pub(super) line: u32,
    /// How it gets from a build stage into the last one, if it was copied into one of those.
    pub(super) through: Option<u32>,
}

/// What gets into the last stage of a Dockerfile from its build context, directly or through another stage.
pub(super) fn copied(text: &str) -> Vec<Copied> {
    let all = instructions(text);
    let last = all.last().map_or(0, |last| last.stage);
    let stages = stage_names(&all);
    let mut working: BTreeMap<usize, String> = BTreeMap::new();
    let mut found = Vec::new();
    let mut earlier: Vec<(usize, String, Copied)> = Vec::new();
    for one in &all {
        match one.name.as_str() {
            "WORKDIR" => {
                let directory = working.entry(one.stage).or_default();
                *directory = absolute(directory, one.after_options().trim());
            }
            "COPY" | "ADD" => {
                let directory = working.get(&one.stage).map_or("/", String::as_str);
                let Some((target, sources)) = target_and_sources(one) else {
                    continue;
                };
                let from = one
                    .options()
                    .find_map(|option| option.strip_prefix("from="));
                match from {
                    Some(from) if one.stage == last => {
                        let stage = stages.get(from).copied().or_else(|| from.parse().ok());
                        let takes = |(at, held, _): &(usize, String, Copied)| {
                            Some(*at) == stage
                                && sources
                                    .iter()
                                    .any(|source| is_within(held, &absolute("/", source)))
                        };
                        for (_, _, copied) in earlier.iter().filter(|one| takes(one)) {
                            found.push(Copied {
                                source: copied.source.clone(),
                                line: copied.line,
                                through: Some(one.line),
                            });
                        }
                    }
                    Some(_) => {}
                    None => {
                        for source in sources {
                            let copied = Copied {
                                source,
                                line: one.line,
                                through: None,
                            };
                            if one.stage == last {
                                found.push(copied);
                            } else {
                                earlier.push((one.stage, absolute(directory, &target), copied));
                            }
                        }
                    }
                }
            }
            _ => {}
        }
    }
    found
}

fn stage_names(all: &[Instruction]) -> BTreeMap<String, usize> {
    let stages = all.iter().filter(|one| one.name == "FROM");
    let names = stages.filter_map(|one| {
        let words = one.words();
        let is_as = words.get(1)?.eq_ignore_ascii_case("as");
        is_as.then(|| Some((words.get(2)?.clone(), one.stage)))?
    });
    names.collect()
}

fn target_and_sources(one: &Instruction) -> Option<(String, Vec<String>)> {
    let mut words = one.words();
    let target = words.pop()?;
    (!words.is_empty() && !one.args.contains("<<")).then_some((target, words))
}

/// Whether a directory that was copied to `held` is wholly or partly taken by a copy of `source`, with the files
/// that lie right in it.
fn is_within(held: &str, source: &str) -> bool {
    let source = source.trim_end_matches('/');
    let held = held.trim_end_matches('/');
    held == source
        || held
            .strip_prefix(source)
            .is_some_and(|rest| rest.starts_with('/'))
}

/// A path as the image has it; no variables are put in.
fn absolute(working: &str, path: &str) -> String {
    let path = path.trim_matches('"');
    let whole = if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("{working}/{path}")
    };
    let parts = whole
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".");
    format!("/{}", parts.collect::<Vec<_>>().join("/"))
}

/// What a `.dockerignore` says.
pub(super) struct Ignored {
    patterns: Vec<(bool, globset::GlobMatcher)>,
}

impl Ignored {
    /// That of a Dockerfile, which is in the root of its context: <https://docs.docker.com/build/concepts/context/#dockerignore-files>.
    pub(super) fn of(context: &Context<'_>, dockerfile: &str) -> Self {
        let own = format!("{dockerfile}.dockerignore");
        let shared = join(directory(dockerfile), ".dockerignore");
        let text = context
            .files
            .text(&own)
            .or_else(|| context.files.text(&shared));
        let text = text.unwrap_or_default();
        let lines = text.lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let pattern = |line: &str| {
            let (is_kept, glob) = line
                .strip_prefix('!')
                .map_or((false, line), |rest| (true, rest));
            let glob = glob.trim().trim_start_matches("./").trim_matches('/');
            let glob = globset::GlobBuilder::new(glob)
                .literal_separator(true)
                .build()
                .ok()?;
            Some((is_kept, glob.compile_matcher()))
        };
        Self {
            patterns: lines.filter_map(pattern).collect(),
        }
    }

    /// Whether a path below the context is left out: the last pattern that fits it, or a directory above it, counts.
    pub(super) fn is_ignored(&self, path: &str) -> bool {
        let mut is_ignored = false;
        for (is_kept, glob) in &self.patterns {
            let mut parents = std::iter::successors(Some(path), |path| {
                path.rsplit_once('/').map(|(parent, _)| parent)
            });
            if parents.any(|path| glob.is_match(path)) {
                is_ignored = !is_kept;
            }
        }
        is_ignored
    }
}
