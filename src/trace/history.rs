//! Blobs of a history become files: of each secret one sighting for each path, however many versions of the file have it.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Commit, Commits, Occurrence, Reach, Secret, Suppression, Way};

use crate::input::Shadow;

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

/// The blobs that hold nothing but what is at an older place at each of their paths, by the paths that they have: where
/// things lie in these does not matter. Sorted as the blobs are.
pub fn shadows(blobs: &[FileFindings], carriers: &[BTreeMap<String, Commits>]) -> Vec<Shadow> {
    let mut oldest: BTreeMap<_, (&Commit, usize, usize)> = BTreeMap::new();
    for (at, (blob, carriers)) in blobs.iter().zip(carriers).enumerate() {
        for (nth, found) in blob.matches.iter().enumerate() {
            for (path, commits) in carriers {
                let own = (&commits.first, at, nth);
                let known = oldest.entry((path, what(found))).or_insert(own);
                if own.0 < known.0 {
                    *known = own;
                }
            }
        }
    }
    let needed: BTreeSet<usize> = oldest.values().map(|known| known.1).collect();
    let all = blobs.iter().zip(carriers).enumerate();
    let shadows = all.filter(|(at, _)| !needed.contains(at));
    let shadows = shadows.filter_map(|(_, (blob, carriers))| {
        let (path, _) = carriers.first_key_value()?;
        let of = blob.matches.iter().map(|found| {
            let &(_, at, nth) = oldest.get(&(path, what(found)))?;
            Some((blobs[at].path.clone(), nth))
        });
        Some(Shadow {
            blob: blob.path.clone(),
            size: blob.size,
            of: of.collect::<Option<_>>()?,
        })
    });
    shadows.collect()
}

/// What makes two matches the same.
fn what(found: &LocatedMatch) -> (&Secret, usize, &Option<Suppression>) {
    (&found.found.secret, found.found.rule, &found.allowed)
}

/// Adds blobs that were not read to those that were; both are sorted by id. `None` if what they hold is not there.
pub fn cast(shadows: &[Shadow], mut blobs: Vec<FileFindings>) -> Option<Vec<FileFindings>> {
    let found = |(of, nth): &(String, usize), blob: &str| {
        let at = blobs.binary_search_by(|known| known.path.cmp(of)).ok()?;
        let mut found = blobs[at].matches.get(*nth)?.clone();
        blob.clone_into(&mut found.location.path);
        Some(found)
    };
    let blob = |shadow: &Shadow| {
        let matches = shadow.of.iter().map(|of| found(of, &shadow.blob));
        Some(FileFindings {
            path: shadow.blob.clone(),
            real: None,
            size: shadow.size,
            matches: matches.collect::<Option<_>>()?,
        })
    };
    let cast: Vec<FileFindings> = shadows.iter().map(blob).collect::<Option<_>>()?;
    blobs.extend(cast);
    blobs.sort_by(|a, b| a.path.cmp(&b.path));
    Some(blobs)
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
