//! What the user says of the web servers: shared by `scan` and `site`.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::input::{Root, shown};
use crate::site::{Pair, Settings};

#[derive(Debug, Default, Args)]
pub(super) struct ServerArgs {
    /// A web server's configuration, file or directory, such as /etc/apache2; may be repeated
    #[arg(long = "server-config", value_name = "PATH")]
    pub(super) configs: Vec<PathBuf>,
    /// A directory that a web server serves, with the URL that it lies under if that is not `/`; may be repeated
    #[arg(long = "docroot", value_name = "DIR[=URL]", value_parser = parse_root)]
    pub(super) roots: Vec<(PathBuf, String)>,
    /// Where a directory that the server's configuration names lies on this disk; may be repeated
    #[arg(long = "map", value_name = "SERVER=LOCAL", value_parser = parse_pair)]
    pub(super) pairs: Vec<(String, PathBuf)>,
}

impl ServerArgs {
    /// The same in the names that reports use, for the directories among `scanned`.
    pub(super) fn settings(&self, scanned: &[Root]) -> Settings {
        let tree = |root: &Root| match root {
            Root::Path(path) if path.is_dir() => Some(shown(path)),
            Root::Path(_) | Root::Stdin { .. } => None,
        };
        let root = |(dir, url): &(PathBuf, String)| (named(dir, scanned), url.clone());
        let pair = |(server, local): &(String, PathBuf)| Pair {
            server: server.clone(),
            tree: named(local, scanned),
        };
        let real = |root: &Root| match root {
            Root::Path(path) if path.is_dir() => Some(Pair {
                server: shown(&path.canonicalize().ok()?),
                tree: shown(path),
            }),
            Root::Path(_) | Root::Stdin { .. } => None,
        };
        Settings {
            real: scanned.iter().filter_map(real).collect(),
            trees: scanned.iter().filter_map(tree).collect(),
            configs: self
                .configs
                .iter()
                .map(|path| named(path, scanned))
                .collect(),
            roots: self.roots.iter().map(root).collect(),
            pairs: self.pairs.iter().map(pair).collect(),
        }
    }

    /// What has to be looked at beside the scanned roots: configurations, and directories that are named here.
    pub(super) fn extra_roots(&self) -> impl Iterator<Item = Root> + '_ {
        let configs = self.configs.iter().map(|path| {
            // What a file includes stands beside it.
            match path.parent().filter(|_| path.is_file()) {
                Some(parent) if parent.as_os_str().is_empty() => PathBuf::from("."),
                Some(parent) => parent.to_owned(),
                None => path.clone(),
            }
        });
        let roots = self.roots.iter().map(|(dir, _)| dir.clone());
        let pairs = self.pairs.iter().map(|(_, local)| local.clone());
        configs.chain(roots).chain(pairs).map(Root::Path)
    }

    /// Which of the named paths is not there, if one is not.
    pub(super) fn missing(&self) -> Option<&Path> {
        let configs = self.configs.iter();
        let roots = self.roots.iter().map(|(dir, _)| dir);
        let pairs = self.pairs.iter().map(|(_, local)| local);
        configs
            .chain(roots)
            .chain(pairs)
            .map(PathBuf::as_path)
            .find(|path| !path.exists())
    }
}

/// The name that reports use for a path. What lies in a scanned directory is named as that is, however the user
/// spells it here.
fn named(path: &Path, scanned: &[Root]) -> String {
    let as_scanned = path.canonicalize().ok().and_then(|real| {
        scanned.iter().find_map(|root| match root {
            Root::Path(root) => {
                let rest = real.strip_prefix(root.canonicalize().ok()?).ok()?;
                Some(shown(&root.join(rest)))
            }
            Root::Stdin { .. } => None,
        })
    });
    as_scanned.unwrap_or_else(|| shown(path))
}

fn parse_root(text: &str) -> Result<(PathBuf, String), String> {
    let (dir, url) = text.split_once('=').unwrap_or((text, "/"));
    if dir.is_empty() || !url.starts_with('/') {
        return Err("write it as DIR or DIR=/URL, such as `www` or `uploads=/files`".to_owned());
    }
    Ok((PathBuf::from(dir), url.to_owned()))
}

fn parse_pair(text: &str) -> Result<(String, PathBuf), String> {
    let help = "write it as SERVER-PATH=LOCAL-PATH, such as `/var/www/app=.`";
    let (server, local) = text.split_once('=').ok_or(help)?;
    if !server.starts_with('/') && !server.contains(':') || local.is_empty() {
        return Err(help.to_owned());
    }
    let server = match server.trim_end_matches('/') {
        "" => "/",
        trimmed => trimmed,
    };
    Ok((server.to_owned(), PathBuf::from(local)))
}
