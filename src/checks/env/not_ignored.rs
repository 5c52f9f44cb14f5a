//! Environment files that the next `git add` takes in.

use crate::checks::{Check, Context, Findings};
use crate::finding::{GitState, Severity};

use super::files::{Kind, WANTS, with_credentials};

pub(in crate::checks) static CHECK: Check = Check {
    id: "env-not-ignored",
    code: "ENV-005",
    title: "No ignore rule keeps an environment file out of git",
    description: "The file is not committed yet, and nothing stops `git add .` from committing it. The .gitignore of \
                  many frameworks names .env and misses its copies.",
    severity: Severity::Medium,
    cwe: &[540],
    fix: "Add `.env*` and `!.env.example` to .gitignore.",
    references: &["https://git-scm.com/docs/gitignore"],
    wants: WANTS,
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in with_credentials(context, &[Kind::Plain, Kind::Variant]) {
        if (context.git)(path) == GitState::Untracked {
            found.report(
                path,
                "This file holds credentials, and no ignore rule names it.",
            );
        }
    }
}
