//! Whether a command of a shell prints the environment.

/// Programs that print all variables if they are told nothing else: <https://pubs.opengroup.org/onlinepubs/9799919799/>,
/// env, export and set.
const PRINTERS: &[&str] = &["env", "printenv", "set", "export"];
/// Programs that pass on what they read, in another order or form.
const PASSING: &[&str] = &[
    "sort", "cat", "tac", "nl", "uniq", "tee", "base64", "xxd", "head", "tail", "less", "more",
];
/// Programs that print files.
const READERS: &[&str] = &["cat", "head", "tail", "more", "less", "tac", "nl", "base64"];

/// Whether a command prints all of the environment, or a file that holds it. What picks lines of it does not count.
pub(super) fn prints_environment(command: &str) -> bool {
    let pipelines = command.split([';', '\n']).flat_map(|part| part.split("&&"));
    pipelines
        .flat_map(|part| part.split("||"))
        .any(pipeline_prints)
}

fn pipeline_prints(pipeline: &str) -> bool {
    let mut parts = pipeline.split('|').map(words);
    let Some(first) = parts.next() else {
        return false;
    };
    let passes = |words: Vec<&str>| words.first().is_some_and(|word| PASSING.contains(word));
    is_printer(&first) && parts.all(passes)
}

/// The words of a command, the program without its directory and without what is done with its output.
fn words(command: &str) -> Vec<&str> {
    let is_apart = |word: &&str| !matches!(*word, "2>&1" | "2>/dev/null" | "sudo" | "@");
    let words = command.split_whitespace().filter(is_apart);
    let trimmed = words.map(|word| word.trim_matches(['"', '\'']));
    let mut words: Vec<&str> = trimmed.collect();
    if let Some(program) = words.first_mut() {
        *program = program.rsplit('/').next().unwrap_or(program);
    }
    words
}

fn is_printer(words: &[&str]) -> bool {
    let Some((program, rest)) = words.split_first() else {
        return false;
    };
    if PRINTERS.contains(program) {
        return rest
            .iter()
            .all(|word| matches!(*word, "-0" | "-p" | "--null"));
    }
    let is_environment = |word: &&str| {
        *word == "/proc/self/environ" || word.rsplit('/').next().is_some_and(|name| name == ".env")
    };
    let is_written = rest.iter().any(|word| word.starts_with('>'));
    READERS.contains(program) && !is_written && rest.iter().any(is_environment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_prints_all_of_it_counts() {
        for loud in [
            "env",
            "/usr/bin/env",
            "printenv",
            "env 2>&1",
            "env | sort",
            "set -e; export -p",
            "echo a && printenv | sort | uniq",
            "cat ../.env",
            "cat /proc/self/environ",
        ] {
            assert!(prints_environment(loud), "{loud}");
        }
        for silent in [
            "uptime",
            "env A=1 make",
            "/usr/bin/env node a.js",
            "printenv HOME",
            "env | grep NODE_VERSION",
            "env > .env",
            "set -e",
            "export A=1",
            "cat a.env.example > .env",
            "echo env",
            "",
        ] {
            assert!(!prints_environment(silent), "{silent}");
        }
    }
}
