//! Credentials that editors and deployment tools keep in files of their own.

use crate::checks::standing::{is_tracked, report, sent};
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;

/// Names that say it all.
const NAMES: &[&str] = &[
    "sftp-config.json",
    ".ftpconfig",
    ".ftppass",
    "ftpsync.settings",
    ".remote-sync.json",
    "filezilla.xml",
    "sitemanager.xml",
    ".netrc",
    "_netrc",
    ".msmtprc",
    ".esmtprc",
    ".s3cfg",
    ".dockercfg",
    ".git-credentials",
    ".pgpass",
    ".my.cnf",
];
/// Names that mean it in their directories only.
const PLACED: &[(&str, &str)] = &[
    (".vscode", "sftp.json"),
    (".idea", "webservers.xml"),
    (".idea", "datasources.xml"),
    (".idea", "deployment.xml"),
    (".aws", "credentials"),
    (".docker", "config.json"),
];

pub(in crate::checks) static CHECK: Check = Check {
    id: "env-deploy-credentials",
    code: "ENV-010",
    title: "The credentials of an editor or a deployment tool lie in the tree",
    description: "Such files hold the login of the server itself, or of a registry. With them in git or under a \
                  document root, others can change the site.",
    severity: Severity::High,
    cwe: &[522, 538],
    fix: "Take the file out of the tree, ignore it, and change the credentials in it.",
    references: &[
        "https://getcomposer.org/doc/articles/authentication-for-private-packages.md",
        "https://cwe.mitre.org/data/definitions/538.html",
    ],
    wants: &[
        Want::name("sftp-config.json"),
        Want::name(".ftpconfig"),
        Want::name(".ftppass"),
        Want::name("ftpsync.settings"),
        Want::name(".remote-sync.json"),
        Want::name("filezilla.xml"),
        Want::name("sitemanager.xml"),
        Want::name(".netrc"),
        Want::name("_netrc"),
        Want::name(".msmtprc"),
        Want::name(".esmtprc"),
        Want::name(".s3cfg"),
        Want::name(".dockercfg"),
        Want::name(".git-credentials"),
        Want::name(".pgpass"),
        Want::name(".my.cnf"),
        Want::name("sftp.json"),
        Want::name("webservers.xml"),
        Want::name("datasources.xml"),
        Want::name("deployment.xml"),
        Want::name("credentials"),
        Want::name("config.json"),
        Want::name("auth.json"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for (path, credentials) in context.credentials {
        if credentials.is_empty() || context.is_aside(path) || !is_one(path) {
            continue;
        }
        let standing = sent(context, path);
        if standing.is_open() {
            report(found, &standing, path, "It holds credentials.");
        } else if is_tracked(context, path) {
            found.report(path, "git has this file with the credentials in it.");
        }
    }
}

fn is_one(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let (directory, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let folder = directory.rsplit('/').next().unwrap_or_default();
    NAMES.contains(&name)
        || PLACED.contains(&(folder, name))
        // Composer's own stands beside composer.json.
        || name == "auth.json"
}
