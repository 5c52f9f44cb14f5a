//! Names of files, put together and taken apart.

/// A path relative to a directory, tidied: no `.`, no `..`, no doubled slash. An absolute one stays. `None` if it
/// leads out of what the directory's name can say.
pub(crate) fn join(directory: &str, relative: &str) -> Option<String> {
    let absolute = relative.starts_with('/');
    let start = if absolute { "/" } else { directory };
    let rooted = start.starts_with('/');
    let mut parts: Vec<&str> = start.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => match parts.pop() {
                Some("..") => return None,
                Some(_) => {}
                None if rooted => {}
                None => return None,
            },
            _ => parts.push(part),
        }
    }
    let joined = parts.join("/");
    Some(if rooted { format!("/{joined}") } else { joined })
}

/// The directory of a name; the empty name, or `/`, for what stands at the top.
pub(crate) fn parent(name: &str) -> &str {
    match name.rsplit_once('/') {
        Some(("", _)) => "/",
        Some((parent, _)) => parent,
        None => "",
    }
}

/// The last part of a name.
pub(crate) fn base(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// What follows a directory in a name, without a slash at either end; the empty text for the directory itself.
/// The directories `/` and the empty one hold everything of their kind.
pub(crate) fn below<'n>(directory: &str, name: &'n str) -> Option<&'n str> {
    match directory {
        "" => (!name.starts_with('/')).then_some(name),
        "/" => name.strip_prefix('/'),
        _ if name == directory => Some(""),
        _ => name.strip_prefix(directory)?.strip_prefix('/'),
    }
}

/// A name inside of a directory; `inside` is tidy.
pub(crate) fn inside(directory: &str, inside: &str) -> String {
    match (directory, inside) {
        (_, "") => directory.to_owned(),
        ("", _) => inside.to_owned(),
        _ if directory.ends_with('/') => format!("{directory}{inside}"),
        _ => format!("{directory}/{inside}"),
    }
}

/// Whether a file lies in directories of these names: `storage/logs` for `app/storage/logs/x.log`.
pub(crate) fn lies_in(path: &str, directories: &str) -> bool {
    let is_whole = |at: usize| {
        let starts = at == 0 || path.as_bytes()[at - 1] == b'/';
        starts && path[at + directories.len()..].starts_with('/')
    };
    path.match_indices(directories).any(|(at, _)| is_whole(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined_and_tidied() {
        assert_eq!(join("/a/b", "../c/./d").as_deref(), Some("/a/c/d"));
        assert_eq!(join("/a", "../../..").as_deref(), Some("/"));
        assert_eq!(join("a", "/b//c/").as_deref(), Some("/b/c"));
        assert_eq!(join("", "./x").as_deref(), Some("x"));
        assert_eq!(join("a", "..").as_deref(), Some(""));
        assert_eq!(join("a", "../.."), None);
        assert_eq!(join("../a", "../.."), None);
        assert_eq!(join("../a", "b").as_deref(), Some("../a/b"));
    }

    #[test]
    fn names_are_taken_apart() {
        assert_eq!((parent("/a"), parent("a"), parent("a/b")), ("/", "", "a"));
        assert_eq!(below("/", "/a/b"), Some("a/b"));
        assert_eq!(below("a", "ab"), None);
        assert_eq!(below("a", "a"), Some(""));
        assert_eq!(inside("/", "x"), "/x");
        assert_eq!(inside("", "x"), "x");
        assert_eq!(inside("a", ""), "a");
    }
}
