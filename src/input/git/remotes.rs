//! Where a repository is pushed to.

use std::path::Path;

use super::layout::{MAX_SMALL, read};

/// A remote of a repository. Its address may hold a password, so only the host is kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remote {
    /// Its name: `origin`.
    pub name: String,
    /// The host of its address; absent for a directory on this machine.
    pub host: Option<String>,
}

/// The remotes of a repository, by the directory that its work trees share.
pub(super) fn of(common: &Path) -> Vec<Remote> {
    remotes(&read(&common.join("config"), MAX_SMALL).unwrap_or_default())
}

/// Reads the remotes out of a repository's `config`, <https://git-scm.com/docs/git-config>.
pub(super) fn remotes(config: &[u8]) -> Vec<Remote> {
    let mut remotes: Vec<Remote> = Vec::new();
    let mut section: Option<String> = None;
    for line in String::from_utf8_lossy(config).lines() {
        let line = line.trim();
        if let Some(head) = line.strip_prefix('[') {
            section = remote_name(head);
        } else if let Some(name) = &section
            && let Some((key, value)) = line.split_once('=')
            && key.trim().eq_ignore_ascii_case("url")
        {
            remotes.push(Remote {
                name: name.clone(),
                host: host(value.trim()),
            });
        }
    }
    remotes.sort();
    remotes.dedup();
    remotes
}

/// `remote "origin"]` names `origin`.
fn remote_name(head: &str) -> Option<String> {
    let rest = head
        .get(..6)
        .filter(|word| word.eq_ignore_ascii_case("remote"));
    rest?;
    let name = head[6..].trim().strip_prefix('"')?;
    Some(name[..name.find('"')?].to_owned())
}

/// Of `scheme://user@host:port/path`, or of `user@host:path` as `scp` has it,
/// <https://git-scm.com/docs/git-clone#_git_urls>.
fn host(address: &str) -> Option<String> {
    let address = address.trim_matches('"');
    let authority = match address.split_once("://") {
        Some(("file", _)) => return None,
        Some((_, rest)) => rest.split('/').next()?,
        None => {
            let (before, _) = address.split_once(':')?;
            if before.contains('/') {
                return None;
            }
            before
        }
    };
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    (host.len() > 1).then(|| host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_read_from_every_kind_of_address() {
        let config = b"[core]\n\turl = no\n[remote \"origin\"]\n\tfetch = x\n\turl = https://user:word@git.example.com:8443/a.git\n\
            [Remote \"mirror\"]\n\tURL = git@host.example.org:a/b.git\n[remote \"usb\"]\n\turl = /media/usb/a.git\n[branch \"main\"]\n\tremote = origin\n";
        let found: Vec<(String, Option<String>)> = remotes(config)
            .into_iter()
            .map(|r| (r.name, r.host))
            .collect();
        let some = |host: &str| Some(host.to_owned());
        assert_eq!(
            found,
            [
                ("mirror".to_owned(), some("host.example.org")),
                ("origin".to_owned(), some("git.example.com")),
                ("usb".to_owned(), None),
            ]
        );
    }
}
