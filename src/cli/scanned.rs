//! What an investigation looked at, kept in its case so that a second look sees no less.

use std::path::{Path, PathBuf};

use crate::incident::Scan;

use super::Failure;
use super::args::ReadArgs;

/// Everything that decides what is found. What only leaves things out is not kept.
pub(super) fn kept(read: &ReadArgs) -> Scan {
    let here = [PathBuf::from(".")];
    let paths = if read.paths.is_empty() {
        &here[..]
    } else {
        &read.paths
    };
    let all = |paths: &[PathBuf]| paths.iter().map(|path| absolute(path)).collect();
    let one = |path: &Option<PathBuf>| path.as_deref().map(absolute);
    let servers = &read.servers;
    Scan {
        paths: all(paths),
        server_configs: all(&servers.configs),
        docroots: servers
            .roots
            .iter()
            .map(|(dir, url)| (absolute(dir), url.clone()))
            .collect(),
        maps: servers
            .pairs
            .iter()
            .map(|(server, local)| (server.clone(), absolute(local)))
            .collect(),
        access_logs: all(&read.logs.access_logs),
        config: one(&read.config),
        history: read.git.history,
        isolated: read.isolated,
        rules: all(&read.rules.dirs),
        min_confidence: read.min_confidence,
        advisories: all(&read.advisories.databases),
        wordfence_feeds: all(&read.advisories.feeds),
        wordpress_checksums: one(&read.advisories.wordpress_checksums),
        archive_depth: read.archive_depth,
    }
}

/// How to look at the same again.
pub(super) fn again(scan: &Scan) -> Result<ReadArgs, Failure> {
    if scan.paths.is_empty() {
        return Err(Failure::usage(
            "the case does not say what was looked at: run `spillcheck investigate` first",
        ));
    }
    let all = |paths: &[String]| paths.iter().map(PathBuf::from).collect();
    let one = |path: &Option<String>| path.as_ref().map(PathBuf::from);
    let mut args = ReadArgs {
        paths: all(&scan.paths),
        config: one(&scan.config),
        isolated: scan.isolated,
        min_confidence: scan.min_confidence,
        archive_depth: scan.archive_depth,
        ..ReadArgs::default()
    };
    args.rules.dirs = all(&scan.rules);
    args.servers.configs = all(&scan.server_configs);
    args.servers.roots = scan
        .docroots
        .iter()
        .map(|(dir, url)| (PathBuf::from(dir), url.clone()))
        .collect();
    args.servers.pairs = scan
        .maps
        .iter()
        .map(|(server, local)| (server.clone(), PathBuf::from(local)))
        .collect();
    args.git.history = scan.history;
    args.advisories.databases = all(&scan.advisories);
    args.advisories.feeds = all(&scan.wordfence_feeds);
    args.advisories.wordpress_checksums = one(&scan.wordpress_checksums);
    args.logs.access_logs = all(&scan.access_logs);
    args.logs.are_past = true;
    Ok(args)
}

fn absolute(path: &Path) -> String {
    let full = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    full.to_string_lossy().into_owned()
}
