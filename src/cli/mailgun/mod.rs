//! `spillcheck mailgun`: what is live at the provider, and what is done about it. Glue between the client, the terminal
//! and the case file.

mod audit;
mod case;
mod change;
mod deliver;
mod keys;
mod output;
mod session;
mod smtp;
mod users;
mod verify;

use clap::error::{ContextKind, ContextValue};
use clap::{Args, Subcommand, ValueEnum};

use crate::finding::without_keys;

use super::Failure;
use super::exit::Exit;

#[derive(Debug, Subcommand)]
#[command(after_help = AFTER_HELP)]
pub(super) enum MailgunCommand {
    /// Whether a key is accepted, asked with calls that change nothing and send no mail
    Verify(verify::VerifyArgs),
    /// Every key of the account, and which of them leaked
    Keys(keys::KeysArgs),
    /// Make a key that may do no more than is needed
    CreateKey(keys::CreateKeyArgs),
    /// Delete a key, and see that it is dead
    DeleteKey(keys::DeleteKeyArgs),
    /// The SMTP logins of every domain in both regions, and which of them are left to reset
    Smtp(smtp::SmtpArgs),
    /// Give an SMTP login a new password
    ResetSmtp(smtp::ResetSmtpArgs),
    /// Delete an SMTP login that is not yours
    DeleteSmtp(smtp::LoginArgs),
    /// Whose password is older than the incident, and who has no second factor
    Users(users::UsersArgs),
    /// What an attacker may have added: routes, webhooks, keys, logins, users and more
    Audit(audit::AuditArgs),
    /// What was sent, by key or sender, address and hour
    Sends(audit::SendsArgs),
}

const AFTER_HELP: &str = "The key comes from MAILGUN_API_KEY or from a prompt, never from an argument. Each call is shown on \
standard error before it is made. Exit codes: 0 nothing is left to do; 1 something is, such as a leaked key that is live; 2 \
usage error; 3 Mailgun could not be asked; 70 internal error.";

/// What every command takes.
#[derive(Debug, Args)]
struct CommonArgs {
    /// Format of what is written to standard output
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = OutputFormat::Human)]
    format: OutputFormat,
    /// Ask for the key, even if MAILGUN_API_KEY is set
    #[arg(long)]
    ask: bool,
    /// Servers on this machine in the place of Mailgun's, for US and EU: tests only
    #[arg(long = "base-url", value_name = "URL", hide = true, num_args = 2)]
    base_urls: Vec<String>,
}

/// What a command takes that is about an account and its case.
#[derive(Debug, Args)]
struct AccountArgs {
    #[command(flatten)]
    common: CommonArgs,
    #[command(flatten)]
    case: case::CaseArgs,
}

impl AccountArgs {
    fn open(&self) -> Result<(case::Opened, session::Session), Failure> {
        let case = self.case.open()?;
        Ok((case, session::Session::open(&self.common)?))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OutputFormat {
    /// For people
    Human,
    /// One JSON object, described by schemas/mailgun-1.json
    Json,
}

pub(super) fn run(command: &MailgunCommand) -> Result<Exit, Failure> {
    match command {
        MailgunCommand::Verify(args) => verify::run(args),
        MailgunCommand::Keys(args) => keys::list(args),
        MailgunCommand::CreateKey(args) => keys::create(args),
        MailgunCommand::DeleteKey(args) => keys::delete(args),
        MailgunCommand::Smtp(args) => smtp::list(args),
        MailgunCommand::ResetSmtp(args) => smtp::reset(args),
        MailgunCommand::DeleteSmtp(args) => smtp::delete(args),
        MailgunCommand::Users(args) => users::run(args),
        MailgunCommand::Audit(args) => audit::audited(args),
        MailgunCommand::Sends(args) => audit::sent(args),
    }
}

/// The id of a key, which is shorter than any key: lists, the journal and other users of the machine see it.
fn key_id(text: &str) -> Result<String, String> {
    if text == without_keys(text) {
        return Ok(text.to_owned());
    }
    Err("this may be a key; name it by its id, which the list of keys shows: the last 17 characters of a key of today".to_owned())
}

/// A login is no secret; what has another form may be one.
fn login(text: &str) -> Result<String, String> {
    match text.split_once('@') {
        Some((local, domain)) if !local.is_empty() && !domain.is_empty() => Ok(without_keys(text)),
        _ => Err("a login has a domain: shop@mg.example.com".to_owned()),
    }
}

/// Who writes a key as an argument all the same does not get it repeated.
pub(super) fn mask(error: &mut clap::Error) {
    for kind in [
        ContextKind::InvalidArg,
        ContextKind::InvalidValue,
        ContextKind::InvalidSubcommand,
    ] {
        if let Some(ContextValue::String(text)) = error.get(kind) {
            let masked = without_keys(text);
            error.insert(kind, ContextValue::String(masked));
        }
    }
}
