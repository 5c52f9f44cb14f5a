//! Files of Symfony that servers send.

use std::collections::BTreeSet;

use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, GitState, Reach, Severity};
use crate::site::Want;

pub(in crate::checks) static CHECK: Check = Check {
    id: "symfony-files",
    code: "SYM-004",
    title: "Symfony's parameters, logs or the key of its secrets get out",
    description: "parameters.yml has the passwords of database and mail server, the logs have whatever went wrong, and \
                  with the private key everybody reads the vault of secrets in the repository.",
    severity: Severity::High,
    cwe: &[219, 538],
    fix: "Let the server's document root be public/ or web/, keep the private key out of git, and change what got out.",
    references: &[
        "https://symfony.com/doc/current/setup/web_server_configuration.html",
        "https://symfony.com/doc/current/configuration/secrets.html",
    ],
    wants: &[
        Want::name("parameters.yml"),
        Want::name("parameters.yaml"),
        Want::end(".decrypt.private.php"),
        Want::name("prod.log"),
        Want::name("dev.log"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    let parameters = ["parameters.yml", "parameters.yaml"];
    let parameters = parameters.iter().flat_map(|name| context.index.named(name));
    let logs = ["prod.log", "dev.log"];
    let logs = logs.iter().flat_map(|name| context.index.named(name));
    let logs = logs.filter(|path| {
        ["logs", "log"]
            .iter()
            .any(|folder| context.is_in(path, folder))
    });
    let all: BTreeSet<&str> = parameters.chain(logs).collect();
    for path in all.into_iter().filter(|path| !context.is_aside(path)) {
        let verdict = context.verdict(path);
        if verdict.served().is_some() {
            let has_secrets = !context.credentials_in(path).is_empty();
            let reach = verdict.reach().unwrap_or(Reach::Latent);
            let exposure = found.report(path, "The server sends this file.");
            exposure.served(&verdict).exposing(path).reaching(reach);
            if !has_secrets {
                exposure.severe(Severity::Medium);
            }
        }
    }
    for path in context
        .index
        .ending(".decrypt.private.php")
        .filter(|path| !context.is_aside(path))
    {
        let is_production = context.is_in(path, "secrets/prod");
        if is_production && (context.git)(path) == GitState::Tracked {
            let message =
                "The private key of the secrets for production is in git, next to what it opens.";
            found.report(path, message).sure(Confidence::High);
        }
    }
}
