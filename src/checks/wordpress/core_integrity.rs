//! Files of WordPress that are not as they were shipped.

use crate::checks::names::{directory, join};
use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Severity};
use crate::input::MAX_READ;
use crate::site::{Checksums, Want};

pub(in crate::checks) static CHECK: Check = Check {
    id: "wordpress-core-integrity",
    code: "WP-014",
    title: "A file of WordPress is not the one that was shipped",
    description: "Nobody changes WordPress itself but an update, and nobody else puts files into wp-admin and \
                  wp-includes. Those who broke in do both: a changed file sends passwords away at each login, and \
                  a new one between hundreds of others is not noticed. What was shipped is known from a list that \
                  is given with `--wordpress-checksums`; without one nothing is compared.",
    severity: Severity::Medium,
    cwe: &[506, 353],
    fix: "Look at the difference, keep the file for the investigation, and put the shipped one in its place: \
          `wp core download --force --skip-content --version=…`.",
    references: &[
        "https://developer.wordpress.org/cli/commands/core/verify-checksums/",
        "https://codex.wordpress.org/WordPress.org_API#Checksums",
    ],
    wants: &[Want::name("wp-load.php")],
    run,
};

/// Directories that hold nothing else.
const WHOLE: &[&str] = &["wp-admin", "wp-includes"];

/// Files that people change or delete, and that are no code of a site.
const LOOSE: &[&str] = &["readme.html", "license.txt", "wp-config-sample.php"];

/// More files are not looked for in these directories.
const MAX_FILES: usize = 20_000;

/// So many files are reported one by one.
const MAX_REPORTED: usize = 20;

fn run(context: &Context<'_>, found: &mut Findings) {
    let Some(list) = context.checksums else {
        return;
    };
    for load in context.index.named("wp-load.php") {
        if !context.is_aside(load) {
            compare(context, found, (list, directory(load)));
        }
    }
}

fn compare(context: &Context<'_>, found: &mut Findings, (list, root): (&Checksums, &str)) {
    let mut compared = 0;
    let mut changed = Vec::new();
    for path in list.paths().filter(|path| !LOOSE.contains(path)) {
        let file = join(root, path);
        let is_changed = match context.files.read(&file) {
            Some(bytes) => !list.is_as_shipped(path, &bytes),
            // No file of WordPress is that long.
            None if context.files.len(&file).is_some_and(|len| len > MAX_READ) => true,
            None => continue,
        };
        compared += 1;
        if is_changed {
            changed.push(file);
        }
    }
    if changed.len() > MAX_REPORTED && changed.len() * 2 > compared {
        let message = format!(
            "{} of {compared} files are not those of the list: it is probably of another version.",
            changed.len()
        );
        found
            .report(&join(root, "wp-includes/version.php"), message)
            .severe(Severity::Low)
            .sure(Confidence::Low);
        return;
    }
    report(
        found,
        &changed,
        "It is not as it was shipped with WordPress.",
    );
    let (unknown, is_all) = unknown(context, list, root);
    if !is_all {
        let message = format!(
            "It and wp-includes hold more than {MAX_FILES} files: the others were not compared."
        );
        found.report(&join(root, "wp-admin"), message);
    }
    report(found, &unknown, "WordPress ships no such file.");
}

/// Code in the directories of WordPress that is not in the list, and whether all of them were looked at.
fn unknown(context: &Context<'_>, list: &Checksums, root: &str) -> (Vec<String>, bool) {
    let mut open: Vec<String> = WHOLE.iter().map(|name| (*name).to_owned()).collect();
    let mut unknown = Vec::new();
    let mut seen = 0;
    while let Some(at) = open.pop() {
        for name in context.files.list(&join(root, &at)) {
            seen += 1;
            let path = join(&at, &name);
            let file = join(root, &path);
            if seen > MAX_FILES {
                return (unknown, false);
            }
            if context.files.is_directory(&file) {
                open.push(path);
            } else if is_code(&name) && !list.lists(&path) {
                unknown.push(file);
            }
        }
    }
    unknown.sort();
    (unknown, true)
}

/// What a server runs, or is told by.
fn is_code(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let ends = [".php", ".phtml", ".phar", ".php5", ".php7", ".inc", ".js"];
    ends.iter().any(|end| lower.ends_with(end)) || matches!(&*lower, ".htaccess" | ".user.ini")
}

fn report(found: &mut Findings, files: &[String], message: &str) {
    for file in files.iter().take(MAX_REPORTED) {
        found.report(file, message);
    }
    if let Some(next) = files.get(MAX_REPORTED) {
        let more = files.len() - MAX_REPORTED;
        found.report(
            next,
            format!("{message} So it is with {more} files in all from here on."),
        );
    }
}
