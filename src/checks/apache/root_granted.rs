//! `APA-013`: the whole file system is open.

use super::{Context, has_arg, is, of_servers, reason, section};
use crate::checks::{Check, Findings};
use crate::finding::Severity;

pub(in crate::checks) static CHECK: Check = Check {
    id: "apache-root-granted",
    code: "APA-013",
    title: "Apache may send any file of the machine",
    description: "The server's own default refuses everything outside of the directories that are opened one by one. \
                  Where the root directory itself is open, one alias, rewrite or traversal too many reaches every \
                  file of the machine.",
    severity: Severity::High,
    cwe: &[552, 732],
    fix: "Write `Require all denied` into `<Directory />`, and grant the document roots only.",
    references: &["https://httpd.apache.org/docs/2.4/misc/security_tips.html#protectserverfiles"],
    wants: &[],
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    for directive in of_servers(context) {
        let is_root = directive
            .inside
            .iter()
            .any(|inside| section(inside, "directory") == Some("/"));
        let is_bare = directive.inside.iter().all(|inside| {
            ["directory", "virtualhost", "ifmodule"]
                .iter()
                .any(|name| section(inside, name).is_some())
        });
        let grants = is(&directive, "require")
            && has_arg(&directive, 0, "all")
            && has_arg(&directive, 1, "granted");
        let allows = is(&directive, "allow") && has_arg(&directive, 1, "all");
        if is_root && is_bare && (grants || allows) {
            findings
                .report(&directive.file, "`<Directory />` is open to everyone, so the refusal of all that is not a document root is gone")
                .at_line(directive.line)
                .because(reason(&directive));
        }
    }
}
