//! `.gitleaksignore`: `file:rule:line`, or `commit:file:rule:line` of a history,
//! <https://github.com/gitleaks/gitleaks#gitleaksignore>.

use std::collections::BTreeMap;

use super::ForeignSight;

/// A line of the file, and the commit if it names one.
type Mention = (usize, Option<String>);

/// So many lines are named.
const NAMED: usize = 10;

/// What the file says. The rule is that of gitleaks, which may call ours something else: the place decides.
#[derive(Debug, Default)]
pub(super) struct GitleaksIgnore {
    /// By path and line, the lines of the file, each with the commit if it names one.
    places: BTreeMap<(String, u64), Vec<Mention>>,
}

impl GitleaksIgnore {
    /// Lines that are no entries are passed over, as gitleaks does, and told.
    pub(super) fn read(text: &str, unheard: &mut Vec<String>) -> Self {
        let mut file = Self::default();
        let mut of_commits = 0;
        let mut odd: Vec<String> = Vec::new();
        for (line, number) in text.lines().zip(1..) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let Some(entry) = Entry::read(line) else {
                odd.push(number.to_string());
                continue;
            };
            of_commits += usize::from(entry.commit.is_some());
            file.places
                .entry((entry.path, entry.line))
                .or_default()
                .push((number, entry.commit));
        }
        if of_commits > 0 {
            unheard.push(format!(
                "{of_commits} lines name commits: they are honoured in a history, not in files that are there now"
            ));
        }
        if !odd.is_empty() {
            let more = odd.len().saturating_sub(NAMED);
            odd.truncate(NAMED);
            if more > 0 {
                odd.push(format!("{more} more"));
            }
            unheard.push(format!(
                "no `file:rule:line` nor `commit:file:rule:line`, so not honoured: line {}",
                odd.join(", ")
            ));
        }
        file
    }

    /// The line of the file that allows this.
    pub(super) fn line(&self, sight: &ForeignSight<'_>) -> Option<String> {
        let at = &sight.place.location;
        let mut lines = at.start.line..=at.end.line.min(at.start.line.saturating_add(1000));
        let number = lines.find_map(|line| {
            let entries = self.places.get(&(sight.path.to_owned(), line))?;
            let meant = |(_, commit): &&Mention| match (commit, &sight.place.commits) {
                (None, _) => true,
                (Some(commit), Some(commits)) => commits.first.id == *commit,
                (Some(_), None) => false,
            };
            entries.iter().find(meant).map(|(number, _)| *number)
        })?;
        Some(format!("line {number}"))
    }
}

struct Entry {
    commit: Option<String>,
    path: String,
    line: u64,
}

impl Entry {
    /// From the end, since a path may have colons.
    fn read(line: &str) -> Option<Self> {
        let mut parts = line.rsplitn(3, ':');
        let number = parts.next()?.trim().parse().ok()?;
        let rule = parts.next()?;
        let rest = parts.next()?;
        let commit = rest.split_once(':').filter(|(commit, _)| is_commit(commit));
        let (commit, path) = match commit {
            Some((commit, path)) => (Some(commit.to_ascii_lowercase()), path),
            None => (None, rest),
        };
        let is_entry = !rule.is_empty() && !path.is_empty();
        is_entry.then(|| Self {
            commit,
            path: path.trim_start_matches("./").replace('\\', "/"),
            line: number,
        })
    }
}

fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_from_their_ends() {
        let commit = "0123456789abcdef0123456789ABCDEF01234567";
        let text = format!("# old\n\n{commit}:a:b/c.env:generic-api-key:12\nc.env:x:3\r\n");
        let mut unheard = Vec::new();
        let file = GitleaksIgnore::read(&text, &mut unheard);
        let lower = Some(commit.to_ascii_lowercase());
        let of_commit = [(3, lower)];
        assert_eq!(file.places[&("a:b/c.env".to_owned(), 12)], of_commit);
        assert_eq!(file.places[&("c.env".to_owned(), 3)], [(4, None)]);
        assert_eq!(unheard.len(), 1);
    }

    #[test]
    fn what_is_no_entry_is_told_with_its_line() {
        let mut unheard = Vec::new();
        let file = GitleaksIgnore::read("a\n# x\na:b\na:b:c\n:b:1\ntests/*\n", &mut unheard);
        assert!(file.places.is_empty());
        assert!(unheard[0].ends_with("line 1, 3, 4, 5, 6"), "{unheard:?}");
    }
}
