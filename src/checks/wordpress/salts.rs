//! Keys and salts as WordPress comes with them.

use std::collections::BTreeSet;

use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::lex::php::{Literal, Script};

use super::config::{Constants, WANTS, configs};

const NAMES: &[&str] = &[
    "AUTH_KEY",
    "SECURE_AUTH_KEY",
    "LOGGED_IN_KEY",
    "NONCE_KEY",
    "AUTH_SALT",
    "SECURE_AUTH_SALT",
    "LOGGED_IN_SALT",
    "NONCE_SALT",
];
/// <https://github.com/WordPress/WordPress/blob/master/wp-config-sample.php>.
const SHIPPED: &str = "put your unique phrase here";

pub(in crate::checks) static CHECK: Check = Check {
    id: "wordpress-default-salts",
    code: "WP-005",
    title: "The keys of WordPress are not secret",
    description: "Cookies are signed with these keys. WordPress makes up for the shipped phrase with values in the \
                  database; empty or repeated ones let others make cookies of an administrator, who reads and \
                  changes the settings for mail.",
    severity: Severity::High,
    cwe: &[321, 1188],
    fix: "Put in the values that https://api.wordpress.org/secret-key/1.1/salt/ makes.",
    references: &[
        "https://developer.wordpress.org/advanced-administration/security/hardening/",
        "https://developer.wordpress.org/reference/functions/wp_salt/",
    ],
    wants: WANTS,
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for (config, text) in configs(context) {
        let script = Script::new(&text);
        let constants = Constants::of(&script);
        let values: Vec<(&str, String)> = NAMES
            .iter()
            .filter_map(|name| match constants.value(name)? {
                Literal::Text(text) => Some((*name, text)),
                _ => None,
            })
            .collect();
        let weak = values
            .iter()
            .find(|(_, value)| value.trim().is_empty() || value == SHIPPED);
        let distinct: BTreeSet<&String> = values.iter().map(|(_, value)| value).collect();
        let are_alike = values.len() == NAMES.len() && distinct.len() == 1;
        if let Some((name, _)) = weak {
            found
                .report(config, format!("{name} has no value of its own."))
                .at_line(constants.line(name));
        } else if are_alike {
            found
                .report(config, "All eight keys are the same.")
                .at_line(constants.line(NAMES[0]));
        }
    }
}
