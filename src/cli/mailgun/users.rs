//! `spillcheck mailgun users`

use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::Failure;
use crate::cli::exit::Exit;
use crate::incident::Action;
use crate::mailgun::{Duty, User, users};

use super::AccountArgs;
use super::output::{self, Outcome};

#[derive(Debug, Args)]
pub(in crate::cli) struct UsersArgs {
    #[command(flatten)]
    account: AccountArgs,
}

/// A user and what is left to do.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ListedUser {
    #[serde(flatten)]
    user: User,
    /// Whether the password was set since the incident began.
    password: Duty,
    /// Whether a second factor is asked for.
    second_factor: Duty,
}

pub(super) fn run(args: &UsersArgs) -> Result<Exit, Failure> {
    let (mut case, session) = args.account.open()?;
    let users = users(&session.client, &session.key).map_err(Failure::provider)?;
    let began = case.began();
    let listed: Vec<ListedUser> = users
        .into_iter()
        .map(|user| ListedUser {
            password: user.password(began),
            second_factor: user.second_factor(),
            user,
        })
        .collect();
    let active = || listed.iter().filter(|entry| !entry.user.is_disabled);
    let passwords = active().all(|entry| entry.password == Duty::Done);
    let factors = active().all(|entry| entry.second_factor == Duty::Done);
    let detail = format!("{} users", active().count());
    if passwords {
        case.journal(Action::PasswordsChanged, "", &detail)?;
    }
    if factors {
        case.journal(Action::TwoFactorOn, "", &detail)?;
    }
    let mut text: String = listed.iter().map(line).collect();
    if began.is_none() {
        text += "when the incident began is not known, so that no password can be called new: add --since TIME\n";
    }
    output::write(args.account.common.format, &Outcome::Users(listed), &text)?;
    Ok(output::exit(!passwords || !factors))
}

fn line(entry: &ListedUser) -> String {
    let user = &entry.user;
    if user.is_disabled {
        return format!("{}  {}  disabled\n", user.email, user.role);
    }
    let set = user
        .password_set
        .map_or("at an unknown time".to_owned(), |at| at.to_string());
    let password = match entry.password {
        Duty::Open => format!("PASSWORD IS OLD, set {set}"),
        Duty::ByHand if user.is_sinch => "password: look in Sinch ID by hand".to_owned(),
        Duty::Done | Duty::ByHand => format!("password set {set}"),
    };
    let factor = match entry.second_factor {
        Duty::Done => "two factors",
        Duty::Open => "NO SECOND FACTOR",
        Duty::ByHand => "second factor: look in Sinch ID by hand",
    };
    format!("{}  {}  {password}  {factor}\n", user.email, user.role)
}
