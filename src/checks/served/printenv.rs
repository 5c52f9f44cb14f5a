//! Apache's examples that print the environment: CGI scripts and pages with a directive for it.

use memchr::memmem;

use crate::checks::names::name;
use crate::checks::standing::{Standing, report, requested};
use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Severity};
use crate::site::{Software, Want};

pub(in crate::checks) static CHECK: Check = Check {
    id: "apache-printenv",
    code: "APA-018",
    title: "A CGI script or an included page prints the environment",
    description: "printenv and test-cgi are examples that come with Apache, and `<!--#printenv -->` does the same in a \
                  page. Variables of SetEnv, of the service and of the container are sent to everyone.",
    severity: Severity::High,
    cwe: &[200, 489],
    fix: "Delete the script or the page.",
    references: &[
        "https://httpd.apache.org/docs/2.4/mod/mod_include.html#element.printenv",
        "https://httpd.apache.org/docs/2.4/howto/cgi.html",
    ],
    wants: &[
        Want::text("printenv", "%env"),
        Want::text("printenv.pl", "%env"),
        Want::text(".cgi", "%env"),
        Want::text(".pl", "%env"),
        Want::text(".cgi", "printenv"),
        Want::text("printenv", "env"),
        Want::text("test-cgi", "server_software"),
        Want::text(".shtml", "#printenv"),
        Want::text(".shtm", "#printenv"),
        Want::text(".stm", "#printenv"),
    ],
    run,
};

/// Scripts by the ends of their names, and what they hold.
const SCRIPTS: &[(&str, &str)] = &[
    ("printenv", "%env"),
    ("printenv.pl", "%env"),
    (".cgi", "%env"),
    (".pl", "%env"),
    (".cgi", "printenv"),
    ("printenv", "env"),
    ("test-cgi", "server_software"),
];
/// Pages that Apache may look through for directives.
const PAGES: &[&str] = &[".shtml", ".shtm", ".stm"];

fn run(context: &Context<'_>, found: &mut Findings) {
    let scripts = SCRIPTS
        .iter()
        .flat_map(|(end, needle)| context.index.holding(end, needle));
    let mut scripts: Vec<&str> = scripts.filter(|path| !context.is_aside(path)).collect();
    scripts.sort_unstable();
    scripts.dedup();
    for path in scripts {
        let Some(line) = context
            .files
            .text(path)
            .and_then(|text| script_prints(path, &text))
        else {
            continue;
        };
        let standing = requested(context, path);
        if let Some(exposure) = report(
            found,
            &standing,
            path,
            "Whoever asks for this script gets the whole environment.",
        ) {
            exposure.at_line(line);
        }
    }
    let pages = PAGES
        .iter()
        .flat_map(|end| context.index.holding(end, "#printenv"));
    for path in pages.filter(|path| !context.is_aside(path)) {
        let text = context.files.text(path).unwrap_or_default();
        let standing = requested(context, path);
        let Some(line) = page_prints(&text).filter(|_| may_include(context, &standing)) else {
            continue;
        };
        if let Some(exposure) = report(
            found,
            &standing,
            path,
            "Whoever asks for this page gets the whole environment.",
        ) {
            exposure.at_line(line).sure(Confidence::Medium);
        }
    }
}

/// The line on which a script prints all of it, from 1.
fn script_prints(path: &str, text: &str) -> Option<u32> {
    if !text.starts_with("#!") {
        return None;
    }
    if name(path) == "test-cgi" {
        return Some(1);
    }
    let first = text.lines().next().unwrap_or_default();
    let is_shell = first.ends_with("sh");
    let loops = [
        "keys %ENV",
        "keys(%ENV",
        "each %ENV",
        "each(%ENV",
        "Dumper(\\%ENV",
        "keys (%ENV",
    ];
    let mut lines = (1..).zip(text.lines());
    let found = lines.find(|(_, line)| {
        let code = line.trim_start();
        !code.starts_with('#')
            && (loops.iter().any(|one| code.contains(one))
                || is_shell && crate::checks::shell::prints_environment(code))
    });
    found.map(|(line, _)| line)
}

/// The line of `<!--#printenv -->`, from 1.
fn page_prints(text: &str) -> Option<u32> {
    let at = memmem::find(text.as_bytes(), b"<!--#printenv")?;
    let before = memchr::memchr_iter(b'\n', &text.as_bytes()[..at]).count();
    Some(1 + u32::try_from(before).unwrap_or(u32::MAX))
}

/// Whether Apache looks through pages, as far as its configuration here says; without one, that is not known.
/// `IncludesNOEXEC` leaves this directive on.
fn may_include(context: &Context<'_>, standing: &Standing) -> bool {
    if !standing.is_surely_open() {
        return true;
    }
    let mut directives = context
        .model
        .servers()
        .iter()
        .filter(|hosted| hosted.server.software() == Software::Apache)
        .flat_map(|hosted| hosted.server.directives());
    directives.any(|directive| {
        let args = directive.args.join(" ").to_ascii_lowercase();
        let is_named = [
            "AddOutputFilter",
            "SetOutputFilter",
            "AddHandler",
            "SetHandler",
            "XBitHack",
        ]
        .iter()
        .any(|name| directive.name.eq_ignore_ascii_case(name));
        is_named
            && ["includes", "server-parsed", "on", "full"]
                .iter()
                .any(|word| args.split([' ', ';']).any(|arg| arg == *word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_that_print_all_of_it() {
        let perl = "#!/usr/bin/perl\n# keys %ENV\nforeach $v (sort(keys(%ENV))) { print; }\n";
        assert_eq!(script_prints("cgi-bin/printenv", perl), Some(3));
        assert_eq!(
            script_prints("cgi-bin/a.cgi", "#!/bin/sh\necho\nprintenv\n"),
            Some(3)
        );
        assert_eq!(
            script_prints("cgi-bin/a.cgi", "#!/bin/sh\necho $PRINTENV\n"),
            None
        );
        assert_eq!(
            script_prints("a.pl", "#!/usr/bin/perl\nprint $ENV{A}; %ENV = ();\n"),
            None
        );
        assert_eq!(page_prints("a\n<!--#printenv -->"), Some(2));
        assert_eq!(page_prints("<!--#include virtual='printenv' -->"), None);
    }
}
