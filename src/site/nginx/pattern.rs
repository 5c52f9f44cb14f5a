//! PCRE patterns as nginx uses them: on bytes, without UTF mode.
//!
//! Where the syntax of PCRE (<https://www.pcre.org/current/doc/html/pcre2pattern.html>) and of the engine here
//! differ, the pattern is translated.

use fancy_regex::{BytesMode, Regex, RegexBuilder};

const BACKTRACK_LIMIT: usize = 200_000;
const MAX_LENGTH: usize = 8 * 1024;

/// A pattern, or its text if the engine here does not know its syntax.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    pub(super) text: String,
    regex: Option<Regex>,
}

/// A match: the groups from 0, absent where one did not take part; and the named ones.
#[derive(Debug, Clone, Default)]
pub(super) struct Match {
    pub(super) groups: Vec<Vec<u8>>,
    pub(super) named: Vec<(String, Vec<u8>)>,
}

impl Pattern {
    pub(super) fn new(text: &str, ignores_case: bool) -> Self {
        let regex = (text.len() <= MAX_LENGTH).then(|| {
            RegexBuilder::new(&translate(text))
                .bytes_mode(BytesMode::Ascii)
                .case_insensitive(ignores_case)
                .backtrack_limit(BACKTRACK_LIMIT)
                .delegate_size_limit(1 << 20)
                .max_prog_size(100_000)
                .build()
                .ok()
        });
        Self {
            text: text.to_owned(),
            regex: regex.flatten(),
        }
    }

    /// `Err` if it cannot be told.
    pub(super) fn find(&self, subject: &[u8]) -> Result<Option<Match>, ()> {
        let regex = self.regex.as_ref().ok_or(())?;
        let Some(captures) = regex.captures(subject).map_err(|_| ())? else {
            return Ok(None);
        };
        let mut found = Match::default();
        for group in 0..captures.len() {
            let bytes = captures.get(group).map(|group| group.as_bytes().to_vec());
            found.groups.push(bytes.unwrap_or_default());
        }
        // PCRE does not count groups at the end that took no part.
        for (group, name) in regex.capture_names().enumerate() {
            if let Some(name) = name {
                let bytes = found.groups.get(group).cloned().unwrap_or_default();
                found.named.push((name.to_owned(), bytes));
            }
        }
        Ok(Some(found))
    }

    /// The names of its groups.
    pub(super) fn names(&self) -> Vec<String> {
        let regex = self.regex.iter();
        regex
            .flat_map(|regex| regex.capture_names().flatten().map(ToString::to_string))
            .collect()
    }
}

fn translate(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len() + 16);
    let mut at = 0;
    while let Some(&char) = chars.get(at) {
        at += 1;
        match char {
            '\\' => at = escape(&chars, at, false, &mut out),
            // Before a newline at the very end as well.
            '$' => out.push_str(r"(?=\n?\z)"),
            '[' => at = class(&chars, at, &mut out),
            '{' => match quantifier(&chars, at) {
                Some(end) => {
                    out.extend(&chars[at - 1..end]);
                    at = end;
                }
                None => out.push_str(r"\{"),
            },
            '}' | ']' => {
                out.push('\\');
                out.push(char);
            }
            _ => out.push(char),
        }
    }
    out
}

/// The end of a quantifier whose brace stands before `at`.
fn quantifier(chars: &[char], at: usize) -> Option<usize> {
    let length = chars[at..].iter().position(|&char| char == '}')?;
    let inside: String = chars[at..at + length].iter().collect();
    let (from, to) = inside.split_once(',').unwrap_or((&inside, ""));
    let digits = |text: &str| text.chars().all(|char| char.is_ascii_digit());
    (!from.is_empty() && digits(from) && digits(to)).then_some(at + length + 1)
}

/// What follows a backslash.
fn escape(chars: &[char], at: usize, in_class: bool, out: &mut String) -> usize {
    let Some(&char) = chars.get(at) else {
        out.push('\\');
        return at;
    };
    match char {
        'h' if in_class => out.push_str(" \\t"),
        'h' => out.push_str("[ \\t]"),
        'R' if !in_class => out.push_str(r"(?:\r\n|[\n\x0b\f\r])"),
        'Q' => {
            let mut end = at + 1;
            while end < chars.len() && chars[end..].get(..2) != Some(&['\\', 'E']) {
                literal(chars[end], out);
                end += 1;
            }
            return (end + 2).min(chars.len());
        }
        _ if char.is_alphanumeric() => {
            out.push('\\');
            out.push(char);
        }
        _ => literal(char, out),
    }
    at + 1
}

fn literal(char: char, out: &mut String) {
    if char.is_ascii() && !char.is_ascii_alphanumeric() {
        out.push_str(&format!("\\x{:02X}", u32::from(char)));
    } else {
        out.push(char);
    }
}

/// A class whose bracket stands before `at`. There is no nesting, and there are no set operations.
fn class(chars: &[char], mut at: usize, out: &mut String) -> usize {
    out.push('[');
    if chars.get(at) == Some(&'^') {
        out.push('^');
        at += 1;
    }
    let mut is_first = true;
    while let Some(&char) = chars.get(at) {
        at += 1;
        match char {
            ']' if !is_first => {
                out.push(']');
                return at;
            }
            '\\' => {
                let is_set = matches!(chars.get(at), Some('d' | 'D' | 'w' | 'W' | 's' | 'S' | 'h'));
                at = escape(chars, at, true, out);
                // A set is no start of a range.
                if is_set && chars.get(at) == Some(&'-') && chars.get(at + 1) != Some(&']') {
                    literal('-', out);
                    at += 1;
                }
            }
            '[' if chars.get(at) == Some(&':') => {
                let length = chars[at..].windows(2).position(|pair| pair == [':', ']']);
                let end = length.map_or(at, |length| at + length + 2);
                out.push('[');
                out.extend(&chars[at..end]);
                at = end;
            }
            '[' | ']' | '&' | '~' => literal(char, out),
            '-' if is_first || chars.get(at) == Some(&'-') => literal(char, out),
            _ => out.push(char),
        }
        is_first = false;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_pcre_matches_them() {
        for (pattern, subject, expected) in [
            (r"/\.(?!well-known)", "/.env", true),
            (r"/\.(?!well-known)", "/.well-known/x", false),
            (r"\.php$", "/a.php", true),
            (r"\.php$", "/a.php\n", true),
            (r"\.php$", "/a.php\n\n", false),
            (r"[[]a", "[a", true),
            (r"[]a]", "]", true),
            (r"[a&&b]", "&", true),
            (r"a{", "a{", true),
            (r"a{2}", "aa", true),
            (r"^/a\/b\_c", "/a/b_c", true),
            (r"[\w-.]x", "-x", true),
            (r"[^/]+\.php(/|$)", "/a.php/b", true),
            (r"\Qa.b\E", "axb", false),
        ] {
            let found = Pattern::new(pattern, false).find(subject.as_bytes());
            assert_eq!(
                found.map(|found| found.is_some()),
                Ok(expected),
                "{pattern}"
            );
        }
        let found = Pattern::new("^/(?<a>x)(y)?", true)
            .find(b"/X")
            .unwrap()
            .unwrap();
        assert_eq!(found.named, [("a".to_owned(), b"X".to_vec())]);
        assert!(Pattern::new("(", false).find(b"").is_err());
    }
}
