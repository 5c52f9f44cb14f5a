//! `.DS_Store`: the Finder's notes on a folder, sent to whoever asks for them.

use super::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::{Want, ds_store};

pub(super) static CHECK: Check = Check {
    id: "php-ds-store",
    code: "PHP-010",
    title: "A .DS_Store that names files is served",
    description: "The Finder of macOS writes a .DS_Store into every folder that it shows. It names all files that were in \
                  it, also those to which no page links: backups, dumps, configuration.",
    severity: Severity::Low,
    cwe: &[538, 548],
    fix: "Delete the file, keep it out of what is deployed, and let the server refuse all names that start with a dot.",
    references: &[
        "https://metacpan.org/dist/Mac-Finder-DSStore/view/DSStoreFormat.pod",
        "https://owasp.org/www-project-web-security-testing-guide/stable/4-Web_Application_Security_Testing/02-Configuration_and_Deployment_Management_Testing/04-Review_Old_Backup_and_Unreferenced_Files_for_Sensitive_Information",
    ],
    wants: &[Want::name(NAME)],
    run,
};

const NAME: &str = ".ds_store";
/// How many names a message tells.
const MAX_TOLD: usize = 5;
/// Endings of files that nobody links to.
const ENDINGS: &[&str] = &[
    ".sql", ".sqlite", ".db", ".dump", ".bak", ".old", ".orig", ".save", ".swp", ".zip", ".tar",
    ".tgz", ".gz", ".7z", ".rar", ".pem", ".key", ".pfx", ".p12", ".log", ".env", ".kdbx", ".ovpn",
    "~",
];
/// Beginnings of such.
const STARTS: &[&str] = &[
    ".env",
    ".git",
    ".svn",
    ".ht",
    ".aws",
    ".ssh",
    "id_rsa",
    "id_ed25519",
    "wp-config",
    "backup",
    "dump",
    "phpinfo",
    "adminer",
];

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context
        .index
        .named(NAME)
        .filter(|path| !context.is_aside(path))
    {
        let verdict = context.verdict(path);
        if verdict.served().is_none() {
            continue;
        }
        let Some(names) = context
            .files
            .read(path)
            .and_then(|bytes| ds_store::names(&bytes))
        else {
            continue;
        };
        let names: Vec<String> = names.into_iter().filter(|name| name != ".").collect();
        if names.is_empty() {
            continue;
        }
        let telling: Vec<&str> = names
            .iter()
            .map(String::as_str)
            .filter(|name| is_telling(name))
            .collect();
        let exposure = found.report(path, message(names.len(), &telling));
        exposure.severe(if telling.is_empty() {
            Severity::Low
        } else {
            Severity::Medium
        });
        exposure.served(&verdict);
    }
}

fn is_telling(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ENDINGS.iter().any(|ending| name.ends_with(ending))
        || STARTS.iter().any(|start| name.starts_with(start))
}

fn message(count: usize, telling: &[&str]) -> String {
    let files = if count == 1 {
        "1 file".to_owned()
    } else {
        format!("{count} files")
    };
    if telling.is_empty() {
        return format!("It tells the names of {files}.");
    }
    // A name comes from the file as it is; what it may hold besides letters is for no terminal.
    let shown: Vec<String> = telling
        .iter()
        .take(MAX_TOLD)
        .map(|name| name.escape_debug().to_string())
        .collect();
    let more = telling.len().saturating_sub(MAX_TOLD);
    let rest = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!(
        "It tells the names of {files}, among them {}{rest}.",
        shown.join(", ")
    )
}
