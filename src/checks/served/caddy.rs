//! Caddy that serves files whose names start with a dot.

use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::{Software, Want};

use super::dotted;

pub(in crate::checks) static CHECK: Check = Check {
    id: "caddy-dotfiles",
    code: "CAD-001",
    title: "Caddy's file server hides no file whose name starts with a dot",
    description: "Caddy's file server sends every file but the Caddyfile itself: .env and what version control \
                  leaves are files like all others.",
    severity: Severity::High,
    cwe: &[219, 538],
    fix: "Serve a directory that holds nothing but what everyone may have, and add `hide .*` to `file_server`.",
    references: &["https://caddyserver.com/docs/caddyfile/directives/file_server#hide"],
    wants: &[
        Want::start("caddyfile"),
        Want::start(".env"),
        Want::name(".git"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    dotted(context, Software::Caddy, found);
}
