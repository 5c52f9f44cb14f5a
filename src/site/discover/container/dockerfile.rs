//! Dockerfiles in instructions: <https://docs.docker.com/reference/dockerfile/>.

/// More instructions are not read.
const MAX_INSTRUCTIONS: usize = 2_000;

/// One instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Instruction {
    /// Its name, in upper case.
    pub name: String,
    /// What follows, with continued lines joined and without here-documents.
    pub rest: String,
    /// The line on which it starts, from 1.
    pub line: u32,
}

impl Instruction {
    /// The words of the exec form, if it is written so.
    pub(super) fn exec(&self) -> Option<Vec<String>> {
        let text = self.without_flags();
        serde_json::from_str(text.trim()).ok()
    }

    /// The flags in front: `--from=build` as `from` and `build`.
    pub(super) fn flag(&self, name: &str) -> Option<&str> {
        let flags = self
            .rest
            .split_whitespace()
            .take_while(|word| word.starts_with("--"));
        flags
            .filter_map(|flag| flag.strip_prefix("--")?.split_once('='))
            .find_map(|(key, value)| (key == name).then_some(value))
    }

    /// What follows the flags.
    pub(super) fn without_flags(&self) -> &str {
        let mut rest = self.rest.trim_start();
        while rest.starts_with("--") {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            rest = rest[end..].trim_start();
        }
        rest
    }
}

/// The instructions of a Dockerfile.
pub(super) fn instructions(text: &str) -> Vec<Instruction> {
    let escape = escape_of(text);
    let mut found: Vec<Instruction> = Vec::new();
    let mut open: Option<Instruction> = None;
    let mut documents: Vec<String> = Vec::new();
    for (line, raw) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        if let Some(end) = documents.first() {
            if raw.trim_start_matches('\t').trim_end() == end {
                documents.remove(0);
            }
            continue;
        }
        let trimmed = raw.trim();
        if trimmed.starts_with('#') || (trimmed.is_empty() && open.is_some()) {
            continue;
        }
        let (body, continues) = match trimmed.strip_suffix(escape) {
            Some(body) => (body.trim_end(), true),
            None => (trimmed, false),
        };
        match &mut open {
            Some(open) => {
                open.rest.push(' ');
                open.rest.push_str(body);
            }
            None if body.is_empty() => continue,
            None => {
                let end = body.find(char::is_whitespace).unwrap_or(body.len());
                open = Some(Instruction {
                    name: body[..end].to_ascii_uppercase(),
                    rest: body[end..].trim_start().to_owned(),
                    line,
                });
            }
        }
        if !continues && let Some(done) = open.take() {
            documents = documents_of(&done);
            found.push(done);
            if found.len() == MAX_INSTRUCTIONS {
                break;
            }
        }
    }
    found.extend(open);
    found
}

/// `# escape=` in the first lines.
fn escape_of(text: &str) -> char {
    let comments = text.lines().take_while(|line| line.starts_with('#'));
    let mut directives = comments.map(|line| line.replace([' ', '#'], "").to_ascii_lowercase());
    if directives.any(|directive| directive == "escape=`") {
        '`'
    } else {
        '\\'
    }
}

/// The ends of the here-documents that follow an instruction.
fn documents_of(instruction: &Instruction) -> Vec<String> {
    if !matches!(instruction.name.as_str(), "RUN" | "COPY" | "ADD") {
        return Vec::new();
    }
    let words = instruction.rest.split_whitespace();
    words
        .filter_map(|word| word.strip_prefix("<<"))
        .map(|end| {
            end.trim_start_matches('-')
                .trim_matches(['"', '\''])
                .to_owned()
        })
        .filter(|end| end.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_are_joined() {
        let text = "# syntax=x\nFROM php:8-apache AS web\nRUN a && \\\n # comment\n\n  b\nCOPY --from=build --chown=a:b [\"x y\", \"/z/\"]\nRUN <<EOF\nFROM no\nEOF\nCMD [\"a\", \"b\"]\n";
        let all = instructions(text);
        let short: Vec<(&str, u32)> = all.iter().map(|i| (i.name.as_str(), i.line)).collect();
        assert_eq!(
            short,
            [
                ("FROM", 2),
                ("RUN", 3),
                ("COPY", 7),
                ("RUN", 8),
                ("CMD", 11)
            ]
        );
        assert_eq!(all[1].rest, "a && b");
        assert_eq!(all[2].flag("from"), Some("build"));
        assert_eq!(
            all[2].exec(),
            Some(vec!["x y".to_owned(), "/z/".to_owned()])
        );
    }
}
