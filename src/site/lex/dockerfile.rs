//! The instructions of a Dockerfile: <https://docs.docker.com/reference/dockerfile/>.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// More instructions are not read.
const MAX_INSTRUCTIONS: usize = 2_000;

/// An instruction with its continuation lines put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instruction {
    /// Its name in capitals: `RUN`.
    pub name: String,
    /// What follows, on one line; the text of here-documents after it, each line on its own.
    pub args: String,
    /// Where it starts, from 1.
    pub line: u32,
    /// Where it ends.
    pub end_line: u32,
    /// Which build stage it is in, from 0; what stands before the first `FROM` counts to it.
    pub stage: usize,
}

impl Instruction {
    /// Its lines.
    pub fn lines(&self) -> RangeInclusive<u32> {
        self.line..=self.end_line
    }

    /// Its words, after the options; those of the JSON form without quotes.
    pub fn words(&self) -> Vec<String> {
        self.exec().unwrap_or_else(|| {
            let words = self.after_options().split_whitespace();
            words.map(str::to_owned).collect()
        })
    }

    /// Its options: `from=build`, `mount=type=secret,id=x`.
    pub fn options(&self) -> impl Iterator<Item = &str> {
        let words = self.args.split_whitespace();
        words.map_while(|word| word.strip_prefix("--"))
    }

    /// The value of an option: `build` for `from` in `--from=build`.
    pub fn option(&self, name: &str) -> Option<&str> {
        let mut pairs = self.options().filter_map(|option| option.split_once('='));
        pairs.find_map(|(key, value)| (key == name).then_some(value))
    }

    /// Its own line, without here-documents.
    pub fn own_args(&self) -> &str {
        self.args.lines().next().unwrap_or_default()
    }

    /// The words of the JSON form, if it is written so.
    pub fn exec(&self) -> Option<Vec<String>> {
        serde_json::from_str(self.after_options().trim()).ok()
    }

    /// What follows the options.
    pub fn after_options(&self) -> &str {
        let mut rest = self.args.as_str();
        while rest.starts_with("--") {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            rest = rest[end..].trim_start();
        }
        rest
    }
}

/// The instructions of a file, in order.
pub fn instructions(text: &str) -> Vec<Instruction> {
    let escape = escape_of(text);
    let mut found: Vec<Instruction> = Vec::new();
    let mut stage = None;
    let mut lines = (1..).zip(text.trim_start_matches('\u{feff}').lines());
    while let Some((number, first)) = lines.next() {
        if found.len() == MAX_INSTRUCTIONS {
            break;
        }
        let first = first.trim();
        if first.is_empty() || first.starts_with('#') {
            continue;
        }
        let mut joined = String::new();
        let mut end = number;
        let mut line = first;
        while let Some(cut) = line.strip_suffix(escape) {
            joined.push_str(cut);
            // Comments and empty lines between continuation lines are left out.
            let is_left_out = |line: &str| line.is_empty() || line.starts_with('#');
            let next = lines.find(|(_, line)| !is_left_out(line.trim()));
            let Some((number, next)) = next else {
                line = "";
                break;
            };
            // Words that are on two lines are two words only if there is space between them.
            if next.starts_with(char::is_whitespace) && !joined.ends_with(char::is_whitespace) {
                joined.push(' ');
            }
            (end, line) = (number, next.trim());
        }
        joined.push_str(line);
        let (name, args) = joined
            .split_once(char::is_whitespace)
            .unwrap_or((&joined, ""));
        let name = name.to_ascii_uppercase();
        let mut args = args.trim().to_owned();
        for mark in here_documents(&name, &args) {
            for (number, line) in lines.by_ref() {
                end = number;
                if line.trim() == mark {
                    break;
                }
                args.push('\n');
                args.push_str(line);
            }
        }
        if name == "FROM" {
            stage = Some(stage.map_or(0, |stage: usize| stage + 1));
        }
        found.push(Instruction {
            name,
            args,
            line: number,
            end_line: end,
            stage: stage.unwrap_or_default(),
        });
    }
    found
}

/// The images that the stages start with, with the arguments in them: `FROM php:${PHP_VERSION}` after
/// `ARG PHP_VERSION=8.3`. Only those before the first `FROM` count there.
pub fn bases(instructions: &[Instruction]) -> Vec<(u32, String)> {
    let mut known = BTreeMap::new();
    let mut found = Vec::new();
    for one in instructions {
        match one.name.as_str() {
            "ARG" if found.is_empty() => known.extend(argument(one.own_args())),
            "FROM" => {
                let image = one.after_options().split_whitespace().next();
                found.extend(image.map(|image| (one.line, expanded(image, &known))));
            }
            _ => {}
        }
    }
    found
}

