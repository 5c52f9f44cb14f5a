//! Errors of WordPress on its pages.

use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::lex::php::Script;

use super::config::{Constants, WANTS, configs};

pub(in crate::checks) static CHECK: Check = Check {
    id: "wordpress-debug-display",
    code: "WP-002",
    title: "WordPress shows errors on its pages",
    description: "With WP_DEBUG, and WP_DEBUG_DISPLAY not set to false, every visitor reads paths, queries and \
                  arguments.",
    severity: Severity::Medium,
    cwe: &[209, 215],
    fix: "Set WP_DEBUG to false, or WP_DEBUG_DISPLAY to false.",
    references: &[
        "https://developer.wordpress.org/advanced-administration/debug/debug-wordpress/#wp_debug_display",
    ],
    wants: WANTS,
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for (config, text) in configs(context) {
        let script = Script::new(&text);
        let constants = Constants::of(&script);
        let is_hidden = match constants.get("WP_DEBUG_DISPLAY") {
            None => false,
            // A value that is worked out may well be false.
            Some(_) => !constants.is_true("WP_DEBUG_DISPLAY"),
        };
        let is_turned_off = script.settings().any(|(name, value, _)| {
            name == "display_errors" && value.is_some_and(|value| !value.is_true())
        });
        if constants.is_true("WP_DEBUG") && !is_hidden && !is_turned_off {
            found
                .report(config, "WP_DEBUG is on, and errors are shown.")
                .at_line(constants.line("WP_DEBUG"));
        }
    }
}
