//! `spillcheck mailgun audit` and `sends`

use std::collections::BTreeMap;

use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::Failure;
use crate::cli::exit::Exit;
use crate::finding::Moment;
use crate::incident::Action;
use crate::mailgun::{Region, Sends, audit, keys, sends};

use super::AccountArgs;
use super::output::{self, Outcome};

/// Without a known beginning, so many seconds back: two weeks.
const BACK: i64 = 14 * 86_400;

#[derive(Debug, Args)]
pub(in crate::cli) struct AuditArgs {
    #[command(flatten)]
    account: AccountArgs,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct SendsArgs {
    #[command(flatten)]
    account: AccountArgs,
    /// The id of a key that leaked, beside those of the case file
    #[arg(long, value_name = "ID", value_parser = super::key_id)]
    leaked: Vec<String>,
}

/// What was sent since the incident began.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct SentSince {
    /// Since when.
    from: Moment,
    /// By hour and sender.
    groups: Vec<FlaggedSends>,
    /// Regions whose log was longer than what was read.
    cut: Vec<Region>,
}

/// Messages of one sender, and what is wrong with it.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct FlaggedSends {
    #[serde(flatten)]
    sends: Sends,
    /// Why it should be looked at.
    suspect: Option<&'static str>,
}

pub(super) fn audited(args: &AuditArgs) -> Result<Exit, Failure> {
    let (mut case, session) = args.account.open()?;
    let began = case.began();
    let found = audit(&session.client, &session.key, began);
    let mut text = String::new();
    for item in &found.items {
        let mark = if item.suspect.is_some() {
            "LOOK  "
        } else {
            "      "
        };
        text += &format!("{mark}{}: {}", item.area, item.name);
        let region = item.region.map(|region| region.word().to_owned());
        let made = item.created.map(|at| format!("made {at}"));
        let parts = [
            Some(item.detail.clone()),
            region,
            made,
            item.suspect.clone(),
        ];
        for part in parts.into_iter().flatten().filter(|part| !part.is_empty()) {
            text += &format!("  {part}");
        }
        text.push('\n');
    }
    for what in &found.unlisted {
        text += &format!("not listed: {what}\n");
    }
    if began.is_none() {
        text += "when the incident began is not known, so that nothing can be called new: add --since TIME\n";
    }
    let suspects = found
        .items
        .iter()
        .filter(|item| item.suspect.is_some())
        .count();
    if found.items.is_empty() {
        output::write(args.account.common.format, &Outcome::Audit(found), &text)?;
        return Ok(Exit::Incomplete);
    }
    let is_left = suspects > 0 || !found.unlisted.is_empty();
    let left = format!("{suspects} to look at, {} not listed", found.unlisted.len());
    // Only a list with nothing left to look at says that the step is done.
    case.journal(Action::Audited, if is_left { &left } else { "" }, "")?;
    output::write(args.account.common.format, &Outcome::Audit(found), &text)?;
    Ok(output::exit(is_left))
}

pub(super) fn sent(args: &SendsArgs) -> Result<Exit, Failure> {
    let (mut case, session) = args.account.open()?;
    let now = Moment::now();
    // Somewhat before: what was usual shows what is not.
    let from = case
        .began()
        .map_or(now.plus(-BACK), |began| began.plus(-86_400));
    let log = sends(&session.client, &session.key, (from, now)).map_err(Failure::provider)?;
    let known = keys::list(&session.client, &session.key).map_err(Failure::provider)?;
    let leaked: Vec<String> = case
        .leaked_keys()
        .into_iter()
        .map(str::to_owned)
        .chain(args.leaked.iter().cloned())
        .collect();
    let groups: Vec<FlaggedSends> = log
        .groups
        .into_iter()
        .map(|sends| {
            let is_leaked = leaked.contains(&sends.sender);
            let is_gone = sends.is_key && !known.iter().any(|row| row.id == sends.sender);
            let suspect = match (is_leaked, is_gone) {
                (true, _) => Some("sent with a key that leaked"),
                (false, true) => Some("sent with a key that is not listed any more"),
                (false, false) => None,
            };
            FlaggedSends { sends, suspect }
        })
        .collect();
    let mut text = String::new();
    let mut totals: BTreeMap<&str, u64> = BTreeMap::new();
    for group in &groups {
        let Sends {
            hour,
            sender,
            address,
            domain,
            region,
            count,
            ..
        } = &group.sends;
        let mark = if group.suspect.is_some() {
            "LOOK  "
        } else {
            "      "
        };
        text += &format!(
            "{mark}{hour}  {count:>6}  {sender}  {address}  {domain}  {}",
            region.word()
        );
        text += &group
            .suspect
            .map_or("\n".to_owned(), |why| format!("  {why}\n"));
        *totals.entry(sender).or_default() += count;
    }
    for region in &log.cut {
        text += &format!(
            "{}: the log is longer than what was read; name a later time with --since\n",
            region.word()
        );
    }
    for id in &leaked {
        let sent = totals.get(id.as_str()).copied().unwrap_or_default();
        case.journal(
            Action::SendsListed,
            id,
            &format!("{sent} messages since {from}"),
        )?;
    }
    let is_left = groups.iter().any(|group| group.suspect.is_some());
    let outcome = SentSince {
        from,
        groups,
        cut: log.cut,
    };
    output::write(args.account.common.format, &Outcome::Sends(outcome), &text)?;
    Ok(output::exit(is_left))
}
