//! Magento's configuration.

use crate::checks::names::{directory, join};
use crate::checks::{Check, Context, Findings};
use crate::finding::{Reach, Severity};
use crate::site::Want;
use crate::site::lex::php::Script;

pub(in crate::checks) static CHECK: Check = Check {
    id: "magento-configuration",
    code: "MAG-001",
    title: "Magento's configuration gets out, or it runs in developer mode",
    description: "app/etc/local.xml of Magento 1 is no PHP: a server that leads to it sends the password of the \
                  database and the key of everything encrypted. In developer mode visitors see errors in full.",
    severity: Severity::Medium,
    cwe: &[219, 489],
    fix: "Let the document root be pub/, refuse app/ and var/, set the mode to production, and change what got out.",
    references: &[
        "https://experienceleague.adobe.com/en/docs/commerce-operations/configuration-guide/cli/set-mode",
    ],
    wants: &[Want::name("local.xml"), Want::name("env.php")],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context.index.named("local.xml") {
        if !context.is_at(path, "app/etc/local.xml") || context.is_aside(path) {
            continue;
        }
        let verdict = context.verdict(path);
        if verdict.served().is_some() {
            let exposure = found.report(
                path,
                "The server sends the configuration, with the password of the database.",
            );
            exposure
                .severe(Severity::Critical)
                .served(&verdict)
                .exposing(path);
            exposure.reaching(verdict.reach().unwrap_or(Reach::Latent));
        }
    }
    for path in context.index.named("env.php") {
        if !context.is_at(path, "app/etc/env.php") || context.is_aside(path) {
            continue;
        }
        let Some(text) = context.files.text(path) else {
            continue;
        };
        let script = Script::new(&text);
        let mut modes = script.entries().filter(|entry| entry.key == "MAGE_MODE");
        let is_developer = |value: std::ops::Range<usize>| {
            script
                .literal(value)
                .is_some_and(|value| value.as_text() == Some("developer"))
        };
        if let Some(mode) = modes.find(|mode| is_developer(mode.value.clone())) {
            let exposure = found.report(path, "Magento runs in developer mode.");
            exposure.at_line(mode.line);
            let root = directory(directory(directory(path)));
            super::setting::judge(context, exposure, &join(root, "pub/index.php"));
        }
    }
}
