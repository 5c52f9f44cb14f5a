//! Copies of configuration files under names that no server runs.

use std::collections::BTreeSet;

use crate::checks::names::name;
use crate::checks::secrets::all_of;
use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Reach, Severity};
use crate::input::Kind;
use crate::site::Want;

pub(in crate::checks) static CHECK: Check = Check {
    id: "cms-config-twin",
    code: "GEN-001",
    title: "A copy of a configuration file that the server sends as text",
    description: "A server runs configuration.php and sends nothing of it. A copy called configuration.php.bak or \
                  configuration.php~ it sends as it is, with the passwords of database and mail.",
    severity: Severity::Critical,
    cwe: &[530, 538],
    fix: "Delete the copy, and change every credential that is in it.",
    references: &[
        "https://owasp.org/www-project-web-security-testing-guide/stable/4-Web_Application_Security_Testing/02-Configuration_and_Deployment_Management_Testing/04-Review_Old_Backup_and_Unreferenced_Files_for_Sensitive_Information",
    ],
    wants: &[
        Want::start("configuration.php"),
        Want::start(".configuration.php."),
        Want::start("settings.php"),
        Want::start(".settings.php"),
        Want::start("settings.inc.php"),
        Want::start("settings.old.php"),
        Want::start("env.php"),
        Want::start("local.xml"),
        Want::start("localconfiguration.php"),
        Want::start("config.php"),
        Want::start(".config.php."),
        Want::start("config.inc.php"),
        Want::start("dbconn.php"),
        Want::start("common.inc.php"),
        Want::start("parameters.php"),
        Want::start("parameters.yml"),
        Want::start("database.php"),
        Want::start("app_local.php"),
        Want::start("main-local.php"),
        Want::start("db.php"),
        Want::start("conn.php"),
        Want::start("connect.php"),
        Want::start("local.php"),
    ],
    run,
};

/// Configuration files: Joomla, Drupal, PrestaShop, Magento, TYPO3, OpenCart and Moodle, phpMyAdmin, Bitrix, DedeCMS,
/// Symfony, CodeIgniter, CakePHP, Yii, and what people call theirs. WordPress has a check of its own.
const FILES: &[&str] = &[
    "configuration.php",
    "settings.php",
    "settings.inc.php",
    "env.php",
    "local.xml",
    "localconfiguration.php",
    "config.php",
    "config.inc.php",
    "dbconn.php",
    "common.inc.php",
    "parameters.php",
    "parameters.yml",
    "database.php",
    "app_local.php",
    "main-local.php",
    "db.php",
    "conn.php",
    "connect.php",
    "local.php",
];

/// What people and editors put behind a name.
const ENDS: &[&str] = &[
    "~",
    ".bak",
    ".back",
    ".backup",
    ".old",
    ".orig",
    ".original",
    ".save",
    ".sav",
    ".copy",
    ".tmp",
    ".txt",
    ".1",
    ".2",
    ".swp",
    ".swo",
    "_bak",
    "_old",
    "_backup",
    "-bak",
    "-old",
    "-backup",
    ".dist",
    ".inc",
    ".new",
    ".prod",
    ".live",
    "_",
    ".zip",
    ".gz",
    ".tar.gz",
    ".rej",
    ".html",
];

/// Whether this check knows a file of this name.
pub(in crate::checks) fn knows(name: &str) -> bool {
    FILES.iter().any(|file| name.eq_ignore_ascii_case(file))
}

fn run(context: &Context<'_>, found: &mut Findings) {
    let files = context.index.all().filter(|(_, kind)| *kind == Kind::File);
    let twins: BTreeSet<&str> = files
        .map(|(path, _)| path)
        .filter(|path| is_twin(name(path)) && !context.is_aside(path))
        .collect();
    for path in twins {
        let credentials = all_of(context, path);
        let verdict = context.verdict(path);
        let is_served = verdict.served().is_some();
        if credentials.is_empty() && (!is_served || name(path).ends_with(".dist")) {
            continue;
        }
        let exposure = if is_served {
            let exposure = found.report(
                path,
                "The server sends this copy of a configuration file as text.",
            );
            exposure
                .served(&verdict)
                .reaching(verdict.reach().unwrap_or(Reach::Latent));
            exposure
        } else if !context.has_servers() {
            let message = "Servers send this copy of a configuration file as text, if it is under a document root.";
            found
                .report(path, message)
                .sure(Confidence::Medium)
                .severe(Severity::Medium)
        } else {
            continue;
        };
        if credentials.is_empty() {
            exposure.severe(Severity::Medium);
        } else {
            exposure.exposing(path);
        }
    }
}

/// `configuration.php.bak`, `.configuration.php.swp`, `settings.old.php` is run and so none.
fn is_twin(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let bare = match lower.strip_prefix('.') {
        Some(hidden) if hidden.ends_with(".swp") || hidden.ends_with(".swo") => hidden,
        _ => lower.as_str(),
    };
    FILES.iter().any(|file| {
        bare.strip_prefix(file)
            .is_some_and(|end| ENDS.contains(&end))
    })
}

#[cfg(test)]
mod tests {
    use super::is_twin;

    #[test]
    fn copies_are_told_from_files_that_run() {
        for twin in [
            "configuration.php.bak",
            "Configuration.php~",
            ".settings.php.swp",
            "env.php_old",
            "local.xml.txt",
        ] {
            assert!(is_twin(twin), "{twin}");
        }
        for other in [
            "configuration.php",
            "configuration.phpx",
            "settings.old.php",
            "config.php.twig",
            "database.php.stub",
        ] {
            assert!(!is_twin(other), "{other}");
        }
    }
}
