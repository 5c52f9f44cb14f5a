//! The commands that start an application where it runs.

use crate::checks::Context;
use crate::checks::names::{directory, is_compose, is_dockerfile, join, name};
use crate::finding::Severity;
use crate::site::Want;
use crate::site::lex::{dockerfile, yaml};
use crate::site::packages::json;

pub(in crate::checks) const WANTS: &[Want] = &[
    Want::start("dockerfile"),
    Want::start("containerfile"),
    Want::end(".dockerfile"),
    Want::start("docker-compose"),
    Want::start("compose"),
    Want::name("procfile"),
    Want::end(".service"),
];

/// So many scripts of `package.json` are followed, each from the one before.
const MAX_SCRIPTS: usize = 4;

/// A command, and where it is given.
pub(in crate::checks) struct Start {
    /// Which file.
    pub(in crate::checks) file: String,
    /// Which line.
    pub(in crate::checks) line: u32,
    /// What is run in the end: the script of `package.json`, if the command names one, with its arguments.
    pub(in crate::checks) command: String,
    /// The scripts that were followed.
    pub(in crate::checks) scripts: Vec<(String, u32)>,
    /// Whether the file is for development, or is what most people use for it.
    pub(in crate::checks) is_for_development: bool,
}

impl Start {
    /// How bad it is, given how bad it is where others are served.
    pub(in crate::checks) fn severity(&self, elsewhere: Severity) -> Severity {
        if self.is_for_development {
            Severity::Low
        } else {
            elsewhere
        }
    }
}

/// The words of a command, without the quotes around them.
pub(in crate::checks) fn words(command: &str) -> Vec<&str> {
    let words = command.split_whitespace();
    words.map(|word| word.trim_matches(['"', '\''])).collect()
}

/// All of them, in order of the files. [`Context::starts`] remembers them.
pub(in crate::checks) fn starts(context: &Context<'_>) -> Vec<Start> {
    let mut found = Vec::new();
    for path in context.own_files() {
        let Some(read) = reader(path) else {
            continue;
        };
        let Some(text) = context.files.text(path) else {
            continue;
        };
        for (line, command) in read(&text) {
            let (command, scripts) = resolved(context, path, command);
            found.push(Start {
                file: path.to_owned(),
                line,
                command,
                scripts,
                is_for_development: context.is_for_development(path)
                    || (is_compose(path) && !context.index.inside(path).contains("prod")),
            });
        }
    }
    found
}

type Commands = Vec<(u32, String)>;

fn reader(path: &str) -> Option<fn(&str) -> Commands> {
    if is_dockerfile(path) {
        Some(of_dockerfile)
    } else if is_compose(path) {
        Some(of_compose)
    } else if name(path).eq_ignore_ascii_case("procfile") {
        Some(of_procfile)
    } else if path.ends_with(".service") {
        Some(of_service)
    } else {
        None
    }
}

/// The last `ENTRYPOINT` and `CMD` of the last stage.
fn of_dockerfile(text: &str) -> Commands {
    let all = dockerfile::instructions(text);
    let last = all.last().map_or(0, |last| last.stage);
    let of = |name: &str| {
        all.iter()
            .rev()
            .find(|one| one.stage == last && one.name == name)
    };
    let entry = of("ENTRYPOINT");
    let command = of("CMD");
    let line = command.or(entry).map(|one| one.line);
    let words: Vec<String> = entry
        .into_iter()
        .chain(command)
        .flat_map(dockerfile::Instruction::words)
        .collect();
    line.map(|line| (line, words.join(" ")))
        .into_iter()
        .collect()
}

fn of_compose(text: &str) -> Commands {
    let mut found: Commands = Vec::new();
    let mut last = Vec::new();
    for leaf in yaml::leaves(text) {
        for key in ["entrypoint", "command"] {
            if !leaf.is_below(&["services", "*", key]) {
                continue;
            }
            let of = leaf.path[..3].to_vec();
            match found.last_mut().filter(|_| last == of) {
                Some((_, command)) => {
                    command.push(' ');
                    command.push_str(&leaf.value);
                }
                None => found.push((leaf.line, leaf.value.clone())),
            }
            last = of;
        }
    }
    found
}

fn of_procfile(text: &str) -> Commands {
    let lines = (1..).zip(text.lines());
    let commands = lines.filter_map(|(line, text)| {
        let (process, command) = text.split_once(':')?;
        (!process.starts_with('#')).then(|| (line, command.trim().to_owned()))
    });
    commands.collect()
}

fn of_service(text: &str) -> Commands {
    let lines = (1..).zip(text.lines());
    let commands = lines.filter_map(|(line, text)| {
        Some((line, text.trim().strip_prefix("ExecStart=")?.to_owned()))
    });
    commands.collect()
}

/// Follows `npm run x` into `package.json`.
fn resolved(context: &Context<'_>, file: &str, command: String) -> (String, Vec<(String, u32)>) {
    let package = join(directory(file), "package.json");
    let mut command = command;
    let mut followed = Vec::new();
    let Some(text) = context.files.text(&package) else {
        return (command, followed);
    };
    let Ok(json) = json::parse(&package, &text) else {
        return (command, followed);
    };
    for _ in 0..MAX_SCRIPTS {
        let Some((script, rest)) = script_of(&command) else {
            break;
        };
        let members = json.get("scripts").map(json::Node::members);
        let member = members.and_then(|members| members.iter().find(|member| member.key == script));
        let Some((member, text)) = member.and_then(|member| Some((member, member.node.text()?)))
        else {
            break;
        };
        followed.push((package.clone(), member.line));
        command = format!("{text} {rest}");
    }
    (command, followed)
}

/// The script that a command runs, and what is given to it.
fn script_of(command: &str) -> Option<(String, String)> {
    let mut words = command.split_whitespace().skip_while(|word| {
        matches!(
            *word,
            "sh" | "/bin/sh"
                | "bash"
                | "-c"
                | "-lc"
                | "exec"
                | "dumb-init"
                | "tini"
                | "--"
                | "cross-env"
        ) || (word.contains('=') && !word.starts_with('-'))
            || word.ends_with("docker-entrypoint.sh")
    });
    let manager = words.next()?;
    if !matches!(manager, "npm" | "yarn" | "pnpm" | "bun") {
        return None;
    }
    let mut words = words.skip_while(|word| word.starts_with('-')).peekable();
    let first = words.next()?;
    let script = match first {
        "run" | "run-script" => words.next()?,
        "start" | "test" => first,
        _ if manager != "npm" => first,
        _ => return None,
    };
    let rest: Vec<&str> = words.skip_while(|word| *word == "--").collect();
    Some((
        script.trim_end_matches([';', '&']).to_owned(),
        rest.join(" "),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_told_from_commands() {
        let script = |command| script_of(command).map(|(script, rest)| format!("{script}|{rest}"));
        assert_eq!(
            script("npm run dev -- --host").as_deref(),
            Some("dev|--host")
        );
        assert_eq!(script("sh -c npm start").as_deref(), Some("start|"));
        assert_eq!(
            script("NODE_ENV=x yarn --silent dev").as_deref(),
            Some("dev|")
        );
        assert_eq!(script("npm install"), None);
        assert_eq!(script("node server.js"), None);
    }
}
