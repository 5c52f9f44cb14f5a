//! `spillcheck mailgun smtp`, `reset-smtp` and `delete-smtp`

use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::exit::Exit;
use crate::cli::{Failure, say};
use crate::finding::Moment;
use crate::incident::{Action, Entry};
use crate::mailgun::smtp::Login;
use crate::mailgun::{ApiResult, domains, smtp};

use super::AccountArgs;
use super::case::Opened;
use super::change::{ChangeArgs, confirmed};
use super::deliver::DeliverArgs;
use super::output::{self, Outcome};
use super::session::Session;

#[derive(Debug, Args)]
pub(in crate::cli) struct SmtpArgs {
    #[command(flatten)]
    account: AccountArgs,
    /// A login that is yours, beside those that stand in the case file: all others are marked
    #[arg(long, value_name = "LOGIN", value_parser = super::login)]
    known: Vec<String>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct LoginArgs {
    #[command(flatten)]
    account: AccountArgs,
    #[command(flatten)]
    change: ChangeArgs,
    /// The login: shop@mg.example.com
    #[arg(value_parser = super::login)]
    login: String,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ResetSmtpArgs {
    #[command(flatten)]
    login: LoginArgs,
    /// Even if the journal of the case says that it has a new password since the incident began
    #[arg(long)]
    again: bool,
    #[command(flatten)]
    deliver: DeliverArgs,
}

/// A login of the list.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ListedLogin {
    #[serde(flatten)]
    login: Login,
    /// Whether its password was found in the scan.
    leaked: bool,
    /// Whether nobody has said that it is theirs.
    unknown: bool,
    /// When its password was reset, by the journal of the case: Mailgun does not say.
    reset: Option<Moment>,
}

/// A login that was reset or deleted.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ChangedLogin {
    /// The login.
    login: String,
}

pub(super) fn list(args: &SmtpArgs) -> Result<Exit, Failure> {
    let (mut case, session) = args.account.open()?;
    let logins = every(&session).map_err(Failure::provider)?;
    let leaked: Vec<String> = case
        .leaked_logins()
        .into_iter()
        .map(str::to_owned)
        .collect();
    let same = |login: &Login| {
        let login = login.login.clone();
        move |other: &String| other.eq_ignore_ascii_case(&login)
    };
    let listed: Vec<ListedLogin> = logins
        .into_iter()
        .map(|login| ListedLogin {
            leaked: leaked.iter().any(same(&login)),
            unknown: !login.is_of_system() && !leaked.iter().chain(&args.known).any(same(&login)),
            reset: reset_at(&case, &login),
            login,
        })
        .collect();
    let mut text = String::new();
    for entry in &listed {
        let mark = match entry {
            ListedLogin { leaked: true, .. } => "LEAKED   ",
            ListedLogin { unknown: true, .. } => "UNKNOWN  ",
            _ => "         ",
        };
        text += &format!("{mark}{}  {}", entry.login.login, entry.login.region.word());
        text += &entry
            .login
            .created
            .map_or(String::new(), |at| format!("  made {at}"));
        text += &match entry.reset {
            Some(at) => format!("  reset {at}\n"),
            None => "  not reset\n".to_owned(),
        };
    }
    finished(&mut case, &listed)?;
    let is_left = listed.iter().any(|entry| entry.reset.is_none());
    output::write(args.account.common.format, &Outcome::Smtp(listed), &text)?;
    Ok(output::exit(is_left))
}

/// Domains whose logins have all been reset are done.
fn finished(case: &mut Opened, listed: &[ListedLogin]) -> Result<(), Failure> {
    let mut domains: Vec<&str> = listed
        .iter()
        .map(|entry| entry.login.domain.as_str())
        .collect();
    domains.dedup();
    // And with the last of them, the account.
    domains.push("");
    for domain in domains {
        let mut of_domain = listed
            .iter()
            .filter(|entry| domain.is_empty() || entry.login.domain == domain);
        if of_domain.all(|entry| entry.reset.is_some())
            && case.last(Action::SmtpDomainDone, domain).is_none()
        {
            case.journal(Action::SmtpDomainDone, domain, "")?;
        }
    }
    Ok(())
}

fn reset_at(case: &Opened, login: &Login) -> Option<Moment> {
    let at = case.last(Action::SmtpReset, &login.login)?;
    Some(at).filter(|at| case.began().is_none_or(|began| *at > began))
}

