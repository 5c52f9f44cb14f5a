//! `.env.bak`, `.env.production` and the like, which a server sends.

use crate::checks::standing::{Standing, report, sent};
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;

use super::files::{Kind, WANTS, with_credentials};

pub(in crate::checks) static CHECK: Check = Check {
    id: "env-variant",
    code: "ENV-002",
    title: "A copy or variant of the environment file can be fetched",
    description: "Rules that protect .env often name it exactly, and leave .env.bak, .env.production or mail.env to \
                  everyone. Bots ask for dozens of such names.",
    severity: Severity::High,
    cwe: &[219, 530],
    fix: "Delete the copy, or move it out of the document root; refuse every name that starts with `.env`, not the \
          one name.",
    references: &[
        "https://httpd.apache.org/docs/2.4/mod/core.html#filesmatch",
        "https://cwe.mitre.org/data/definitions/530.html",
    ],
    wants: WANTS,
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in with_credentials(context, &[Kind::Variant]) {
        let standing = sent(context, path);
        // Where nothing is known of servers there is nothing to say but that the credentials are there.
        if standing == Standing::NoServer {
            continue;
        }
        report(
            found,
            &standing,
            path,
            "This environment file holds credentials.",
        );
    }
}
