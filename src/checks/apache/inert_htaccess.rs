//! `APA-003`: a `.htaccess` file refuses what the server sends all the same.

use super::{Context, has_arg, is, reason};
use crate::checks::{Check, Findings};
use crate::finding::Severity;
use crate::site::{
    Apache, Defaults, Directive, Mapped, Mapping, Pair, Request, Server as _, Verdict, Want, apache,
};

pub(in crate::checks) static CHECK: Check = Check {
    id: "apache-inert-htaccess",
    code: "APA-003",
    title: "A `.htaccess` file has no effect",
    description: "The file refuses requests, and nobody listens: another server answers, `AllowOverride None` holds, \
                  `RewriteEngine On` is missing, or a condition skips the rules. What it was to protect can be fetched.",
    severity: Severity::High,
    cwe: &[552, 1188],
    fix: "Put the rule into the configuration of the server that answers, or let `AllowOverride` take the file into account.",
    references: &["https://httpd.apache.org/docs/2.4/mod/core.html#allowoverride"],
    wants: &[Want::name(".htaccess")],
    run,
};

/// So many files beside it are compared.
const MAX_FILES: usize = 200;

fn run(context: &Context<'_>, findings: &mut Findings) {
    if !context.has_servers() {
        return;
    }
    let files = context
        .index
        .named(".htaccess")
        .filter(|file| !context.is_aside(file));
    for file in files.take(super::MAX_FILES) {
        let Some(text) = context.files.text(file) else {
            continue;
        };
        let directives = apache::directives(file, &text);
        let Some(refusal) = directives.iter().find(|directive| refuses(directive)) else {
            continue;
        };
        look(context, file, refusal, findings);
    }
}

/// What is refused if the file counts, and sent as things are.
fn look(context: &Context<'_>, file: &str, refusal: &Directive, findings: &mut Findings) {
    let directory = file.rsplit_once('/').map_or("", |(directory, _)| directory);
    // What the author had in mind: the file counts, with all modules that it asks for.
    let mapping = Mapping::new([Pair {
        server: "/site".to_owned(),
        tree: directory.to_owned(),
    }]);
    let files = Mapped::new(context.files, &mapping);
    let meant = Apache::load(
        &[],
        &files,
        &Defaults::debian().with_root("/site").as_meant(),
    );
    let mut open = Vec::new();
    for name in beside(context, directory) {
        let asked = format!("/{name}");
        if meant.answer(0, &Request::of(&asked), &files).verdict != Verdict::Denied {
            continue;
        }
        let path = if directory.is_empty() {
            name
        } else {
            format!("{directory}/{name}")
        };
        let verdict = context.verdict(&path);
        if verdict.served().is_some() {
            open.push((path, verdict));
        }
    }
    let Some((path, verdict)) = open.first() else {
        return;
    };
    let more = match open.len() - 1 {
        0 => String::new(),
        more => format!(" and {more} more files"),
    };
    let found = findings.report(
        file,
        format!("this file refuses {path}{more}, and a server sends it all the same"),
    );
    found
        .at_line(refusal.line)
        .because(reason(refusal))
        .served(verdict);
    for (path, _) in open
        .iter()
        .filter(|(path, _)| !context.credentials_in(path).is_empty())
    {
        found.exposing(path);
    }
}

/// Files in the directory and those right below it; the files of servers themselves do not count.
fn beside(context: &Context<'_>, directory: &str) -> Vec<String> {
    let below = |name: &str| match directory {
        "" => name.to_owned(),
        directory => format!("{directory}/{name}"),
    };
    let mut found = Vec::new();
    for name in context.files.list(directory) {
        if context.files.is_file(&below(&name)) {
            found.push(name);
        } else if name == ".git" || !name.starts_with('.') {
            let inner = context.files.list(&below(&name));
            let inner = inner.into_iter().map(|inner| format!("{name}/{inner}"));
            found.extend(inner.filter(|name| context.files.is_file(&below(name))));
        }
        if found.len() > MAX_FILES {
            break;
        }
    }
    let is_name = |name: &String| {
        name.bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"%?#".contains(&byte))
    };
    found.retain(|name| {
        is_name(name)
            && !name
                .rsplit('/')
                .next()
                .unwrap_or_default()
                .starts_with(".ht")
    });
    found
}

fn refuses(directive: &Directive) -> bool {
    let flags = directive
        .args
        .last()
        .map(|flags| flags.to_ascii_uppercase())
        .unwrap_or_default();
    let flags: Vec<&str> = flags
        .trim_matches(['[', ']'])
        .split(',')
        .map(str::trim)
        .collect();
    let by_rule = is(directive, "rewriterule")
        && flags
            .iter()
            .any(|flag| matches!(*flag, "F" | "FORBIDDEN" | "G" | "GONE" | "R=404" | "R=403"));
    let by_redirect = (is(directive, "redirectmatch") || is(directive, "redirect"))
        && ["403", "404", "410", "gone"]
            .iter()
            .any(|status| has_arg(directive, 0, status));
    let by_require =
        is(directive, "require") && has_arg(directive, 0, "all") && has_arg(directive, 1, "denied");
    let by_deny = is(directive, "deny") && has_arg(directive, 1, "all");
    by_rule || by_redirect || by_require || by_deny
}
