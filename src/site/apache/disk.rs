//! What stands under a server's name, links followed.

use crate::input::{Files, Kind};

use super::tree::{Known, unknown};

/// Links that lead to links …
const MAX_LINKS: usize = 32;

/// The name without links, if everything that is known of it is known.
pub(super) fn real(files: &dyn Files, name: &str) -> Option<String> {
    let mut done = String::new();
    let mut todo: Vec<String> = name.split('/').rev().map(str::to_owned).collect();
    let mut links = 0;
    while let Some(part) = todo.pop() {
        match &*part {
            "" | "." => continue,
            ".." => {
                done.truncate(done.rfind('/').unwrap_or(0));
                continue;
            }
            _ => {}
        }
        let next = format!("{done}/{part}");
        if files.kind(&next) != Kind::Link {
            done = next;
            continue;
        }
        links += 1;
        let target = files.target(&next).filter(|_| links <= MAX_LINKS)?;
        if target.starts_with('/') {
            done.clear();
        }
        todo.extend(target.split('/').rev().map(str::to_owned));
    }
    Some(if done.is_empty() {
        "/".to_owned()
    } else {
        done
    })
}

/// What a request finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    File,
    Directory,
}

/// Like `stat`: links are followed. Unknown outside of what can be looked at.
pub(super) fn stat(files: &dyn Files, name: &str) -> Known<Found> {
    let Some(real) = real(files, name) else {
        return Ok(Found::Nothing);
    };
    let is_directory_name = name.len() > 1 && name.ends_with('/');
    match files.kind(&real) {
        Kind::Missing | Kind::Link => Ok(Found::Nothing),
        Kind::File if is_directory_name => Ok(Found::Nothing),
        Kind::File => Ok(Found::File),
        Kind::Directory => Ok(Found::Directory),
        Kind::Unmapped => unknown(format!("what {real} holds")),
    }
}

/// Whether a name is a link itself.
pub(super) fn is_link(files: &dyn Files, name: &str) -> bool {
    let name = name.trim_end_matches('/');
    let Some((directory, last)) = name.rsplit_once('/') else {
        return false;
    };
    let Some(directory) = real(files, directory) else {
        return false;
    };
    let directory = directory.trim_end_matches('/');
    files.kind(&format!("{directory}/{last}")) == Kind::Link
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Memory;

    #[test]
    fn links_are_followed_and_loops_end() {
        let mut files: Memory = [("/a/b/f", "1")].into_iter().collect();
        files.link("/a/l", "b");
        files.link("/x", "/a/l/../l/f");
        files.link("/loop", "/loop");
        assert_eq!(real(&files, "/a/l/f").as_deref(), Some("/a/b/f"));
        assert_eq!(stat(&files, "/x"), Ok(Found::File));
        assert_eq!(stat(&files, "/x/"), Ok(Found::Nothing));
        assert_eq!(stat(&files, "/loop"), Ok(Found::Nothing));
        assert_eq!(stat(&files, "/a/l/"), Ok(Found::Directory));
        assert!(is_link(&files, "/a/l/") && !is_link(&files, "/a/l/f"));
    }
}
