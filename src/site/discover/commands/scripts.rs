//! Commands that stand for other commands.

use crate::finding::Reason;
use crate::input::Files;

use super::super::super::packages::json;
use super::super::super::path;
use super::words::{Command, commands};

/// Lines of a script beyond this are not read.
const MAX_LINES: u32 = 2_000;

/// The commands that a command stands for, with the lines that say so.
pub(super) fn next(
    command: &Command,
    directory: &str,
    files: &dyn Files,
) -> Vec<(Command, Reason)> {
    let directory = command
        .changed
        .iter()
        .try_fold(directory.to_owned(), |at, to| path::join(&at, to));
    let Some(directory) = directory else {
        return Vec::new();
    };
    match script_name(command) {
        Some(name) => of_manifest(name, &directory, command, files),
        None => of_file(command, &directory, files),
    }
}

/// `npm start`, `npm run x`, `yarn x`, `pnpm x`, `bun run x`.
fn script_name(command: &Command) -> Option<&str> {
    const OWN: &[&str] = &[
        "install", "add", "ci", "build", "exec", "dlx", "init", "test", "remove",
    ];
    let operands: Vec<&str> = command
        .args()
        .iter()
        .map(String::as_str)
        .filter(|word| !word.starts_with('-'))
        .collect();
    match (command.program(), operands.as_slice()) {
        ("npm" | "pnpm" | "yarn" | "bun", ["run" | "run-script", name, ..])
        | ("npm", [name @ ("start" | "test"), ..]) => Some(name),
        ("pnpm" | "yarn", [name, ..]) if !OWN.contains(name) => Some(name),
        _ => None,
    }
}

fn of_manifest(
    name: &str,
    directory: &str,
    command: &Command,
    files: &dyn Files,
) -> Vec<(Command, Reason)> {
    let manifest = path::inside(directory, "package.json");
    let json = files
        .text(&manifest)
        .and_then(|text| json::parse(&manifest, &text).ok());
    let scripts = json.as_ref().and_then(|json| json.get("scripts"));
    let members = scripts.map_or(&[][..], |scripts| scripts.members());
    let Some(member) = members.iter().find(|member| member.key == name) else {
        return Vec::new();
    };
    let line = member.node.text().unwrap_or_default();
    // What follows `--` is handed on.
    let extra = command
        .args()
        .iter()
        .skip_while(|word| *word != "--")
        .skip(1);
    let extra: Vec<String> = extra.cloned().collect();
    let mut found = commands(line);
    if let Some(last) = found.last_mut() {
        last.words.extend(extra);
    }
    found
        .into_iter()
        .map(|mut next| {
            next.changed.splice(0..0, command.changed.iter().cloned());
            let at = Reason::at(
                &manifest,
                member.line,
                format!("\"{name}\": {}", next.shown()),
            );
            (next, at)
        })
        .collect()
}

/// The lines of a shell script, with `"$@"` left as it is.
fn of_file(command: &Command, directory: &str, files: &dyn Files) -> Vec<(Command, Reason)> {
    let word = match command.program() {
        "sh" | "bash" | "ash" | "dash" => command.operand(&[]),
        _ => command.words.first().map(String::as_str),
    };
    let Some(file) = word
        .filter(|word| word.contains('/') || word.ends_with(".sh"))
        .and_then(|word| path::join(directory, word))
    else {
        return Vec::new();
    };
    let is_script = |text: &String| {
        file.ends_with(".sh")
            || text.starts_with("#!/bin/")
            || text.starts_with("#!/usr/bin/env bash")
    };
    let Some(text) = files.text(&file).filter(is_script) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (number, line) in (1..=MAX_LINES).zip(text.lines()) {
        for mut next in commands(line) {
            next.changed.splice(0..0, command.changed.iter().cloned());
            let at = Reason::at(&file, number, next.shown());
            found.push((next, at));
        }
    }
    found
}
