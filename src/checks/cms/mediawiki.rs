//! MediaWiki that shows errors, queries or its log to everyone.

use crate::checks::cms::setting::{assigned, judge};
use crate::checks::names::{directory, join};
use crate::checks::standing::{report, would_be_sent};
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;
use crate::site::lex::php::{Kind, Script};

pub(in crate::checks) static CHECK: Check = Check {
    id: "mediawiki-debug",
    code: "MW-001",
    title: "MediaWiki's debugging is on",
    description: "Details of exceptions, queries and the debugging toolbar are shown to everyone who reads the wiki, and \
                  the debugging log holds cookies, queries and paths: in the document root it is read as any file.",
    severity: Severity::Medium,
    cwe: &[209, 489, 532],
    fix: "Delete these settings from LocalSettings.php, and let $wgDebugLogFile lie outside of the document root.",
    references: &[
        "https://www.mediawiki.org/wiki/Manual:How_to_debug",
        "https://www.mediawiki.org/wiki/Manual:$wgDebugLogFile",
    ],
    wants: &[Want::name("localsettings.php")],
    run,
};

/// What shows more than pages, if it is on.
const SHOWING: &[&str] = &[
    "$wgShowExceptionDetails",
    "$wgShowDBErrorBacktrace",
    "$wgShowSQLErrors",
    "$wgShowDebug",
    "$wgDebugToolbar",
];

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context.index.named("localsettings.php") {
        let Some(text) = context.files.text(path).filter(|_| !context.is_aside(path)) else {
            continue;
        };
        let script = Script::new(&text);
        let on = SHOWING.iter().find_map(|name| {
            let (line, value) = assigned(&script, name)?;
            value.is_true().then_some((name, line))
        });
        if let Some((name, line)) = on {
            let exposure = found.report(path, format!("{name} is on, for everyone."));
            exposure.at_line(line);
            judge(context, exposure, &join(directory(path), "index.php"));
        }
        log(context, found, path, &script);
    }
}

/// `$wgDebugLogFile = "$IP/images/debug.log";`
fn log(context: &Context<'_>, found: &mut Findings, path: &str, script: &Script<'_>) {
    let set = (0..script.tokens().len()).find(|&at| {
        script.is(at, Kind::Variable)
            && script.written(at) == "$wgDebugLogFile"
            && script.is_operator(at + 1, "=")
    });
    let Some(at) = set else { return };
    let inside = match script.written(at + 2) {
        "$IP" | "__DIR__" if script.is_operator(at + 3, ".") => script.written(at + 4),
        template => template.trim_start_matches('"').trim_start_matches("$IP"),
    };
    let inside = inside.trim_matches(['"', '\'']);
    let Some(inside) = inside
        .strip_prefix('/')
        .filter(|_| script.written(at + 2).contains("IP") || script.written(at + 2) == "__DIR__")
    else {
        return;
    };
    let file = join(directory(path), inside);
    let standing = would_be_sent(context, &file);
    let message = format!("The debugging log is written to {inside}, beside the pages.");
    if let Some(exposure) = report(found, &standing, path, &message) {
        exposure.at_line(script.line(at)).exposing(&file);
    }
}
