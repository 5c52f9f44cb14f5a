//! Blobs of a history become files: of each secret one sighting for each path, however many versions of the file have it.

use std::collections::BTreeMap;

use crate::finding::{Commits, Occurrence, Reach, Secret, Suppression, Way};

use super::collect::{FileFindings, LocatedMatch};

/// Gives what was found in blobs the paths that these have in the history; `carriers` are, for each blob, its paths and
/// the commits that carry it there. What no commit carries is left out, unless `alone` gives it a name.
///
/// The result is sorted by path. A path is `COMMIT:PATH`, where the commit is the one that brought the secret.
pub fn in_history(
    blobs: Vec<FileFindings>,
    carriers: Vec<BTreeMap<String, Commits>>,
    alone: impl Fn(&str) -> Option<String>,
) -> Vec<FileFindings> {
    let mut sightings: BTreeMap<Seen, Sighting> = BTreeMap::new();
    let mut files: BTreeMap<String, Vec<LocatedMatch>> = BTreeMap::new();
    for (blob, carriers) in blobs.into_iter().zip(carriers) {
        if carriers.is_empty() {
            files.extend(alone(&blob.path).map(|name| (name, blob.matches)));
            continue;
        }
        for found in blob.matches {
            for (path, commits) in &carriers {
                add(&mut sightings, (path, commits), &found);
            }
        }
    }
    for ((path, ..), Sighting { mut found, .. }) in sightings {
        let first = found.commits.as_ref().map(|commits| commits.first.short());
        let name = format!("{}:{path}", first.unwrap_or_default());
        found.location.path.clone_from(&name);
        files.entry(name).or_default().push(found);
    }
    let file = |(path, mut matches): (String, Vec<LocatedMatch>)| {
        matches.sort_by(|a, b| a.location.cmp(&b.location));
        for found in &mut matches {
            found.location.path.clone_from(&path);
        }
        FileFindings {
            path,
            real: None,
            // Of several versions.
            size: 0,
            matches,
        }
    };
    files.into_iter().map(file).collect()
}

/// The path, the secret, the rule, and the comment that allows it: some versions of a file may have one.
type Seen = (String, Secret, usize, Option<Suppression>);

/// A secret at a path, in all versions of the file that have it.
struct Sighting {
    /// Its place in the oldest one.
    found: LocatedMatch,
    /// The version that was taken up last: it may have the secret more than once.
    version: String,
}

/// Takes up a sighting.
fn add(
    sightings: &mut BTreeMap<Seen, Sighting>,
    (path, commits): (&str, &Commits),
    found: &LocatedMatch,
) {
    let key = (
        path.to_owned(),
        found.found.secret.clone(),
        found.found.rule,
        found.allowed.clone(),
    );
    let version = &found.location.path;
    let Some(known) = sightings.get_mut(&key) else {
        let mut found = found.clone();
        let version = version.clone();
        found.commits = Some(Box::new(commits.clone()));
        sightings.insert(key, Sighting { found, version });
        return;
    };
    let Some(mut all) = known.found.commits.take() else {
        return;
    };
    let is_older = commits.first < all.first;
    if known.version != *version {
        known.version.clone_from(version);
        all.absorb(commits.clone());
    }
    if is_older {
        known.found = found.clone();
    }
    known.found.commits = Some(all);
}

/// Hosts where whoever has an account may open a public repository.
const PUBLIC_HOSTS: &[&str] = &[
    "bitbucket.org",
    "codeberg.org",
    "gitee.com",
    "github.com",
    "gitlab.com",
    "git.sr.ht",
    "sourceforge.net",
];

/// How what a history holds gets out.
pub(super) fn way(occurrence: &Occurrence) -> Option<Way> {
    let commits = occurrence.commits.as_ref()?;
    let (reach, settle) = if commits.remotes.is_empty() {
        return None;
    } else if commits.remotes.iter().any(|remote| is_public(remote)) {
        let settle = "it is a leak unless the repository there is private, and always was";
        (Reach::Published, settle)
    } else {
        (Reach::Latent, "whoever can read the remote can read it")
    };
    Some(Way {
        reach,
        file: occurrence.location.path.clone(),
        summary: commits.to_string(),
        url: None,
        check: None,
        because: Vec::new(),
        settle: Some(settle.to_owned()),
    })
}

fn is_public(remote: &str) -> bool {
    let host = remote.rsplit_once(" at ").map(|(_, host)| host);
    host.is_some_and(|host| {
        PUBLIC_HOSTS
            .iter()
            .any(|public| host.eq_ignore_ascii_case(public))
    })
}