/// The name and the default of an `ARG`; none, if it has no default.
pub fn argument(args: &str) -> Option<(String, String)> {
    let (name, value) = args.split_once('=')?;
    let value = value.trim().trim_matches(['"', '\'']);
    Some((name.trim().to_owned(), value.to_owned()))
}

/// A text with its variables replaced: `$X`, `${X}`, `${X:-default}`. Those that are not known stay.
pub fn expanded(text: &str, variables: &BTreeMap<String, String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let (name, fallback, end) = match after.strip_prefix('{') {
            Some(inner) => {
                let Some(close) = inner.find('}') else {
                    out.push_str(&rest[at..]);
                    return out;
                };
                let (name, fallback) = inner[..close]
                    .split_once(":-")
                    .unwrap_or((&inner[..close], ""));
                (name, fallback, close + 2)
            }
            None => {
                let end = after
                    .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                    .unwrap_or(after.len());
                (&after[..end], "", end)
            }
        };
        match variables.get(name) {
            Some(value) => out.push_str(value),
            None if fallback.is_empty() => out.push_str(&rest[at..=at + end]),
            None => out.push_str(fallback),
        }
        rest = &after[end..];
    }
    out.push_str(rest);
    out
}

/// `# escape=` at the top: <https://docs.docker.com/reference/dockerfile/#escape>.
fn escape_of(text: &str) -> char {
    let directives = text.lines().map_while(|line| line.trim().strip_prefix('#'));
    let mut pairs = directives.filter_map(|line| line.split_once('='));
    let found = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("escape"));
    match found {
        Some((_, value)) if value.trim() == "`" => '`',
        _ => '\\',
    }
}

/// The words that end the here-documents of an instruction: `<<EOF`, `<<-"EOF"`.
fn here_documents(name: &str, args: &str) -> Vec<String> {
    if !matches!(name, "RUN" | "COPY" | "ADD") {
        return Vec::new();
    }
    let parts = args.split("<<").skip(1);
    let marks = parts.filter_map(|part| {
        let part = part.strip_prefix('-').unwrap_or(part);
        let part = part.trim_start_matches(['"', '\'']);
        let end = part.find(|char: char| !char.is_ascii_alphanumeric() && char != '_');
        let mark = &part[..end.unwrap_or(part.len())];
        (!mark.is_empty()).then(|| mark.to_owned())
    });
    marks.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn continuation_lines_and_here_documents_belong_to_their_instruction() {
        let text = "# escape=\\\nFROM node AS a\n\nrun --mount=type=secret,id=x a \\\n  # no\n\n  && b\nCOPY <<EOF /x\nK=1\nEOF\nFROM b\nCMD [\"npm\", \"start\"]\nENV A=1 \\";
        let found = instructions(text);
        let short: Vec<(&str, &str, u32, u32, usize)> = found
            .iter()
            .map(|one| {
                (
                    one.name.as_str(),
                    one.args.as_str(),
                    one.line,
                    one.end_line,
                    one.stage,
                )
            })
            .collect();
        assert_eq!(
            short,
            [
                ("FROM", "node AS a", 2, 2, 0),
                ("RUN", "--mount=type=secret,id=x a && b", 4, 7, 0),
                ("COPY", "<<EOF /x\nK=1", 8, 10, 0),
                ("FROM", "b", 11, 11, 1),
                ("CMD", "[\"npm\", \"start\"]", 12, 12, 1),
                ("ENV", "A=1", 13, 13, 1),
            ]
        );
        assert_eq!(
            found[1].options().collect::<Vec<_>>(),
            ["mount=type=secret,id=x"]
        );
        assert_eq!(found[1].words(), ["a", "&&", "b"]);
        assert_eq!(found[1].option("mount"), Some("type=secret,id=x"));
        assert_eq!(found[2].own_args(), "<<EOF /x");
        assert_eq!(found[4].words(), ["npm", "start"]);
    }

    #[test]
    fn arguments_stand_for_parts_of_images() {
        let text = "ARG PHP=8.3\nARG NONE\nFROM php:${PHP}-apache AS web\nARG PHP=7\nFROM --platform=x php:$PHP\nFROM ${NONE}:${TAG:-1.2}\nFROM web\n";
        let found = bases(&instructions(text));
        let images: Vec<&str> = found.iter().map(|(_, image)| image.as_str()).collect();
        assert_eq!(images, ["php:8.3-apache", "php:8.3", "${NONE}:1.2", "web"]);
        assert_eq!(found[0].0, 3);
    }

    #[test]
    fn the_escape_can_be_another() {
        let found = instructions("# escape=`\nRUN a `\n b\nRUN c\\\n");
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].args, "a b");
    }
}
