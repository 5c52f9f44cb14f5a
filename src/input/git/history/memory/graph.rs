//! What refers to what, as it was read: of objects that are here no other can ever be under their ids.
//!
//! Most trees are like the one that was read before them but for an entry or two, so that only these are kept.

use super::super::NONE;
use super::super::graph::{Commit, Graph};
use super::super::store::number;
use super::bytes::{Bytes, put, put_bytes};
use crate::finding::Moment;

/// Writes what is to be kept of a graph, with objects by their numbers.
pub(super) fn encode(graph: &Graph, out: &mut Vec<u8>) {
    put(out, graph.names.len() as u64);
    for name in &graph.names {
        put_bytes(out, name);
    }
    let trees = graph.trees_as_read();
    put(out, trees.len() as u64);
    let lens = trees.iter().map(|&tree| graph.entries(tree).len() as u64);
    put(out, lens.sum::<u64>());
    let mut before: &[(u32, u32)] = &[];
    for tree in trees {
        let entries = graph.entries(tree);
        let same = |(a, b): &(&(u32, u32), &(u32, u32))| a == b;
        let start = entries.iter().zip(before).take_while(same).count();
        let (rest, rest_before) = (&entries[start..], &before[start..]);
        let ends = rest.iter().rev().zip(rest_before.iter().rev());
        let end = ends.take_while(same).count();
        let own = &rest[..rest.len() - end];
        for value in [tree, number(start), number(end), number(own.len())] {
            put(out, value);
        }
        for &(object, name) in own {
            put(out, object);
            put(out, name);
        }
        before = entries;
    }
    let commits = graph.commits.iter();
    let commits: Vec<&Commit> = commits
        .filter(|commit| graph.is_kept(commit.object))
        .collect();
    put(out, commits.len() as u64);
    for commit in commits {
        put(out, commit.object);
        put(out, commit.tree);
        put(out, commit.parents.len() as u64);
        commit.parents.iter().for_each(|&parent| put(out, parent));
        out.extend(commit.authored.0.to_le_bytes());
        out.extend(commit.committed.to_le_bytes());
    }
    let mut tags: Vec<(u32, u32)> = graph.tags.iter().map(|(&tag, &to)| (tag, to)).collect();
    tags.retain(|&(tag, _)| graph.is_kept(tag));
    tags.sort_unstable();
    put(out, tags.len() as u64);
    for (tag, to) in tags {
        put(out, tag);
        put(out, to);
    }
}

/// Reads what [`encode`] wrote. `now` gives for an object the number that it has by now, out of so many, or [`NONE`] if
/// it is not here any longer: what refers to it has then to be read again.
pub(super) fn decode(bytes: &mut Bytes<'_>, (now, count): (&[u32], usize)) -> Option<Graph> {
    let mut graph = Graph::empty(count);
    for _ in 0..bytes.count()? {
        graph.names.push(bytes.bytes()?.into());
    }
    trees(bytes, now, &mut graph)?;
    let now = |object: u32| now.get(object as usize).copied();
    for _ in 0..bytes.count()? {
        let object = now(bytes.small()?)?;
        let tree = now(bytes.small()?)?;
        let parents = (0..bytes.count()?).map(|_| now(bytes.small()?));
        let parents: Vec<u32> = parents.collect::<Option<_>>()?;
        let (authored, committed) = (Moment(bytes.whole()?), bytes.whole()?);
        if object == NONE || tree == NONE || parents.contains(&NONE) {
            continue;
        }
        graph.keep(object);
        graph.commits.push(Commit {
            object,
            tree,
            parents,
            authored,
            committed,
        });
    }
    for _ in 0..bytes.count()? {
        let (tag, to) = (now(bytes.small()?)?, now(bytes.small()?)?);
        if tag != NONE && to != NONE {
            graph.keep(tag);
            graph.tags.insert(tag, to);
        }
    }
    Some(graph)
}

