//! What is to be seen of a repository without reading an object: where its objects lie, and where it is entered.

use std::fs;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use sha2::{Digest as _, Sha256};

use super::tips::{self, Tip};
use super::{Cache, CacheKey, Selection};
use crate::input::git::layout::{MAX_INDEX, common_dir, read};
use crate::input::git::remotes::{self, Remote};
use crate::input::git::repository::Repository;

/// A pack, and its index, end with a checksum of so many bytes at least.
const CHECKSUM: i64 = 20;

/// Where objects lie, and which of them are named.
pub(super) struct Outlook {
    pub(super) repository: Repository,
    /// The repository's own objects, those of a push, and alternates.
    pub(super) directories: Vec<PathBuf>,
    /// Lists of alternates that cannot be read, and why.
    pub(super) damaged: Vec<(String, String)>,
    pub(super) tips: Vec<Tip>,
    pub(super) remotes: Vec<Remote>,
}

impl Outlook {
    /// Looks at the repository that a path is in: a work tree, or a bare repository itself.
    ///
    /// # Errors
    /// There is no repository, or what was selected is not in it: a sentence for the user.
    pub(super) fn of(path: &Path, selection: &Selection) -> Result<Self, String> {
        let repository = Repository::of_history(path)?;
        let common = common_dir(&repository.git_dir);
        let mut outlook = Self {
            directories: Vec::new(),
            damaged: Vec::new(),
            tips: tips::all(&repository, selection)?,
            remotes: remotes::of(&common),
            repository,
        };
        outlook.add(&common.join("objects"));
        let apart = selection.push.iter().flat_map(|push| &push.objects);
        apart.for_each(|objects| outlook.add(objects));
        Ok(outlook)
    }

    /// Takes up a directory of objects and its alternates.
    fn add(&mut self, objects: &Path) {
        self.add_alone(objects);
        match gix_odb::alternate::resolve(objects.to_owned(), Path::new("/")) {
            Ok(more) => more.iter().for_each(|objects| self.add_alone(objects)),
            Err(error) => {
                let list = crate::input::roots::shown(&objects.join("info/alternates"));
                self.damaged.push((list, error.to_string()));
            }
        }
    }

    /// Whether older commits were left out.
    pub(super) fn is_shallow(&self) -> bool {
        common_dir(&self.repository.git_dir)
            .join("shallow")
            .is_file()
    }

    fn add_alone(&mut self, objects: &Path) {
        let real = fs::canonicalize(objects).unwrap_or_else(|_| objects.to_owned());
        if !self.directories.contains(&real) {
            self.directories.push(real);
        }
    }

    /// Stands for everything that decides what a history gives: as long as it is the same, so is all the rest. An object
    /// never changes, so that it is enough to know which files there are, and that none was written again.
    ///
    /// # Errors
    /// Something cannot be looked at, or what was selected is not there: then nothing stands for it.
    pub(super) fn fingerprint(
        &self,
        selection: &Selection,
        cache: &Cache,
    ) -> Result<CacheKey, String> {
        let mut digest = Sha256::new();
        digest.update(cache.program);
        digest.update(cache.rules);
        let repository = &self.repository;
        let start = match &selection.range {
            Some((from, _)) if !from.is_empty() => Some(repository.commit(from)?),
            _ => None,
        };
        let tips = self.tips.iter().map(|tip| (&tip.name, &tip.remote, tip.id));
        let named = (repository.head()?, start, selection, &self.remotes);
        say(&mut digest, &format!("{named:?} {:?}", self.damaged));
        tips.for_each(|tip| say(&mut digest, &format!("{tip:?}")));
        let shallow = common_dir(&repository.git_dir).join("shallow");
        say(
            &mut digest,
            &format!("{:?}", read(&shallow, MAX_INDEX).ok()),
        );
        for directory in &self.directories {
            say(&mut digest, &format!("{directory:?}"));
            files(&mut digest, directory).map_err(|error| error.to_string())?;
        }
        Ok(digest.finalize().into())
    }
}

fn say(digest: &mut Sha256, what: &str) {
    digest.update((what.len() as u64).to_le_bytes());
    digest.update(what);
}

/// Takes up all packs and loose objects of a directory.
fn files(digest: &mut Sha256, objects: &Path) -> io::Result<()> {
    let mut waiting = vec![objects.join("pack")];
    waiting.extend((0..=u8::MAX).map(|first| objects.join(format!("{first:02x}"))));
    for directory in waiting {
        let listing = match fs::read_dir(&directory) {
            Ok(listing) => listing,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        let mut entries = listing.collect::<io::Result<Vec<_>>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let metadata = fs::metadata(entry.path())?;
            let written = metadata.modified()?.duration_since(UNIX_EPOCH);
            let written = written.map_or(0, |written| written.as_nanos());
            let path = entry.path();
            let is_pack = path
                .extension()
                .is_some_and(|end| end == "pack" || end == "idx");
            let end = if is_pack { end(&path)? } else { Vec::new() };
            say(
                digest,
                &format!("{path:?} {} {written} {end:?}", metadata.len()),
            );
        }
    }
    Ok(())
}

/// The checksum at the end of a file.
fn end(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = fs::File::open(path)?;
    let mut end = Vec::new();
    file.seek(SeekFrom::End(-CHECKSUM))?;
    file.take(CHECKSUM.unsigned_abs()).read_to_end(&mut end)?;
    Ok(end)
}
