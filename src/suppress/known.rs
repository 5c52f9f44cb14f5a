//! Which of the things that were found a baseline knows.

use std::collections::{BTreeMap, BTreeSet};

use super::baseline::{Baseline, Entry};

/// Something that was found, in one file or in several.
#[derive(Debug, Clone)]
pub struct Things {
    pub(super) rule: String,
    pub(super) hash: String,
    /// Whether the hash alone says what it is, whichever rule found it.
    pub(super) is_unique: bool,
    /// Where, each once, sorted.
    pub(super) paths: Vec<String>,
}

/// What a baseline says of everything that was found.
#[derive(Debug, Default)]
pub struct Known {
    /// For each of the things, those of its paths that are known.
    pub paths: Vec<BTreeSet<String>>,
    /// The entries that made them known. Of a moved file that is the one of its old place.
    pub used: BTreeSet<Entry>,
    /// Those of them whose file is another now.
    pub moved: BTreeSet<Entry>,
}

impl Known {
    /// Compares. One entry makes one file known: if the thing no longer stands in that file, then in another one, since
    /// files move.
    pub fn of(baseline: &Baseline, things: &[Things]) -> Self {
        let mut by_hash: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
        for entry in &baseline.entries {
            by_hash.entry(&entry.hash).or_default().push(entry);
        }
        let entries = |thing: &Things| -> Vec<&Entry> {
            let named = by_hash.get(thing.hash.as_str()).into_iter().flatten();
            let fits = |entry: &&&Entry| thing.is_unique || entry.rule == thing.rule;
            named.filter(fits).copied().collect()
        };
        let mut known = Self::default();
        for thing in things {
            known.in_place(thing, &entries(thing));
        }
        for (index, thing) in things.iter().enumerate() {
            known.moved(index, thing, &entries(thing));
        }
        known
    }

    fn in_place(&mut self, thing: &Things, entries: &[&Entry]) {
        let mut paths = BTreeSet::new();
        for entry in entries {
            if thing.paths.contains(&entry.path) {
                paths.insert(entry.path.clone());
                self.used.insert((*entry).clone());
            }
        }
        self.paths.push(paths);
    }

    /// Files keep their names more often than not.
    fn moved(&mut self, index: usize, thing: &Things, entries: &[&Entry]) {
        for keeps_name in [true, false] {
            for path in &thing.paths {
                if self.paths[index].contains(path) {
                    continue;
                }
                let mut free = entries.iter().filter(|entry| {
                    !self.used.contains(**entry) && (!keeps_name || name(&entry.path) == name(path))
                });
                if let Some(entry) = free.next().copied().cloned() {
                    self.paths[index].insert(path.clone());
                    self.moved.insert(entry.clone());
                    self.used.insert(entry);
                }
            }
        }
    }
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(rule: &str, hash: char, path: &str) -> Entry {
        Entry {
            path: path.to_owned(),
            rule: rule.to_owned(),
            hash: hash.to_string().repeat(32),
        }
    }

    fn thing(rule: &str, hash: char, paths: &[&str]) -> Things {
        Things {
            rule: rule.to_owned(),
            hash: hash.to_string().repeat(32),
            is_unique: false,
            paths: paths.iter().map(|&path| path.to_owned()).collect(),
        }
    }

    fn known(entries: &[Entry], things: &[Things]) -> Vec<Vec<String>> {
        let mut baseline = Baseline::new([0; 16]);
        baseline.entries.extend(entries.iter().cloned());
        let known = Known::of(&baseline, things);
        assert!(known.moved.is_subset(&known.used));
        let sets = known.paths.into_iter();
        sets.map(|paths| paths.into_iter().collect()).collect()
    }

    #[test]
    fn one_entry_makes_one_file_known() {
        let entries = [entry("r", 'a', "x/.env")];
        assert_eq!(
            known(&entries, &[thing("r", 'a', &["x/.env"])]),
            [["x/.env"]]
        );
        assert_eq!(
            known(&entries, &[thing("r", 'a', &["y/.env"])]),
            [["y/.env"]]
        );
        let both = [thing("r", 'a', &["w/.env", "x/.env"])];
        assert_eq!(known(&entries, &both), [["x/.env"]]);
        let moved = [thing("r", 'a', &["a.php", "y/.env"])];
        assert_eq!(known(&entries, &moved), [["y/.env"]]);
    }

    #[test]
    fn other_secrets_are_new_and_so_are_other_rules_of_short_ones() {
        let entries = [entry("r", 'a', "x")];
        let nothing: [[&str; 0]; 1] = [[]];
        assert_eq!(known(&entries, &[thing("r", 'b', &["x"])]), nothing);
        assert_eq!(known(&entries, &[thing("q", 'a', &["x"])]), nothing);
        let mut long = thing("q", 'a', &["x"]);
        long.is_unique = true;
        assert_eq!(known(&entries, &[long]), [["x"]]);
    }

    #[test]
    fn what_is_in_its_place_goes_before_what_moved() {
        let things = [thing("r", 'a', &["a"]), thing("r", 'a', &["x"])];
        let found = known(&[entry("r", 'a', "x")], &things);
        assert_eq!(found, [vec![], vec!["x".to_owned()]]);
    }
}
