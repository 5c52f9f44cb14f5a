//! Environment files in git.

use crate::checks::standing::is_tracked;
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;

use super::files::{Kind, WANTS, with_credentials};

pub(in crate::checks) static CHECK: Check = Check {
    id: "env-committed",
    code: "ENV-004",
    title: "An environment file with credentials is in git",
    description: "Everyone who can read the repository, now or later, has the credentials; so has whoever finds its \
                  .git directory on a server. Deleting the file leaves it in the history.",
    severity: Severity::High,
    cwe: &[540, 312],
    fix: "Take it out with `git rm --cached`, ignore it, and change every credential in it.",
    references: &[
        "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/removing-sensitive-data-from-a-repository",
    ],
    wants: WANTS,
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in with_credentials(context, &[Kind::Plain, Kind::Variant]) {
        if is_tracked(context, path) {
            found.report(path, "git has this file with the credentials in it.");
        }
    }
}
