//! `spillcheck mailgun keys`, `create-key` and `delete-key`

use std::env;

use clap::{Args, ValueEnum};
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::exit::Exit;
use crate::cli::{Failure, say};
use crate::incident::{Action, Entry};
use crate::mailgun::{ApiKey, KeyRow, NewKey, keys};

use super::AccountArgs;
use super::case::Opened;
use super::change::{ChangeArgs, confirmed};
use super::deliver::DeliverArgs;
use super::output::{self, Outcome};
use super::session::Session;

/// Where a leaked key may stand, so that its death can be seen.
const LEAKED: &str = "MAILGUN_LEAKED_KEY";
/// The provider's clock and this one may be apart so many seconds.
const CLOCKS_DIFFER: i64 = 300;

#[derive(Debug, Args)]
pub(in crate::cli) struct KeysArgs {
    #[command(flatten)]
    account: AccountArgs,
    /// The id of a key that leaked, beside those of the case file
    #[arg(long, value_name = "ID", value_parser = super::key_id)]
    leaked: Vec<String>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct CreateKeyArgs {
    #[command(flatten)]
    account: AccountArgs,
    #[command(flatten)]
    change: ChangeArgs,
    #[command(flatten)]
    deliver: DeliverArgs,
    /// What the key may do: no more than the application needs
    #[arg(long, value_enum, default_value_t = Role::Sending)]
    role: Role,
    /// The domain that the key may send for
    #[arg(long, value_name = "DOMAIN", required_if_eq("role", "sending"))]
    domain: Option<String>,
    /// What the list of keys calls it
    #[arg(long, value_name = "TEXT", default_value = "made by spillcheck")]
    description: String,
    /// After how many days the key ends by itself
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u64).range(1..=3650))]
    expires: Option<u64>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct DeleteKeyArgs {
    #[command(flatten)]
    account: AccountArgs,
    #[command(flatten)]
    change: ChangeArgs,
    /// The id of the key, as the list of keys shows it
    #[arg(value_parser = super::key_id)]
    id: String,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Role {
    /// Everything
    Admin,
    /// Everything but keys, users and billing
    Developer,
    /// Reads
    Basic,
    /// Sends, for one domain
    Sending,
}

/// A key of the list.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ListedKey {
    /// Whether it is one of those that leaked.
    leaked: bool,
    #[serde(flatten)]
    row: KeyRow,
}

/// What became of a key that was deleted.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct DeletedKey {
    /// Its id.
    id: String,
    /// Whether Mailgun lists it no more and, where the key itself was at hand, accepts it no more.
    dead: bool,
}

pub(super) fn list(args: &KeysArgs) -> Result<Exit, Failure> {
    let (mut case, session) = args.account.open()?;
    let rows = keys::list(&session.client, &session.key).map_err(Failure::provider)?;
    let mut leaked: Vec<String> = case.leaked_keys().into_iter().map(str::to_owned).collect();
    leaked.extend(args.leaked.iter().cloned());
    let listed: Vec<ListedKey> = rows
        .into_iter()
        .map(|row| ListedKey {
            leaked: leaked.contains(&row.id),
            row,
        })
        .collect();
    let mut text = String::new();
    for key in &listed {
        let mark = if key.leaked { "LEAKED  " } else { "        " };
        text += &format!("{mark}{}\n", line(&key.row));
    }
    for id in &leaked {
        let is_listed = listed.iter().any(|key| key.row.id == *id);
        let action = if is_listed {
            Action::KeyAlive
        } else {
            Action::KeyDead
        };
        case.journal(action, id, if is_listed { "listed" } else { "not listed" })?;
        if !is_listed {
            text += &format!("{id} leaked and is not listed any more\n");
        }
    }
    let is_left = listed.iter().any(|key| key.leaked);
    output::write(args.account.common.format, &Outcome::Keys(listed), &text)?;
    Ok(output::exit(is_left))
}

pub(super) fn create(args: &CreateKeyArgs) -> Result<Exit, Failure> {
    let (mut case, session) = args.account.open()?;
    let new = NewKey {
        role: args.role.word().to_owned(),
        domain: args.domain.clone(),
        description: args.description.clone(),
        expires_in: args.expires.map(|days| days * 86_400),
    };
    for file in case.open_ways() {
        say(&format!(
            "{file} is still open: close it first, or the new key leaks as the old one did"
        ));
    }
    let word = args.domain.as_deref().unwrap_or(args.role.word());
    refuse_a_second(&case, &session, (&new, word))?;
    let requests = [new.creation()];
    let delivery = if args.change.apply {
        Some(args.deliver.prepare()?)
    } else {
        None
    };
    if !confirmed(args.change, &session.client, (&requests, word))? {
        return Ok(Exit::Findings);
    }
    case.begins(Action::KeyCreating, word)?;
    let (row, secret) =
        keys::create(&session.client, &session.key, &new).map_err(Failure::provider)?;
    let what = format!("the new key {}", row.id);
    // The note comes last: a key that nobody was given is not one that was made.
    let file = match &delivery {
        Some(delivery) => delivery.deliver(&what, secret.secret())?,
        None => None,
    };
    case.journal(Action::KeyCreated, &row.id, &row.role)?;
    if let Some(file) = file {
        case.journal(Action::ValueReplaced, &file.to_string_lossy(), &row.id)?;
    }
    say(&format!("made: {}", line(&row)));
    output::write(args.account.common.format, &Outcome::CreateKey(row), "")?;
    Ok(Exit::Clean)
}

