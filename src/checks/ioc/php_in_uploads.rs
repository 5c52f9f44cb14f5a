//! PHP where visitors' files go.

use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::lex::php::Script;

use super::{code, served, walk};

pub(in crate::checks) static CHECK: Check = Check {
    id: "ioc-php-in-uploads",
    code: "WP-010",
    title: "PHP in a directory for uploads",
    description: "Uploaded files are images and documents. A script among them is most often one that an attacker \
                  uploaded; where the server runs it, everything on the server is theirs.",
    severity: Severity::High,
    cwe: &[434, 506],
    fix: "Look at the script, delete it if it is not yours, and let the server run no PHP in directories for uploads.",
    references: &["https://developer.wordpress.org/advanced-administration/security/hardening/"],
    wants: walk::WANTS,
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in walk::uploaded(context)
        .iter()
        .filter(|path| walk::is_php(path))
    {
        let Some(text) = context.files.text(path) else {
            continue;
        };
        // `<?php // Silence is golden.` and the like keep a directory from being listed.
        if code::is_inert(&text) {
            continue;
        }
        let acts = !code::signs(&text).is_empty() || code::acts(&Script::new(&text));
        let what = if acts {
            "takes input and acts on it"
        } else {
            "is a script"
        };
        let exposure = found.report(path, format!("A file in a directory for uploads {what}."));
        if !acts {
            exposure.severe(Severity::Medium);
        }
        served::add(context, exposure, path);
    }
}
