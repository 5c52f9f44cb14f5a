//! `wp-config-sample.php` with real values.

use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;
use crate::site::lex::php::Script;

const CREDENTIALS: &[&str] = &[
    "DB_PASSWORD",
    "AUTH_KEY",
    "SECURE_AUTH_KEY",
    "LOGGED_IN_KEY",
    "NONCE_KEY",
    "AUTH_SALT",
    "MAILGUN_APIKEY",
    "MAILGUN_PASSWORD",
    "WPMS_MAILGUN_API_KEY",
    "WPMS_SMTP_PASS",
];

pub(in crate::checks) static CHECK: Check = Check {
    id: "wordpress-sample-config",
    code: "WP-004",
    title: "wp-config-sample.php holds real credentials",
    description: "The sample is committed and deployed with WordPress. Someone filled it in, and copied it then.",
    severity: Severity::High,
    cwe: &[540, 798],
    fix: "Put the sample of WordPress back, and change the credentials.",
    references: &["https://developer.wordpress.org/advanced-administration/wordpress/wp-config/"],
    wants: &[Want::name("wp-config-sample.php")],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context.index.named("wp-config-sample.php") {
        let credentials = context.credentials_in(path);
        if credentials.is_empty() || context.is_aside(path) {
            continue;
        }
        let text = context.files.text(path).unwrap_or_default();
        let script = Script::new(&text);
        // What the scan takes for a credential is none of the placeholders, in whatever language.
        let real = script.defines().find(|define| {
            CREDENTIALS.contains(&define.name.as_str())
                && credentials
                    .iter()
                    .any(|credential| credential.line == u64::from(define.line))
        });
        if let Some(define) = real {
            found
                .report(path, format!("{} has a value of its own.", define.name))
                .at_line(define.line)
                .exposing(path);
        }
    }
}
