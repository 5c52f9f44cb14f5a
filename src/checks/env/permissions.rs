//! Environment files that every user of the machine can read.

use crate::checks::{Check, Context, Findings};
use crate::finding::{GitState, Severity};

use super::files::{Kind, WANTS, with_credentials};

/// Others may read.
const READ_BY_OTHERS: u32 = 0o004;

pub(in crate::checks) static CHECK: Check = Check {
    id: "env-world-readable",
    code: "ENV-008",
    title: "Every user of the machine can read an environment file",
    description: "On a host that several sites or people share, each of them can read the credentials.",
    severity: Severity::Info,
    cwe: &[276, 732],
    fix: "Let only the application's user and group read it: `chmod 640`.",
    references: &["https://cwe.mitre.org/data/definitions/732.html"],
    wants: WANTS,
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    // Where nothing says that a server reads this tree, it is somebody's own directory.
    if !context.has_servers() {
        return;
    }
    for path in with_credentials(context, &[Kind::Plain, Kind::Variant]) {
        // git gives every file that it checks out to all; that says nothing of the server.
        if (context.git)(path) != GitState::NoRepository {
            continue;
        }
        if let Some(mode) = context.files.mode(path)
            && mode & READ_BY_OTHERS != 0
        {
            found.report(path, format!("Its permissions are {:03o}.", mode & 0o777));
        }
    }
}
