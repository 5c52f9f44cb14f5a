//! `APA-016`: `.env` is refused by name, and `.git` is not.

use super::overlay::Overlay;
use super::{Context, servers};
use crate::checks::{Check, Findings};
use crate::finding::{Reason, Severity};
use crate::site::{FileVerdict, Verdict};

pub(in crate::checks) static CHECK: Check = Check {
    id: "apache-git-not-denied",
    code: "APA-016",
    title: "A rule protects `.env`, and leaves `.git` open",
    description: "`<Files>` and `<FilesMatch>` see the last part of a name only, so that a rule on names with a dot \
                  lets `.git/config` through. A repository that is deployed by `git clone` can then be fetched whole.",
    severity: Severity::Low,
    cwe: &[527, 538],
    fix: "Refuse every path with a dot: `RewriteRule \"(^|/)\\.(?!well-known)\" - [F]`, or `RedirectMatch 404 \"/\\.(?!well-known)\"`.",
    references: &["https://httpd.apache.org/docs/2.4/mod/core.html#filesmatch"],
    wants: &[],
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    for hosted in servers(context) {
        for host in hosted.server.hosts() {
            let root = host
                .root
                .as_ref()
                .and_then(|root| hosted.mapping.to_tree(root));
            let Some(root) = root else {
                continue;
            };
            let ask = |name: &str| {
                let name = match &*root {
                    "" => name.to_owned(),
                    root => format!("{root}/{name}"),
                };
                let files = Overlay {
                    files: context.files,
                    name: name.clone(),
                };
                context.model.look_up(&name, &files)
            };
            let Some(rule) = refusal(&ask(".env")) else {
                continue;
            };
            let other = ask(".git/config");
            if other.served().is_some() {
                let file = rule.file.clone().unwrap_or_default();
                let found = findings.report(
                    &file,
                    "this keeps .env in; /.git/config would be sent if it were there",
                );
                found.line = rule.line;
                found.because(rule).served(&other);
            }
        }
    }
}

/// The rule that refuses a file.
fn refusal(verdict: &FileVerdict) -> Option<Reason> {
    let worst = verdict
        .worst()
        .filter(|url| url.verdict == Verdict::Denied)?;
    worst
        .because
        .iter()
        .rev()
        .find(|reason| reason.file.is_some())
        .cloned()
}
