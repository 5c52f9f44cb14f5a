//! Mails that are logged, not sent.

use crate::checks::dotenv::DotEnv;
use crate::checks::standing::would_be_sent;
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;

use super::app::{WANTS, apps};

pub(in crate::checks) static CHECK: Check = Check {
    id: "laravel-mail-log",
    code: "LAR-013",
    title: "Mails of a public site are written to the log",
    description: "With the mailer `log` every mail stands in laravel.log, with the links by which passwords are set \
                  anew. It is made for development.",
    severity: Severity::Medium,
    cwe: &[532],
    fix: "Set MAIL_MAILER to the mailer that sends, and empty the log.",
    references: &["https://laravel.com/docs/master/mail#mail-and-local-development"],
    wants: WANTS,
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for app in apps(context) {
        let env = DotEnv::new(&app.env);
        let mailer = ["MAIL_MAILER", "MAIL_DRIVER"]
            .iter()
            .find_map(|name| env.get(name));
        let Some(mailer) = mailer.filter(|mailer| mailer.value == "log" && env.is_public()) else {
            continue;
        };
        let log = app.file("storage/logs/laravel.log");
        let exposure = found.report(&app.file(".env"), "Every mail is written to the log.");
        exposure.at_line(mailer.line);
        if !would_be_sent(context, &log).is_open() {
            exposure.severe(Severity::Low);
        }
    }
}
