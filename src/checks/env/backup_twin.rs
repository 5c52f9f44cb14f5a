//! What editors and people leave beside a file with credentials: `config.php~`, `.settings.py.swp`, `db.ini.bak`.

use crate::checks::cms::config_twin;
use crate::checks::names::{directory, join, name};
use crate::checks::standing::{report, sent};
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;

use super::files::kind_of;

/// How a swap file of vim starts: <https://github.com/vim/vim/blob/master/src/memline.c>.
const VIM_SWAP: &[u8] = b"b0VIM ";

const COPIES: &[&str] = &[
    "~", ".bak", ".old", ".orig", ".save", ".backup", ".copy", ".1", "_bak", ".sav", ".rej",
];
const SWAPS: &[&str] = &[".swp", ".swo", ".swn"];

pub(in crate::checks) static CHECK: Check = Check {
    id: "env-backup-twin",
    code: "ENV-009",
    title: "A backup or swap file with credentials can be fetched",
    description: "A server runs config.php and sends config.php~ as it is. Editors and people leave such copies \
                  beside the file, and bots ask for them.",
    severity: Severity::High,
    cwe: &[530, 540],
    fix: "Delete the copy, refuse names that end in `~`, `.bak`, `.swp` and the like, and change the credentials.",
    references: &[
        "https://owasp.org/www-project-web-security-testing-guide/stable/4-Web_Application_Security_Testing/02-Configuration_and_Deployment_Management_Testing/04-Review_Old_Backup_and_Unreferenced_Files_for_Sensitive_Information",
    ],
    wants: &[
        Want::end("~"),
        Want::end(".bak"),
        Want::end(".old"),
        Want::end(".orig"),
        Want::end(".save"),
        Want::end(".backup"),
        Want::end(".copy"),
        Want::end(".1"),
        Want::end("_bak"),
        Want::end(".sav"),
        Want::end(".rej"),
        Want::end(".swp"),
        Want::end(".swo"),
        Want::end(".swn"),
        Want::start("#"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context.own_files() {
        let Some(twin) = Twin::of(path) else { continue };
        let has_another_check = kind_of(path).is_some()
            || twin.original.starts_with("wp-config")
            || config_twin::knows(&twin.original);
        if has_another_check || !twin.holds_credentials(context, path) {
            continue;
        }
        let message = format!(
            "It is a copy of `{}` with credentials in it.",
            twin.original
        );
        let standing = sent(context, path);
        if let Some(exposure) = report(found, &standing, path, &message) {
            exposure.exposing(path);
        }
    }
}

struct Twin {
    original: String,
    is_swap: bool,
}

impl Twin {
    fn of(path: &str) -> Option<Self> {
        let name = name(path);
        let lower = name.to_ascii_lowercase();
        if let Some(end) = SWAPS.iter().find(|end| lower.ends_with(**end)) {
            let original = name[..name.len() - end.len()].strip_prefix('.')?;
            return Some(Self {
                original: original.to_owned(),
                is_swap: true,
            });
        }
        let original = match COPIES.iter().find(|end| lower.ends_with(**end)) {
            Some(end) => &name[..name.len() - end.len()],
            None => name.strip_prefix('#')?.strip_suffix('#')?,
        };
        (!original.is_empty()).then(|| Self {
            original: original.to_owned(),
            is_swap: false,
        })
    }

    /// In a swap file the lines stand in another order and are found less well: those of the original count.
    fn holds_credentials(&self, context: &Context<'_>, path: &str) -> bool {
        let has_some = |path: &str| !context.credentials_in(path).is_empty();
        if !self.is_swap {
            return has_some(path);
        }
        let bytes = context.files.read(path);
        bytes.is_some_and(|bytes| bytes.starts_with(VIM_SWAP))
            && (has_some(path) || has_some(&join(directory(path), &self.original)))
    }
}
