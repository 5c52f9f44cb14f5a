//! lighttpd that serves files whose names start with a dot.

use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::{Software, Want};

use super::dotted;

pub(in crate::checks) static CHECK: Check = Check {
    id: "lighttpd-dotfiles",
    code: "LIG-001",
    title: "lighttpd denies no file whose name starts with a dot",
    description: "The configuration that comes with lighttpd denies names that end in `~` or `.inc` and no others: \
                  .env and what version control leaves are files like all others.",
    severity: Severity::High,
    cwe: &[219, 538],
    fix: "Add `$HTTP[\"url\"] =~ \"/\\.(?!well-known)\" { url.access-deny = ( \"\" ) }` with mod_access loaded.",
    references: &["https://redmine.lighttpd.net/projects/lighttpd/wiki/Mod_access"],
    wants: &[
        Want::name("lighttpd.conf"),
        Want::start(".env"),
        Want::name(".git"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    dotted(context, Software::Lighttpd, found);
}
