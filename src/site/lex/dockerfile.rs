//! The instructions of a Dockerfile: <https://docs.docker.com/reference/dockerfile/>.

use std::ops::RangeInclusive;

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
        let args = self.after_options();
        if args.starts_with('[')
            && let Ok(words) = serde_json::from_str(args)
        {
            return words;
        }
        args.split_whitespace().map(str::to_owned).collect()
    }

    /// Its options: `from=build`, `mount=type=secret,id=x`.
    pub fn options(&self) -> impl Iterator<Item = &str> {
        let words = self.args.split_whitespace();
        words.map_while(|word| word.strip_prefix("--"))
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
    let mut lines = (1..).zip(text.lines());
    while let Some((number, first)) = lines.next() {
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
        assert_eq!(found[4].words(), ["npm", "start"]);
    }

    #[test]
    fn the_escape_can_be_another() {
        let found = instructions("# escape=`\nRUN a `\n b\nRUN c\\\n");
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].args, "a b");
    }
}
