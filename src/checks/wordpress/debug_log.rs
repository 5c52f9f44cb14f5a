//! `debug.log` where everyone can fetch it.

use std::collections::BTreeSet;

use crate::checks::names::join;
use crate::checks::standing::{Standing, report, sent, would_be_sent};
use crate::checks::{Check, Context, Findings};
use crate::finding::{Reason, Severity};
use crate::site::Want;
use crate::site::lex::php::{Literal, Script};

use super::config::{Constants, configs, root};

pub(in crate::checks) static CHECK: Check = Check {
    id: "wordpress-debug-log",
    code: "WP-001",
    title: "The debug log of WordPress can be fetched",
    description: "With WP_DEBUG_LOG, WordPress writes wp-content/debug.log, under the document root. Plugins for mail \
                  log their errors there, with what they sent. Bots ask for it on every site.",
    severity: Severity::High,
    cwe: &[532, 538],
    fix: "Delete the file, and give WP_DEBUG_LOG a path outside of the document root, or set WP_DEBUG to false.",
    references: &[
        "https://developer.wordpress.org/advanced-administration/debug/debug-wordpress/#wp_debug_log",
    ],
    wants: &[Want::name("wp-config.php"), Want::name("debug.log")],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    let mut told = BTreeSet::new();
    for (config, text) in configs(context) {
        let script = Script::new(&text);
        let constants = Constants::of(&script);
        if !constants.is_true("WP_DEBUG") {
            continue;
        }
        let log = match constants.value("WP_DEBUG_LOG") {
            Some(Literal::Text(path)) if path.contains('/') => {
                let Some(path) = in_tree(context, &path) else {
                    continue;
                };
                path
            }
            Some(value) if value.is_true() => join(root(config), "wp-content/debug.log"),
            _ => continue,
        };
        told.insert(log.clone());
        let standing = would_be_sent(context, &log);
        let line = constants.line("WP_DEBUG_LOG");
        let message = format!("WordPress writes its errors to `{log}`.");
        if let Some(exposure) = report(found, &standing, config, &message) {
            let directive = script.between(define_tokens(&constants, "WP_DEBUG_LOG"));
            exposure
                .at_line(line)
                .because(Reason::at(config, line, directive))
                .exposing(&log);
        }
    }
    for log in context.index.named("debug.log") {
        let is_wordpress = log == "wp-content/debug.log" || log.ends_with("/wp-content/debug.log");
        if !is_wordpress || context.is_aside(log) || told.contains(log) {
            continue;
        }
        let standing = sent(context, log);
        if matches!(standing, Standing::Open(_)) {
            report(found, &standing, log, "A debug log was left here.");
        }
    }
}

fn define_tokens(constants: &Constants<'_>, name: &str) -> std::ops::Range<usize> {
    constants
        .get(name)
        .map_or(0..0, |define| define.at..define.value.end + 1)
}

/// A server's name of a file, as the tree's, if the tree has it.
fn in_tree(context: &Context<'_>, path: &str) -> Option<String> {
    let servers = context.model.servers().iter();
    // An assumed server has the tree for all of its files, and names of its own.
    let mut known = servers.filter(|hosted| hosted.assumed.is_none());
    known.find_map(|hosted| hosted.mapping.to_tree(path))
}
