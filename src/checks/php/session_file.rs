//! Sessions of PHP under the document root.

use crate::checks::standing::{report, sent};
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;

pub(in crate::checks) static CHECK: Check = Check {
    id: "php-session-file",
    code: "PHP-012",
    title: "Sessions can be fetched",
    description: "The name of the file is the session: who knows it is logged in as someone else, and changes the \
                  settings for mail as an administrator.",
    severity: Severity::Medium,
    cwe: &[552, 538],
    fix: "Set `session.save_path` to a directory outside of the document root.",
    references: &["https://www.php.net/manual/en/session.configuration.php#ini.session.save-path"],
    wants: &[Want::start("sess_")],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context.index.starting("sess_") {
        let id = path.rsplit("sess_").next().unwrap_or_default();
        // As `session.sid_length` and `session.sid_bits_per_character` allow.
        let is_id = id.len() >= 22
            && id
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b',' | b'-'));
        let standing = sent(context, path);
        if is_id && standing.is_open() && !context.is_aside(path) {
            report(found, &standing, path, "This is the session of a visitor.");
        }
    }
}
