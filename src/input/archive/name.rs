//! What entries are called, in reports and for rules.

use super::super::text::SourceFile;

/// Of a longer name the start is kept, in bytes.
const MAX_NAME: usize = 1024;
/// And of one of an archive in an archive, which stands before the name of every entry of it.
const MAX_ARCHIVE_NAME: usize = 200;

/// A file in an archive, or the archive itself.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// For reports: what leads to it, joined by `!`.
    pub(super) path: String,
    /// For rules: as if the archive were a directory.
    pub(super) relative: String,
    /// How many archives have been opened to get here.
    pub(super) depth: usize,
    /// How much of both names is what the innermost archive calls it, in bytes.
    own: usize,
}

impl Place {
    /// A file on disk.
    pub(super) fn on_disk(file: &SourceFile) -> Self {
        Self {
            path: file.path.clone(),
            relative: file.relative.clone(),
            depth: 0,
            own: 0,
        }
    }

    /// An entry, by the name that the archive gives it.
    pub(super) fn inside(&self, name: &[u8]) -> Self {
        let name = tidy(&String::from_utf8_lossy(name));
        Self {
            path: format!("{}!{name}", self.path),
            relative: format!("{}/{name}", self.relative),
            depth: self.depth + 1,
            own: name.len(),
        }
    }

    /// As what its entries are named after: a long name, which takes no room to repeat in an archive, would be repeated
    /// in memory for each of them.
    pub(super) fn opened(&self) -> Self {
        let mut place = self.clone();
        if self.own > MAX_ARCHIVE_NAME {
            let start = self.path.len() - self.own;
            let name = &self.path[start..];
            let end = (0..=MAX_ARCHIVE_NAME)
                .rev()
                .find(|&end| name.is_char_boundary(end));
            let cut = self.own - end.unwrap_or_default();
            for path in [&mut place.path, &mut place.relative] {
                path.truncate(path.len() - cut);
                path.push('…');
            }
        }
        place
    }

    /// The one file in a packed file: its name without what the packer has added.
    pub(super) fn unpacked(&self) -> Self {
        let name = self.relative.rsplit('/').next().unwrap_or_default();
        let plain = match name.rsplit_once('.') {
            Some((stem, "tgz" | "tbz" | "tbz2" | "txz" | "tzst")) => format!("{stem}.tar"),
            Some((stem, "gz" | "GZ" | "z" | "bz2" | "xz" | "zst" | "zstd")) if !stem.is_empty() => {
                stem.to_owned()
            }
            _ => name.to_owned(),
        };
        self.inside(plain.as_bytes())
    }
}

/// A name that stays inside: without a root, without `..`, with forward slashes.
fn tidy(name: &str) -> String {
    let name = name.replace('\\', "/");
    let parts = name
        .split('/')
        .filter(|part| !matches!(*part, "" | "." | ".."));
    let mut tidy = parts.collect::<Vec<_>>().join("/");
    if tidy.len() > MAX_NAME {
        let end = (0..=MAX_NAME).rev().find(|&end| tidy.is_char_boundary(end));
        tidy.truncate(end.unwrap_or_default());
        tidy.push('…');
    }
    if tidy.is_empty() {
        "?".to_owned()
    } else {
        tidy
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(relative: &str) -> Place {
        Place {
            path: format!("site/{relative}"),
            relative: relative.to_owned(),
            depth: 0,
            own: 0,
        }
    }

    #[test]
    fn names_stay_inside() {
        assert_eq!(tidy("a/./b//c"), "a/b/c");
        assert_eq!(tidy("../../etc/passwd"), "etc/passwd");
        assert_eq!(tidy("/etc/passwd"), "etc/passwd");
        assert_eq!(tidy("..\\..\\windows\\win.ini"), "windows/win.ini");
        assert_eq!(tidy(".."), "?");
        assert!(tidy(&"ä".repeat(9999)).len() < MAX_NAME + 5);
    }

    #[test]
    fn places_are_chained() {
        let inner = place("b/c.zip").inside(b"d/e.jar").inside(b".env");
        assert_eq!(inner.path, "site/b/c.zip!d/e.jar!.env");
        assert_eq!(inner.relative, "b/c.zip/d/e.jar/.env");
        assert_eq!(inner.depth, 2);
    }

    #[test]
    fn long_names_of_archives_are_not_repeated() {
        let long = format!("{}.zip", "ä".repeat(300));
        let archive = place("b.zip").inside(long.as_bytes());
        assert!(archive.path.ends_with(&long));
        let inner = archive.opened().inside(b"x").opened().inside(b".env");
        let cut = format!("{}…", "ä".repeat(100));
        assert_eq!(inner.path, format!("site/b.zip!{cut}!x!.env"));
        assert_eq!(inner.relative, format!("b.zip/{cut}/x/.env"));
    }

    #[test]
    fn packed_files_lose_their_ending() {
        let named = |name| place(name).unpacked().path;
        assert_eq!(named("dump.sql.gz"), "site/dump.sql.gz!dump.sql");
        assert_eq!(named("a/b.tgz"), "site/a/b.tgz!b.tar");
        assert_eq!(named("odd"), "site/odd!odd");
    }
}
