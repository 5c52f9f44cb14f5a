//! `APA-007`: the file of passwords is sent.

use super::Context;
use crate::checks::{Check, Findings};
use crate::finding::Severity;
use crate::site::Want;

pub(in crate::checks) static CHECK: Check = Check {
    id: "apache-htpasswd",
    code: "APA-007",
    title: "The file of passwords can be fetched",
    description: "The hashes of `htpasswd` are guessed offline. Only names that start with `.ht` are refused by the \
                  usual configuration.",
    severity: Severity::High,
    cwe: &[538, 916],
    fix: "Move the file out of the document root, and change the passwords.",
    references: &["https://httpd.apache.org/docs/2.4/programs/htpasswd.html"],
    wants: &[
        Want::start(".htpasswd"),
        Want::name("htpasswd"),
        Want::end(".htpasswd"),
    ],
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let index = context.index;
    let mut files: Vec<&str> = index
        .starting(".htpasswd")
        .chain(index.named("htpasswd"))
        .collect();
    files.extend(index.ending(".htpasswd"));
    files.sort_unstable();
    files.dedup();
    for file in files {
        let verdict = context.verdict(file);
        if verdict.served().is_some() && context.files.is_file(file) {
            findings
                .report(file, "a server sends this file of user names and hashes")
                .served(&verdict);
        }
    }
}