fn trees(bytes: &mut Bytes<'_>, now: &[u32], graph: &mut Graph) -> Option<()> {
    let names = number(graph.names.len());
    let count = bytes.count()?;
    let mut spans = Vec::with_capacity(count);
    let total = usize::try_from(bytes.number()?).ok()?;
    let entries = &mut graph.entries;
    entries.try_reserve_exact(total).ok()?;
    let mut before = 0..0;
    for _ in 0..count {
        let tree = *now.get(bytes.small()? as usize)?;
        let (start, end) = (bytes.small()? as usize, bytes.small()? as usize);
        if start.checked_add(end)? > before.len() {
            return None;
        }
        let at = entries.len();
        entries.extend_from_within(before.start..before.start + start);
        for _ in 0..bytes.count()? {
            let (object, name) = (bytes.small()?, bytes.small()?);
            if object as usize >= now.len() || name >= names {
                return None;
            }
            entries.push((object, name));
        }
        entries.extend_from_within(before.end - end..before.end);
        before = at..entries.len();
        spans.push((tree, before.clone()));
    }
    if !now.iter().zip(0..).all(|(&now, old)| now == old) {
        for (object, _) in entries.iter_mut() {
            *object = now[*object as usize];
        }
    }
    for (tree, span) in spans {
        let is_whole = graph.entries[span.clone()]
            .iter()
            .all(|&(object, _)| object != NONE);
        if tree != NONE && is_whole {
            graph.add_tree(tree, span);
            graph.keep(tree);
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const COUNT: u32 = 12;

    /// A graph of trees with any entries, of which one refers to what is not here, and of commits with these.
    fn graph(trees: &[Vec<(u32, u32)>]) -> Graph {
        let mut graph = Graph::empty(COUNT as usize);
        graph.names = (0..4)
            .map(|name| format!("name {name}").into_bytes().into())
            .collect();
        for (tree, entries) in (0..).zip(trees) {
            let start = graph.entries.len();
            graph.entries.extend(entries);
            graph.add_tree(tree, start..graph.entries.len());
            graph.keep(tree);
            graph.commits.push(Commit {
                object: tree + 6,
                tree,
                parents: (6..tree + 6).collect(),
                authored: Moment(-5),
                committed: i64::MAX,
            });
            // The last one is to be read again.
            if tree < 5 {
                graph.keep(tree + 6);
            }
        }
        graph.tags.insert(11, 6);
        graph
    }

    proptest! {
        #[test]
        fn what_was_kept_is_known_with_the_numbers_of_now(
            trees in prop::collection::vec(prop::collection::vec((0..COUNT, 0..4_u32), 0..6), 6),
            gone in 0..COUNT,
            cut in any::<prop::sample::Index>(),
        ) {
            let graph = graph(&trees);
            let mut out = Vec::new();
            encode(&graph, &mut out);
            // One object is gone, and one is new before all others.
            let now: Vec<u32> = (0..COUNT).map(|old| if old == gone { NONE } else { old + 1 }).collect();
            let known = decode(&mut Bytes(&out), (&now, COUNT as usize + 1)).unwrap();
            for (tree, entries) in (0..).zip(&trees) {
                let is_whole = tree != gone && entries.iter().all(|entry| entry.0 != gone);
                let entries: Vec<(u32, u32)> =
                    entries.iter().map(|&(object, name)| (object + 1, name)).collect();
                // An empty tree has nothing that is worth keeping.
                if is_whole && !entries.is_empty() {
                    prop_assert!(known.is_kept(tree + 1));
                    prop_assert_eq!(known.entries(tree + 1), &entries[..]);
                } else {
                    prop_assert!(!known.is_kept(tree + 1));
                }
            }
            let commits = (0..5).filter(|&tree| tree != gone && !(6..=tree + 6).contains(&gone));
            let commits: Vec<u32> = commits.map(|tree| tree + 7).collect();
            let known_commits = known.commits.iter().map(|commit| commit.object);
            prop_assert_eq!(known_commits.collect::<Vec<_>>(), commits);
            prop_assert_eq!(&known.names, &graph.names);
            prop_assert!(!known.is_kept(0) && !known.has_grown());
            // Whatever is left of it, it does no harm.
            decode(&mut Bytes(&out[..cut.index(out.len())]), (&now, COUNT as usize + 1));
        }
    }
}