/// A run that was ended while it made a key leaves one that nobody has: another one would be one too many.
fn refuse_a_second(
    case: &Opened,
    session: &Session,
    (new, word): (&NewKey, &str),
) -> Result<(), Failure> {
    let is_made = |entry: &Entry| entry.action == Action::KeyCreated;
    let Some(begun) = case.cut_short((Action::KeyCreating, word), is_made) else {
        return Ok(());
    };
    let since = begun.at.plus(-CLOCKS_DIFFER);
    let is_it = |row: &KeyRow| {
        row.created_at.is_some_and(|at| at >= since)
            && (&row.role, &row.description) == (&new.role, &new.description)
            && row.domain_name == new.domain
            && !case.has_made(&row.id)
    };
    let rows = keys::list(&session.client, &session.key).map_err(Failure::provider)?;
    match rows.iter().find(|row| is_it(row)) {
        Some(row) => Err(Failure::usage(format!(
            "an earlier run was ended on {} while it made a key, and {} was made then: nobody has its value; delete it with \
             `spillcheck mailgun delete-key {} --apply`, then make another one",
            begun.at, row.id, row.id
        ))),
        None => Ok(()),
    }
}

pub(super) fn delete(args: &DeleteKeyArgs) -> Result<Exit, Failure> {
    let (mut case, session) = args.account.open()?;
    if session.key.id() == Some(&args.id) {
        return Err(Failure::usage(format!(
            "{} is the key that this call would be made with; make a new one, set MAILGUN_API_KEY to it, and delete the \
             old one with that",
            args.id
        )));
    }
    let rows = keys::list(&session.client, &session.key).map_err(Failure::provider)?;
    if rows.iter().any(|row| row.id == args.id) {
        if !confirmed(
            args.change,
            &session.client,
            (&[keys::deletion(&args.id)], &args.id),
        )? {
            return Ok(Exit::Findings);
        }
        case.begins(Action::KeyDeleting, &args.id)?;
        keys::delete(&session.client, &session.key, &args.id).map_err(Failure::provider)?;
        case.journal(Action::KeyDeleted, &args.id, "")?;
    } else if case.knows_key(&args.id) {
        say(&format!(
            "{} is not listed any more: there is nothing to delete",
            args.id
        ));
    } else {
        return Err(Failure::usage(format!(
            "{}: the account lists no key with this id; `spillcheck mailgun keys` lists them",
            args.id
        )));
    }
    let old = env::var(LEAKED)
        .ok()
        .and_then(|text| ApiKey::new(&text).ok());
    let old = old.filter(|old| old.id().is_none_or(|id| id == args.id));
    let dead = keys::is_dead(&session.client, &session.key, (&args.id, old.as_ref()))
        .map_err(Failure::provider)?;
    let action = if dead {
        Action::KeyDead
    } else {
        Action::KeyAlive
    };
    case.journal(
        action,
        &args.id,
        if old.is_some() {
            "asked with the key itself"
        } else {
            "by the list"
        },
    )?;
    let text = match (dead, old.is_some()) {
        (true, true) => format!(
            "{} is dead: Mailgun neither lists nor accepts it\n",
            args.id
        ),
        (true, false) => format!(
            "{} is not listed any more; with the old key in {LEAKED}, this says as well whether it is still accepted\n",
            args.id
        ),
        (false, _) => format!(
            "{} is STILL ALIVE: look again with `spillcheck mailgun keys`\n",
            args.id
        ),
    };
    let outcome = DeletedKey {
        id: args.id.clone(),
        dead,
    };
    output::write(
        args.account.common.format,
        &Outcome::DeleteKey(outcome),
        &text,
    )?;
    Ok(output::exit(!dead))
}

impl Role {
    fn word(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Developer => "developer",
            Self::Basic => "basic",
            Self::Sending => "sending",
        }
    }
}

/// A key in a line.
pub(super) fn line(row: &KeyRow) -> String {
    let mut parts = vec![row.id.clone(), row.kind.clone(), row.role.clone()];
    parts.extend(row.domain_name.clone());
    parts.extend(row.created_at.map(|at| format!("made {at}")));
    parts.extend(row.requestor.as_ref().map(|who| format!("by {who}")));
    parts.extend(row.expires_at.map(|at| format!("ends {at}")));
    if row.is_disabled {
        parts.push("disabled".to_owned());
    }
    if !row.description.is_empty() {
        parts.push(format!("\"{}\"", row.description));
    }
    parts.join("  ")
}
