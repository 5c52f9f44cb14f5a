//! Containers: which image, what of the tree lies where in it, which server it starts, and what of a cluster leads
//! to it.

mod compose;
mod image;
pub(super) mod kubernetes;
mod stack;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use super::super::lex::dockerfile;
use super::super::path;
use super::{Found, Search, is_aside};
use image::Build;

/// Looks through compose files and manifests, then through the Dockerfiles that none of them builds.
pub(super) fn find(search: &Search<'_>, found: &mut Found) {
    let mut built: BTreeSet<String> = BTreeSet::new();
    let starts = ["docker-compose", "compose."];
    for file in starts.iter().flat_map(|start| search.index.starting(start)) {
        let is_yaml = file.ends_with(".yml") || file.ends_with(".yaml");
        if is_yaml && !is_aside(search.relative(path::parent(file))) {
            compose::read(search, file, &mut built, found);
        }
    }
    kubernetes::find(search, &mut built, found);
    let dockerfiles = search
        .index
        .starting("dockerfile")
        .chain(search.index.ending(".dockerfile"))
        .chain(search.index.ending("containerfile"));
    let all: BTreeSet<&str> = dockerfiles
        .filter(|file| !file.ends_with(".dockerignore"))
        .collect();
    for file in all {
        if built.contains(file) || is_aside(search.relative(path::parent(file))) {
            continue;
        }
        let build = Build {
            files: search.files,
            file,
            context: &context_of(search, file),
            target: None,
        };
        if let Some(image) = build.image() {
            stack::serve(
                search,
                &image,
                development(search.relative(file)).as_deref(),
                found,
            );
        }
    }
}

/// A Dockerfile in a directory of its own is by custom built from the top.
fn context_of(search: &Search<'_>, file: &str) -> String {
    let own = path::parent(file);
    let text = search.files.text(file).unwrap_or_default();
    let sources: Vec<String> = dockerfile::instructions(&text)
        .iter()
        .filter(|step| step.name == "COPY" && step.option("from").is_none())
        .filter_map(|step| {
            step.after_options()
                .split_whitespace()
                .next()
                .map(str::to_owned)
        })
        .filter(|source| !source.contains(['*', '$', '[']) && !source.starts_with("<<"))
        .collect();
    let fits = |directory: &str| {
        let there = sources.iter().filter(|source| {
            path::join(directory, source.trim_start_matches('/'))
                .is_some_and(|name| search.files.is_file(&name) || search.files.is_directory(&name))
        });
        there.count()
    };
    let tree = search.tree_of(file);
    let is_docker = path::base(own).contains("docker") || path::base(own).starts_with('.');
    if fits(tree) > fits(own) || (is_docker && sources.iter().all(|source| source == ".")) {
        tree.to_owned()
    } else {
        own.to_owned()
    }
}

/// Why a file is taken to describe a development set-up, if it is.
fn development(file: &str) -> Option<String> {
    const WORDS: &[&str] = &[
        "dev",
        "development",
        "local",
        "test",
        "testing",
        "ci",
        "devcontainer",
        "debug",
        "e2e",
    ];
    let lower = file.to_ascii_lowercase();
    let mut words = lower.split(['/', '.', '-', '_']);
    words
        .any(|word| WORDS.contains(&word))
        .then(|| format!("{file} is by its name for development, and may not be what runs"))
}
