//! Shell commands in words.

/// Longer commands are not read.
const MAX_LENGTH: usize = 64 * 1024;
/// `sh -c` inside of `sh -c` is not followed further.
const MAX_DEPTH: usize = 4;

/// One simple command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Command {
    /// Its words without quotes, the program first.
    pub(crate) words: Vec<String>,
    /// Directories that `cd` went into before, in order.
    pub(crate) changed: Vec<String>,
}

impl Command {
    /// As it is shown: without what is assigned in front of it.
    pub(crate) fn shown(&self) -> String {
        self.words.join(" ")
    }

    /// The name of the program, without its directory.
    pub(crate) fn program(&self) -> &str {
        let first = self.words.first().map_or("", String::as_str);
        first.rsplit('/').next().unwrap_or(first)
    }

    /// The words behind the program.
    pub(crate) fn args(&self) -> &[String] {
        self.words.get(1..).unwrap_or_default()
    }

    /// The value of an option: `-t x`, `-tx`, `--directory x`, `--directory=x`.
    pub(crate) fn option(&self, names: &[&str]) -> Option<&str> {
        let args = self.args();
        for (at, word) in args.iter().enumerate() {
            for name in names {
                let Some(rest) = word.strip_prefix(name) else {
                    continue;
                };
                let is_long = name.starts_with("--");
                if rest.is_empty() {
                    return args.get(at + 1).map(String::as_str);
                }
                if let Some(value) = rest.strip_prefix('=') {
                    return Some(value);
                }
                if !is_long {
                    return Some(rest);
                }
            }
        }
        None
    }

    /// Whether one of these words stands among the arguments.
    pub(crate) fn has(&self, names: &[&str]) -> bool {
        self.args()
            .iter()
            .any(|word| names.contains(&word.as_str()))
    }

    /// The first argument that is neither an option nor the value of one of `valued`.
    pub(crate) fn operand(&self, valued: &[&str]) -> Option<&str> {
        let mut args = self.args().iter();
        while let Some(word) = args.next() {
            if valued.contains(&word.as_str()) {
                args.next();
            } else if !word.starts_with('-') {
                return Some(word);
            }
        }
        None
    }
}

/// The simple commands of a line of shell.
pub(crate) fn commands(line: &str) -> Vec<Command> {
    let mut found = Vec::new();
    if line.len() <= MAX_LENGTH {
        read(line, Vec::new(), MAX_DEPTH, &mut found);
    }
    found
}

/// The same of a command in the exec form of a Dockerfile.
pub(crate) fn exec(words: &[String]) -> Vec<Command> {
    let mut found = Vec::new();
    add(words, &mut Vec::new(), MAX_DEPTH, &mut found);
    found
}

fn read(line: &str, mut changed: Vec<String>, depth: usize, found: &mut Vec<Command>) {
    let mut words: Vec<String> = Vec::new();
    for token in tokens(line) {
        match token {
            Token::Word(word) => words.push(word),
            Token::End => add(&std::mem::take(&mut words), &mut changed, depth, found),
        }
    }
    add(&words, &mut changed, depth, found);
}

fn add(words: &[String], changed: &mut Vec<String>, depth: usize, found: &mut Vec<Command>) {
    const RUNNERS: &[&str] = &[
        "exec",
        "sudo",
        "env",
        "nohup",
        "npx",
        "bunx",
        "dumb-init",
        "tini",
        "time",
        "nice",
        "--",
    ];
    let mut rest = words;
    while let [first, tail @ ..] = rest {
        let name = first.rsplit('/').next().unwrap_or(first);
        let is_assignment = first.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        });
        let is_script = matches!(name, "pnpm" | "yarn" | "npm")
            && matches!(tail.first().map(String::as_str), Some("exec" | "dlx"));
        if is_script {
            rest = &tail[1..];
        } else if is_assignment
            || RUNNERS.contains(&name)
            || name == "cross-env"
            || name == "dotenv"
        {
            rest = tail;
            while rest
                .first()
                .is_some_and(|word| word.starts_with('-') && word != "--")
            {
                rest = &rest[1..];
            }
        } else {
            break;
        }
    }
    let Some(first) = rest.first() else {
        return;
    };
    let program = first.rsplit('/').next().unwrap_or(first);
    if program == "cd" {
        changed.extend(rest.get(1).cloned());
        return;
    }
    if matches!(program, "sh" | "bash" | "ash" | "dash") && depth > 0 {
        let is_script = |word: &String| word.starts_with('-') && word.ends_with('c');
        if let Some(at) = rest.iter().position(is_script)
            && let Some(script) = rest.get(at + 1)
        {
            read(script, changed.clone(), depth - 1, found);
            return;
        }
    }
    found.push(Command {
        words: rest.to_vec(),
        changed: changed.clone(),
    });
}

enum Token {
    Word(String),
    End,
}

fn tokens(line: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' | '"' => {
                let word = word.get_or_insert_default();
                while let Some(inner) = chars.next() {
                    match inner {
                        _ if inner == c => break,
                        '\\' if c == '"' => word.extend(chars.next()),
                        _ => word.push(inner),
                    }
                }
            }
            '\\' => match chars.next() {
                Some('\n') | None => {}
                Some(escaped) => word.get_or_insert_default().push(escaped),
            },
            '#' if word.is_none() => {
                while chars.peek().is_some_and(|&c| c != '\n') {
                    chars.next();
                }
            }
            '&' | '|' | ';' | '\n' | '(' | ')' => {
                tokens.extend(word.take().map(Token::Word));
                tokens.push(Token::End);
            }
            _ if c.is_whitespace() => tokens.extend(word.take().map(Token::Word)),
            _ => word.get_or_insert_default().push(c),
        }
    }
    tokens.extend(word.map(Token::Word));
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> Vec<String> {
        commands(line).iter().map(Command::shown).collect()
    }

    #[test]
    fn lines_are_taken_apart() {
        assert_eq!(
            shown("cd app && A=1 exec npx serve -s 'my dist' # x"),
            ["serve -s my dist"]
        );
        assert_eq!(commands("cd a; cd b && x")[0].changed, ["a", "b"]);
        assert_eq!(
            shown("sh -c \"php -S 0.0.0.0:80 -t public\" & sleep 1"),
            ["php -S 0.0.0.0:80 -t public", "sleep 1"]
        );
        assert_eq!(shown("pnpm exec vite preview"), ["vite preview"]);
        assert!(shown("\"").is_empty() || shown("\"") == [""]);
    }

    #[test]
    fn options_are_read() {
        let command = &commands("php -S 0.0.0.0:80 -t public router.php")[0];
        assert_eq!(command.option(&["-t"]), Some("public"));
        assert_eq!(command.operand(&["-S", "-t"]), Some("router.php"));
        let command = &commands("python3 -m http.server --directory=x")[0];
        assert_eq!(command.option(&["-d", "--directory"]), Some("x"));
        assert_eq!(command.operand(&["-m"]), None);
    }
}