pub(super) fn reset(args: &ResetSmtpArgs) -> Result<Exit, Failure> {
    let LoginArgs {
        account,
        change,
        login,
    } = &args.login;
    let (mut case, session) = account.open()?;
    let login = one(&session, login)?.ok_or_else(|| nobodys(login))?;
    let is_reset =
        |entry: &Entry| entry.action == Action::SmtpReset && entry.subject == login.login;
    if let Some(at) = reset_at(&case, &login)
        && !args.again
    {
        say(&format!(
            "{} was reset on {at}, and whatever uses it has that password: nothing was changed; add --again to do it again",
            login.login
        ));
        return Ok(Exit::Clean);
    }
    if let Some(begun) = case.cut_short((Action::SmtpResetting, &login.login), is_reset) {
        say(&format!(
            "an earlier run was ended on {} while it reset {}: Mailgun may have made a password then, which nobody has",
            begun.at, login.login
        ));
    }
    let delivery = if change.apply {
        Some(args.deliver.prepare()?)
    } else {
        None
    };
    if !confirmed(*change, &session.client, (&[login.reset()], &login.login))? {
        return Ok(Exit::Findings);
    }
    case.begins(Action::SmtpResetting, &login.login)?;
    let password = smtp::reset(&session.client, &session.key, &login).map_err(Failure::provider)?;
    let what = format!("the new password of {}", login.login);
    // The note comes last: a password that nobody was given has to be made again.
    let file = match &delivery {
        Some(delivery) => delivery.deliver(&what, &password)?,
        None => None,
    };
    case.journal(Action::SmtpReset, &login.login, "")?;
    if let Some(file) = file {
        case.journal(Action::ValueReplaced, &file.to_string_lossy(), &login.login)?;
    }
    let outcome = ChangedLogin { login: login.login };
    output::write(account.common.format, &Outcome::ResetSmtp(outcome), "")?;
    Ok(Exit::Clean)
}

pub(super) fn delete(args: &LoginArgs) -> Result<Exit, Failure> {
    let (mut case, session) = args.account.open()?;
    let is_deleted =
        |entry: &Entry| entry.action == Action::SmtpDeleted && entry.subject == args.login;
    let login = match one(&session, &args.login)? {
        Some(login) => login,
        None if case
            .cut_short((Action::SmtpDeleting, &args.login), is_deleted)
            .is_some() =>
        {
            case.journal(Action::SmtpDeleted, &args.login, "not listed any more")?;
            return deleted(args, args.login.clone());
        }
        None => return Err(nobodys(&args.login)),
    };
    if login.is_of_system() {
        return Err(Failure::usage(format!(
            "{} belongs to its domain and cannot be deleted: reset it with `spillcheck mailgun reset-smtp`",
            login.login
        )));
    }
    if !confirmed(
        args.change,
        &session.client,
        (&[login.deletion()], &login.login),
    )? {
        return Ok(Exit::Findings);
    }
    case.begins(Action::SmtpDeleting, &login.login)?;
    smtp::delete(&session.client, &session.key, &login).map_err(Failure::provider)?;
    case.journal(Action::SmtpDeleted, &login.login, "")?;
    deleted(args, login.login)
}

fn deleted(args: &LoginArgs, login: String) -> Result<Exit, Failure> {
    let text = format!("{login} is deleted\n");
    let outcome = ChangedLogin { login };
    output::write(
        args.account.common.format,
        &Outcome::DeleteSmtp(outcome),
        &text,
    )?;
    Ok(Exit::Clean)
}

/// The logins of every domain, in both regions.
fn every(session: &Session) -> ApiResult<Vec<Login>> {
    let mut all = Vec::new();
    for domain in domains(&session.client, &session.key)? {
        all.extend(smtp::logins(&session.client, &session.key, &domain)?);
    }
    Ok(all)
}

/// A login by its name.
fn one(session: &Session, name: &str) -> Result<Option<Login>, Failure> {
    let named = |login: &Login| login.login.eq_ignore_ascii_case(name);
    let all = every(session).map_err(Failure::provider)?;
    Ok(all.into_iter().find(named))
}

fn nobodys(name: &str) -> Failure {
    Failure::usage(format!(
        "{name}: no domain of the account has this login; `spillcheck mailgun smtp` lists them"
    ))
}
