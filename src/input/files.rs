//! Files by name, for whoever has to look at more than one: the site model and the checks.

use std::collections::BTreeMap;

/// The longest file that [`Files::read`] gives, in bytes; of a longer one it gives nothing.
pub const MAX_READ: u64 = 4 * 1024 * 1024;

/// What stands under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing.
    Missing,
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link, which is not followed.
    Link,
    /// The name lies outside of what can be looked at: nothing is known of it.
    Unmapped,
}

/// Files by name. Names have forward slashes, no `.` or `..`, and no slash at the end; which tree they belong to
/// (the scanned one, named as reports do, or a server's) is up to the implementation. The root of the scanned tree
/// is the empty name, a server's is `/`.
pub trait Files: Sync {
    /// What stands under a name. A name below a symbolic link is missing.
    fn kind(&self, name: &str) -> Kind;

    /// The bytes of a regular file, if it can be read and is not longer than [`MAX_READ`].
    fn read(&self, name: &str) -> Option<Vec<u8>>;

    /// The names in a directory, without the directory's own, sorted; none if it is no directory or cannot be
    /// listed.
    fn list(&self, name: &str) -> Vec<String>;

    /// Where a symbolic link leads, as it is written.
    fn target(&self, name: &str) -> Option<String>;

    /// Length of a regular file in bytes.
    fn len(&self, name: &str) -> Option<u64>;

    /// Permission bits as on Unix, where the system has them.
    fn mode(&self, _name: &str) -> Option<u32> {
        None
    }

    /// Whether a regular file has this name.
    fn is_file(&self, name: &str) -> bool {
        self.kind(name) == Kind::File
    }

    /// Whether a directory has this name.
    fn is_directory(&self, name: &str) -> bool {
        self.kind(name) == Kind::Directory
    }

    /// The text of a regular file, U+FFFD for what is not UTF-8.
    fn text(&self, name: &str) -> Option<String> {
        // Checking whether all of it is UTF-8 is faster by far than looking for what is not.
        let text = String::from_utf8(self.read(name)?);
        Some(text.unwrap_or_else(|odd| String::from_utf8_lossy(odd.as_bytes()).into_owned()))
    }
}

/// Files in memory: for tests, fuzzers and editors. Directories are there where files are.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    files: BTreeMap<String, Vec<u8>>,
    links: BTreeMap<String, String>,
    modes: BTreeMap<String, u32>,
}

impl Memory {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file, or replaces it.
    pub fn add(&mut self, name: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(name.into(), bytes.into());
    }

    /// Adds a symbolic link.
    pub fn link(&mut self, name: impl Into<String>, target: impl Into<String>) {
        self.links.insert(name.into(), target.into());
    }

    /// Gives a file permissions; without, it has none that are known.
    pub fn permit(&mut self, name: impl Into<String>, mode: u32) {
        self.modes.insert(name.into(), mode);
    }

    /// The names of all files, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The names of all files and symbolic links, sorted.
    pub fn all_names(&self) -> impl Iterator<Item = &str> {
        let mut names: Vec<&str> = self.names().collect();
        names.extend(self.links.keys().map(String::as_str));
        names.sort_unstable();
        names.into_iter()
    }

    fn below(directory: &str) -> String {
        match directory {
            "" => String::new(),
            "/" => "/".to_owned(),
            _ => format!("{directory}/"),
        }
    }
}

impl<N: Into<String>, B: Into<Vec<u8>>> FromIterator<(N, B)> for Memory {
    fn from_iter<I: IntoIterator<Item = (N, B)>>(files: I) -> Self {
        let files = files.into_iter();
        Self {
            files: files
                .map(|(name, bytes)| (name.into(), bytes.into()))
                .collect(),
            links: BTreeMap::new(),
            modes: BTreeMap::new(),
        }
    }
}

impl Files for Memory {
    fn kind(&self, name: &str) -> Kind {
        if self.files.contains_key(name) {
            return Kind::File;
        }
        if self.links.contains_key(name) {
            return Kind::Link;
        }
        let start = Self::below(name);
        let starts = |key: &String| key.starts_with(&start);
        let file = self.files.range(start.clone()..).next();
        let link = self.links.range(start.clone()..).next();
        if file.is_some_and(|(key, _)| starts(key)) || link.is_some_and(|(key, _)| starts(key)) {
            Kind::Directory
        } else {
            Kind::Missing
        }
    }

    fn read(&self, name: &str) -> Option<Vec<u8>> {
        let bytes = self.files.get(name)?;
        (bytes.len() as u64 <= MAX_READ).then(|| bytes.clone())
    }

    fn list(&self, name: &str) -> Vec<String> {
        let start = Self::below(name);
        let files = self.files.range(start.clone()..).map(|(key, _)| key);
        let links = self.links.range(start.clone()..).map(|(key, _)| key);
        let inside = files
            .take_while(|key| key.starts_with(&start))
            .chain(links.take_while(|key| key.starts_with(&start)));
        let mut names: Vec<String> = inside
            .map(|key| {
                key[start.len()..]
                    .split('/')
                    .next()
                    .unwrap_or_default()
                    .to_owned()
            })
            .collect();
        names.sort();
        names.dedup();
        names
    }

    fn target(&self, name: &str) -> Option<String> {
        self.links.get(name).cloned()
    }

    fn len(&self, name: &str) -> Option<u64> {
        self.files.get(name).map(|bytes| bytes.len() as u64)
    }

    fn mode(&self, name: &str) -> Option<u32> {
        self.modes.get(name).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_are_where_files_are() {
        let mut files: Memory = [("a/b/c", "1"), ("a/d", "22"), ("ab", "")]
            .into_iter()
            .collect();
        files.link("a/l", "../ab");
        assert_eq!(files.kind("a"), Kind::Directory);
        assert_eq!(files.kind(""), Kind::Directory);
        assert_eq!(files.kind("a/b/c"), Kind::File);
        assert_eq!(files.kind("a/l"), Kind::Link);
        assert_eq!(files.kind("a/x"), Kind::Missing);
        assert_eq!(files.list("a"), ["b", "d", "l"]);
        assert_eq!(files.list(""), ["a", "ab"]);
        assert_eq!(files.len("a/d"), Some(2));
    }
}
