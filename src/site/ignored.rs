//! Patterns of a `.dockerignore`: <https://docs.docker.com/build/concepts/context/#syntax>.

/// More lines are not read.
const MAX_PATTERNS: usize = 1_000;

/// Which files of a directory are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ignored {
    /// In order: whether it brings files back, its parts, and its line, from 1.
    patterns: Vec<(bool, Vec<String>, u32)>,
}

impl Ignored {
    /// Reads the file.
    pub fn read(text: &str) -> Self {
        let mut patterns = Vec::new();
        let text = text.trim_start_matches('\u{feff}');
        for (number, line) in (1..).zip(text.lines()).take(MAX_PATTERNS) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (back, pattern) = match line.strip_prefix('!') {
                Some(pattern) => (true, pattern.trim()),
                None => (false, line),
            };
            let parts: Vec<String> = pattern
                .split('/')
                .filter(|part| !part.is_empty() && *part != ".")
                .map(str::to_owned)
                .collect();
            if !parts.is_empty() {
                patterns.push((back, parts, number));
            }
        }
        Self { patterns }
    }

    /// Whether a file, named relative to the directory, is left out: it, or a directory that it stands in.
    pub fn ignores(&self, name: &str) -> bool {
        self.decided(name).is_some_and(|(back, _)| !back)
    }

    /// The line that leaves a file out, from 1.
    pub fn line(&self, name: &str) -> Option<u32> {
        let (back, line) = self.decided(name)?;
        (!back).then_some(line)
    }

    /// The last pattern that names a file, and whether it brings it back.
    fn decided(&self, name: &str) -> Option<(bool, u32)> {
        let parts: Vec<&str> = name.split('/').filter(|part| !part.is_empty()).collect();
        if parts.is_empty() {
            return None;
        }
        let names =
            |pattern: &[String]| (1..=parts.len()).any(|length| matches(pattern, &parts[..length]));
        let mut patterns = self.patterns.iter().rev();
        let (back, _, line) = patterns.find(|(_, pattern, _)| names(pattern))?;
        Some((*back, *line))
    }
}

/// Whether a pattern names a path as a whole; `**` stands for any number of directories.
fn matches(pattern: &[String], path: &[&str]) -> bool {
    // Which starts of the path the pattern up to here can stand for.
    let mut reached = vec![false; path.len() + 1];
    reached[0] = true;
    for part in pattern {
        let mut next = vec![false; path.len() + 1];
        for (at, _) in reached.iter().enumerate().filter(|(_, reached)| **reached) {
            if part == "**" {
                next[at..].fill(true);
            } else if path.get(at).is_some_and(|name| matches_part(part, name)) {
                next[at + 1] = true;
            }
        }
        reached = next;
    }
    reached[path.len()]
}

/// `*`, `?`, `[…]` and `\` inside of one part of a path.
pub(crate) fn matches_part(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut at, mut inside) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    loop {
        let step = match pattern.get(at) {
            Some('*') => {
                star = Some((at, inside));
                at += 1;
                continue;
            }
            None if inside == name.len() => return true,
            None => None,
            Some(_) => name.get(inside).and_then(|&c| one(&pattern[at..], c)),
        };
        match (step, star) {
            (Some(length), _) => {
                at += length;
                inside += 1;
            }
            (None, Some((back, from))) if from < name.len() => {
                star = Some((back, from + 1));
                at = back + 1;
                inside = from + 1;
            }
            (None, _) => return false,
        }
    }
}

/// How many characters of the pattern stand for this one character.
fn one(pattern: &[char], c: char) -> Option<usize> {
    match pattern {
        ['?', ..] => Some(1),
        ['\\', escaped, ..] => (*escaped == c).then_some(2),
        ['[', rest @ ..] => {
            let end = rest.iter().skip(1).position(|&end| end == ']')? + 1;
            let (negated, set) = match rest[..end] {
                ['^', ref set @ ..] => (true, set),
                ref set => (false, set),
            };
            (in_set(set, c) != negated).then_some(end + 2)
        }
        [literal, ..] => (*literal == c).then_some(1),
        [] => None,
    }
}

fn in_set(set: &[char], c: char) -> bool {
    let mut rest = set;
    while let Some((&first, tail)) = rest.split_first() {
        if let ['-', last, after @ ..] = tail {
            if (first..=*last).contains(&c) {
                return true;
            }
            rest = after;
        } else {
            if first == c {
                return true;
            }
            rest = tail;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_relative_to_the_directory_and_the_last_one_counts() {
        let ignored =
            Ignored::read("# comment\n.env*\n!.env.example\n**/*.log\nnode_modules\n/.git/\n");
        for name in [
            ".env",
            ".env.local",
            "a/b/x.log",
            "x.log",
            "node_modules/a/b",
            ".git/config",
        ] {
            assert!(ignored.ignores(name), "{name}");
        }
        for name in [".env.example", "a/.env", "a/node_modules/x", "env", ""] {
            assert!(!ignored.ignores(name), "{name}");
        }
        assert_eq!(ignored.line("a/x.log"), Some(4));
        assert_eq!(ignored.line(".env.example"), None);
    }

    #[test]
    fn all_but_one() {
        let ignored = Ignored::read("*\n!public\n!src/**/*.php\n");
        assert!(ignored.ignores(".env"));
        assert!(!ignored.ignores("public/a/b"));
        assert!(!ignored.ignores("src/a/b.php"));
        assert!(ignored.ignores("src/a/b.js"));
    }

    #[test]
    fn parts_are_matched() {
        assert!(matches_part("a*b?[c-e]", "axxbzd"));
        assert!(!matches_part("a*b?[^c-e]", "axxbzd"));
        assert!(matches_part("\\*", "*"));
        assert!(!matches_part("\\*", "a"));
        assert!(!matches_part("[", "["));
        assert!(matches_part("***", ""));
    }
}
