//! Commands that start an application of Ruby or Python as developers do, for other machines.

use crate::checks::Context;
use crate::checks::names::name;
use crate::checks::start::{Start, words};
use crate::finding::{Confidence, Severity};

/// How sure it is that a command starts for development, and so how bad.
pub(in crate::checks) struct Developed {
    pub(in crate::checks) severity: Severity,
    pub(in crate::checks) confidence: Confidence,
}

impl Developed {
    fn new(start: &Start, severity: Severity, confidence: Confidence) -> Self {
        Self {
            severity: start.severity(severity),
            confidence,
        }
    }
}

/// `rails server -b 0.0.0.0` where nothing says that it is for production. A platform that reads a Procfile says so
/// itself.
pub(in crate::checks) fn rails(context: &Context<'_>, start: &Start) -> Option<Developed> {
    let words = words(&start.command);
    let is_server = words.windows(2).any(|pair| {
        pair[0].rsplit('/').next() == Some("rails") && matches!(pair[1], "s" | "server")
    });
    let is_all = |value: &str| matches!(value, "0.0.0.0" | "::" | "[::]" | "*");
    let is_bound = words
        .windows(2)
        .any(|pair| matches!(pair[0], "-b" | "--binding") && is_all(pair[1]))
        || words.iter().any(|word| {
            let value = word.strip_prefix("--binding=").or(word.strip_prefix("-b"));
            value.is_some_and(is_all)
        });
    if !is_server || !is_bound {
        return None;
    }
    let own = words
        .windows(2)
        .find(|pair| matches!(pair[0], "-e" | "--environment"));
    let text = context.files.text(&start.file).unwrap_or_default();
    let said = own
        .map(|pair| pair[1].to_owned())
        .or_else(|| environment(&text));
    let is_elsewhere = text.contains("env_file")
        || text.contains("EnvironmentFile")
        || name(&start.file).eq_ignore_ascii_case("procfile");
    match said.as_deref() {
        Some("development") => Some(Developed::new(start, Severity::High, Confidence::High)),
        Some(_) => None,
        None if is_elsewhere => None,
        None => Some(Developed::new(start, Severity::Medium, Confidence::Medium)),
    }
}

/// What a file sets `RAILS_ENV` or `RACK_ENV` to, in whatever notation.
fn environment(text: &str) -> Option<String> {
    let at = ["RAILS_ENV", "RACK_ENV"]
        .iter()
        .find_map(|name| Some(&text[text.find(name)? + name.len()..]))?;
    let value = at.trim_start_matches(['=', ':', ' ', '"', '\'']);
    let end = value.find(|c: char| !(c.is_ascii_alphanumeric() || "${}_:-".contains(c)));
    Some(value[..end.unwrap_or(value.len())].to_owned())
}

/// `manage.py runserver 0.0.0.0:8000`; `runserver_plus` brings Werkzeug's debugger, which runs code.
pub(in crate::checks) fn django(start: &Start) -> Option<Developed> {
    let words = words(&start.command);
    let at = words
        .iter()
        .position(|word| matches!(*word, "runserver" | "runserver_plus"))?;
    let address = words[at + 1..].iter().find(|word| !word.starts_with('-'))?;
    let is_all = ["0.0.0.0", "0:", "[::]"]
        .iter()
        .any(|all| address.starts_with(all));
    let severity = if words[at] == "runserver_plus" {
        Severity::High
    } else {
        Severity::Medium
    };
    is_all.then(|| Developed::new(start, severity, Confidence::High))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environments_in_all_notations() {
        for text in [
            "ENV RAILS_ENV=production",
            "ENV RAILS_ENV production",
            "      RAILS_ENV: \"production\"",
            "Environment=\"RACK_ENV=production\"",
            "- RAILS_ENV='production'",
        ] {
            assert_eq!(environment(text).as_deref(), Some("production"), "{text}");
        }
        assert_eq!(environment("ENV A=1"), None);
    }
}
