//! The trees that an index remembers: of a directory in which nothing was staged since, its tree's id.
//!
//! The format: <https://git-scm.com/docs/index-format#_cache_tree>.

use std::collections::HashMap;

use gix_hash::{Kind, ObjectId};

use super::index::{MAX_NAMES, MAX_PATH, extension};

/// By directory, without a slash at the end; the top is the empty name.
pub(super) type CacheTree = HashMap<Box<[u8]>, ObjectId>;

/// Reads what follows the entries of an index. What is damaged from some point on is taken up to there:
/// whatever is missing is looked up in the repository.
pub(super) fn parse(rest: &[u8], hash: Kind) -> CacheTree {
    let mut trees = CacheTree::new();
    let mut data = extension(rest, hash.len_in_bytes(), *b"TREE").unwrap_or_default();
    // The directories that are open, with how many of their own are still to come.
    let mut open: Vec<(Vec<u8>, u64)> = Vec::new();
    let mut total = 0;
    while let Some((node, after)) = node(data, hash) {
        data = after;
        let path = match open.last_mut() {
            Some((parent, left)) => {
                *left -= 1;
                below(parent, node.name)
            }
            None if trees.is_empty() => Vec::new(),
            None => break,
        };
        total += path.len();
        if path.len() > MAX_PATH || total > MAX_NAMES {
            break;
        }
        if let Some(id) = node.id {
            trees.insert(path.as_slice().into(), id);
        }
        open.push((path, node.below));
        while open.last().is_some_and(|(_, left)| *left == 0) {
            open.pop();
        }
        if open.is_empty() {
            break;
        }
    }
    trees
}

/// A name in a directory.
pub(super) fn below(directory: &[u8], name: &[u8]) -> Vec<u8> {
    if directory.is_empty() {
        name.to_vec()
    } else {
        [directory, b"/", name].concat()
    }
}

struct Node<'d> {
    name: &'d [u8],
    /// How many directories inside follow.
    below: u64,
    /// Missing where something was staged.
    id: Option<ObjectId>,
}

fn node(data: &[u8], hash: Kind) -> Option<(Node<'_>, &[u8])> {
    let (name, rest) = cut(data, 0)?;
    let (entries, rest) = cut(rest, b' ')?;
    let (below, mut rest) = cut(rest, b'\n')?;
    let mut id = None;
    if !entries.starts_with(b"-") {
        let (bytes, after) = rest.split_at_checked(hash.len_in_bytes())?;
        id = Some(ObjectId::from_bytes_or_panic(bytes));
        rest = after;
    }
    let below = std::str::from_utf8(below).ok()?.parse().ok()?;
    Some((Node { name, below, id }, rest))
}

fn cut(data: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let len = memchr::memchr(at, data)?;
    Some((&data[..len], &data[len + 1..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn extension_of(nodes: &[(&str, &str)]) -> Vec<u8> {
        let mut content = Vec::new();
        for (name, counts) in nodes {
            content.extend(name.as_bytes());
            content.push(0);
            content.extend(counts.as_bytes());
            content.push(b'\n');
            if !counts.starts_with('-') {
                content.extend([u8::try_from(name.len()).unwrap(); 20]);
            }
        }
        let len = u32::try_from(content.len()).unwrap();
        [&b"TREE"[..], &len.to_be_bytes(), &content, &[0; 20]].concat()
    }

    #[test]
    fn directories_have_their_trees_unless_something_was_staged() {
        let data = extension_of(&[("", "-1 2"), ("a", "3 1"), ("bb", "2 0"), ("ccc", "1 0")]);
        let trees = parse(&data, Kind::Sha1);
        let mut names: Vec<&[u8]> = trees.keys().map(AsRef::as_ref).collect();
        names.sort();
        assert_eq!(names, [&b"a"[..], b"a/bb", b"ccc"]);
        assert_eq!(trees[&b"a/bb"[..]].as_bytes(), [2; 20]);
    }

    proptest! {
        #[test]
        fn any_damage_is_survived(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let mut data = extension_of(&[("", "5 2"), ("a", "3 1"), ("bb", "2 0"), ("ccc", "1 0")]);
            let at = at.index(data.len());
            data[at] = byte;
            parse(&data, Kind::Sha1);
        }
    }
}
