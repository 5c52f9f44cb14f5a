//! Rules of Firebase that let everyone read or write.

use std::ops::Range;

use crate::checks::names::name;
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;
use crate::site::lex::js::Script;

pub(in crate::checks) static CHECK: Check = Check {
    id: "firebase-open-rules",
    code: "FB-001",
    title: "Firebase's rules let everyone in",
    description: "Browsers talk to Firebase's databases and files themselves, with a key that everyone has. The rules \
                  alone decide who reads and writes; `if true` lets everyone.",
    severity: Severity::High,
    cwe: &[284, 862],
    fix: "Ask for `request.auth != null` and for what belongs to the user, and keep credentials out of what browsers reach.",
    references: &["https://firebase.google.com/docs/rules/insecure-rules"],
    wants: &[
        Want::text(".rules", "allow"),
        Want::text("rules.json", ".read"),
        Want::text("rules.json", ".write"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    let all = [
        (".rules", "allow"),
        ("rules.json", ".read"),
        ("rules.json", ".write"),
    ];
    let all = all
        .iter()
        .flat_map(|(end, needle)| context.index.holding(end, needle));
    let mut paths: Vec<&str> = all.filter(|path| !context.is_aside(path)).collect();
    paths.sort_unstable();
    paths.dedup();
    for path in paths {
        let text = context.files.text(path).unwrap_or_default();
        // Comments, strings and brackets are those of JavaScript.
        let script = Script::new(&text);
        let told = if name(path).ends_with(".json") {
            of_database(&script)
        } else if text.contains("service ") {
            of_service(&script)
        } else {
            None
        };
        if let Some((line, message, severity)) = told {
            found
                .report(path, message)
                .at_line(line)
                .severe(context.severity_where(path, severity));
        }
    }
}

type Told = (u32, &'static str, Severity);

const EVERYTHING: &str = "Everyone may read or write all of it.";
const WRITING: &str = "Everyone may write some of it.";

/// `{"rules": {".read": true}}`: <https://firebase.google.com/docs/database/security/core-syntax>.
fn of_database(script: &Script<'_>) -> Option<Told> {
    let is_key = |at: usize, key: &str| {
        script.text_at(at).is_some_and(|text| text == key) && script.is(at + 1, ":")
    };
    let is_true = |at: usize| {
        script.is_word(at, "true") || script.text_at(at).is_some_and(|text| text == "true")
    };
    let rules = (0..script.tokens().len()).find(|&at| is_key(at, "rules"))?;
    let close = script.mate(rules + 2)?;
    let mut at = rules + 3;
    while at < close {
        if (is_key(at, ".read") || is_key(at, ".write")) && is_true(at + 2) {
            return Some((script.line(at), EVERYTHING, Severity::High));
        }
        at = script.after(at);
    }
    let below = (rules..close).find(|&at| is_key(at, ".write") && is_true(at + 2))?;
    Some((script.line(below), WRITING, Severity::Medium))
}

/// `allow read, write: if true;`: <https://firebase.google.com/docs/rules/rules-language>.
fn of_service(script: &Script<'_>) -> Option<Told> {
    let allows = (0..script.tokens().len()).filter(|&at| script.is_word(at, "allow"));
    let open = allows.filter(|&at| is_unconditional(script, at));
    let told = open.filter_map(|at| {
        let writes = words(script, at)
            .any(|at| matches!(script.word(at), "write" | "create" | "update" | "delete"));
        if is_for_all_paths(script, at) {
            Some((script.line(at), EVERYTHING, Severity::High))
        } else {
            writes.then(|| (script.line(at), WRITING, Severity::Medium))
        }
    });
    told.max_by_key(|(line, _, severity)| (*severity, std::cmp::Reverse(*line)))
}

/// What is allowed.
fn words<'s>(script: &'s Script<'_>, allow: usize) -> impl Iterator<Item = usize> + 's {
    (allow + 1..allow + 16).take_while(|&at| !script.is(at, ":") && !script.is(at, ";"))
}

fn is_unconditional(script: &Script<'_>, allow: usize) -> bool {
    let end = words(script, allow).last().map_or(allow, |last| last) + 1;
    script.is(end, ";")
        || (script.is(end, ":")
            && script.is_word(end + 1, "if")
            && script.is_word(end + 2, "true")
            && (script.is(end + 3, ";") || script.is(end + 3, "}")))
}

/// Whether the block that it stands in is one for all documents, or all files: `match /{document=**} {`.
fn is_for_all_paths(script: &Script<'_>, allow: usize) -> bool {
    let blocks = (0..allow)
        .rev()
        .filter(|&at| script.is(at, "{") && script.mate(at).is_some_and(|close| close > allow));
    let head: Range<usize> = match blocks.take(1).next() {
        Some(open) => open.saturating_sub(12)..open,
        None => return false,
    };
    let start = head.clone().rev().find(|&at| script.is_word(at, "match"));
    start.is_some_and(|start| {
        let path = script.source(&(start..head.end));
        let path: String = path.split_whitespace().skip(1).collect();
        path.starts_with("/{") && path.contains("=**}") && path.matches('/').count() == 1
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(allow: &str, path: &str) -> Option<Severity> {
        let text = format!(
            "service cloud.firestore {{\n match /databases/{{database}}/documents {{\n  match {path} {{\n   {allow}\n  }}\n }}\n}}\n"
        );
        of_service(&Script::new(&text)).map(|told| told.2)
    }

    #[test]
    fn rules_for_everyone_are_told_from_others() {
        let all = "/{document=**}";
        assert_eq!(
            service("allow read, write: if true;", all),
            Some(Severity::High)
        );
        assert_eq!(service("allow read;", all), Some(Severity::High));
        assert_eq!(
            service("allow create: if true;", "/orders/{id}"),
            Some(Severity::Medium)
        );
        assert_eq!(service("allow read: if true;", "/posts/{id}"), None);
        assert_eq!(
            service("allow read, write: if request.auth != null;", all),
            None
        );
        assert_eq!(service("// allow read, write: if true;", all), None);
        let database = |text: &str| of_database(&Script::new(text)).map(|told| told.2);
        assert_eq!(
            database("{\"rules\":{\".read\":true}}"),
            Some(Severity::High)
        );
        assert_eq!(database("{\"rules\":{\".read\":\"auth != null\"}}"), None);
        assert_eq!(database("{\"rules\":{\"posts\":{\".read\":true}}}"), None);
    }
}
