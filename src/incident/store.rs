//! The case in its file: read with care, written whole or not at all, for its owner alone.

use std::fmt;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use super::case::{Case, SCHEMA_ID, VERSION};
use super::journal::Entry;

/// What the file is called unless the user says otherwise.
pub const FILE_NAME: &str = "spillcheck-case.json";

/// A longer file is no case.
const MAX_LEN: u64 = 64 * 1024 * 1024;

/// A case could not be read or written.
#[derive(Debug)]
pub enum CaseError {
    /// The file system says so.
    Io(io::Error),
    /// It is no case, in words.
    Malformed(String),
    /// A newer spillcheck wrote it.
    Newer(u32),
}

impl fmt::Display for CaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "{error}"),
            Self::Malformed(why) => write!(f, "this is no case file of spillcheck: {why}"),
            Self::Newer(version) => write!(
                f,
                "a newer spillcheck wrote this case file (version {version}; this one knows {VERSION})"
            ),
        }
    }
}

impl std::error::Error for CaseError {}

impl From<io::Error> for CaseError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Case {
    /// Reads a case.
    ///
    /// # Errors
    /// The file cannot be read, or is no case that this version knows.
    pub fn read(path: &Path) -> Result<Self, CaseError> {
        let mut bytes = Vec::new();
        File::open(path)?
            .take(MAX_LEN + 1)
            .read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MAX_LEN {
            return Err(CaseError::Malformed("it is too long".to_owned()));
        }
        let value: serde_json::Value = serde_json::from_slice(&bytes)
            .map_err(|error| CaseError::Malformed(error.to_string()))?;
        match value["version"].as_u64().map(u32::try_from) {
            Some(Ok(version)) if version > VERSION => return Err(CaseError::Newer(version)),
            Some(Ok(_)) => {}
            Some(Err(_)) | None => {
                return Err(CaseError::Malformed("it has no version".to_owned()));
            }
        }
        let case: Self = serde_json::from_value(value)
            .map_err(|error| CaseError::Malformed(error.to_string()))?;
        if case.schema != SCHEMA_ID {
            return Err(CaseError::Malformed(format!(
                "its schema is not {SCHEMA_ID}"
            )));
        }
        Ok(case)
    }

    /// Writes the case: into a new file beside the old one, which then takes its place. The file is for its owner
    /// alone.
    ///
    /// # Errors
    /// The directory cannot be written to.
    pub fn write(&self, path: &Path) -> Result<(), CaseError> {
        let directory = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        // A file of `tempfile` has mode 0600.
        let mut file = tempfile::Builder::new()
            .prefix(".spillcheck-case")
            .tempfile_in(directory)?;
        let mut text =
            serde_json::to_string_pretty(self).map_err(|error| CaseError::Io(error.into()))?;
        text.push('\n');
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path)
            .map_err(|error| CaseError::Io(error.error))?;
        Ok(())
    }

    /// Notes in the case file what was done, and gives the case as it is then.
    ///
    /// # Errors
    /// The case cannot be read or written.
    pub fn journal(path: &Path, entry: Entry) -> Result<Self, CaseError> {
        Self::update(path, |case| case.append(entry))
    }

    /// Changes the case as it stands in its file: another command may have noted something since it was read last.
    /// Gives the case as it is then.
    ///
    /// # Errors
    /// The case cannot be read or written.
    pub fn update(path: &Path, change: impl FnOnce(&mut Self)) -> Result<Self, CaseError> {
        let mut case = Self::read(path)?;
        change(&mut case);
        case.write(path)?;
        Ok(case)
    }
}

/// The JSON Schema (draft 2020-12) of the case file.
pub fn case_schema() -> serde_json::Value {
    schemars::schema_for!(Case).to_value()
}

#[cfg(test)]
mod tests {
    use super::super::journal::Action;
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(FILE_NAME);
        let case = Case::open().unwrap();
        case.write(&path).unwrap();
        assert_eq!(Case::read(&path).unwrap(), case);
        let entry = Entry::now("a test", Action::KeyDeleted, "3af52e3b-7c19d0e4");
        let after = Case::journal(&path, entry.clone()).unwrap();
        assert_eq!(
            after.last(Action::KeyDeleted, "3af52e3b-7c19d0e4"),
            Some(&entry)
        );
        assert_eq!(Case::read(&path).unwrap(), after);
        let files = std::fs::read_dir(dir.path()).unwrap().count();
        assert_eq!(files, 1, "nothing is left beside it");
    }

    #[cfg(unix)]
    #[test]
    fn it_is_for_its_owner_alone_whatever_it_was_before() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(FILE_NAME);
        std::fs::write(&path, "{}").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        Case::open().unwrap().write(&path).unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn what_is_no_case_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(FILE_NAME);
        for text in ["", "{}", "[1]", "{\"version\":1}", "{\"version\":99}"] {
            std::fs::write(&path, text).unwrap();
            assert!(Case::read(&path).is_err(), "{text}");
        }
        let mut case = Case::open().unwrap();
        case.schema = "urn:other".to_owned();
        case.write(&path).unwrap();
        assert!(matches!(Case::read(&path), Err(CaseError::Malformed(_))));
    }

    #[test]
    fn the_schema_in_the_repository_is_this_one() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/case-1.json");
        let current = serde_json::to_string_pretty(&case_schema()).unwrap() + "\n";
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            std::fs::write(path, &current).unwrap();
        }
        let stored = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            stored == current,
            "schemas/case-1.json is stale: run `UPDATE_SCHEMA=1 cargo test --lib schema`"
        );
    }
}
