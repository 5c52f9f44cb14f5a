//! The steps of Mailgun's procedure for compromised accounts, and how far each has got.
//!
//! <https://help.mailgun.com/hc/en-us/articles/360012008114>: investigate, delete and replace API keys, reset SMTP
//! credentials, reset users' passwords, turn on two-factor authentication, report.

use crate::finding::{Moment, Reach};

use super::case::{Case, Cause, Credential};
use super::journal::{Action, Entry};

/// What is to be done, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What the case file calls it: `key:1a2b3c4d-5e6f7a8b`.
    pub id: String,
    /// Which step of the procedure it belongs to.
    pub number: u8,
    /// What to do, in a sentence.
    pub title: String,
    /// How, in order.
    pub how: Vec<String>,
    /// How far it has got.
    pub state: State,
}

/// How far a step has got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It is done.
    Done {
        /// When.
        at: Moment,
        /// Who says so, and what.
        by: String,
    },
    /// It is to be done.
    Open,
    /// It would be done in vain now.
    Blocked(String),
}

impl State {
    /// Whether it is done.
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Done { .. })
    }
}

const KEYS: &str = "app.mailgun.com > Account settings > API security";
const SMTP: &str =
    "app.mailgun.com > Send > Sending > Domain settings > SMTP credentials, in the domain's region";
const USERS: &str = "app.mailgun.com > Account settings > Account users";

impl Case {
    /// All steps, with their state.
    pub fn steps(&self) -> Vec<Step> {
        let mut steps: Vec<Step> = self
            .causes_to_close()
            .map(|cause| self.close(cause))
            .collect();
        steps.extend(
            self.of_provider("mailgun")
                .into_iter()
                .filter(|found| !is_smtp(found))
                .map(|key| self.key(key)),
        );
        steps.extend(self.smtp());
        steps.push(self.plain(
            (4, "passwords"),
            "Reset the password of every user of the account",
            &[
                USERS,
                "Reset password for each user: the link in the mail is valid for 20 minutes; users who sign in with Sinch ID \
                 do it there.",
                "`spillcheck mailgun users` says whose is older than the incident.",
            ],
            Some(Action::PasswordsChanged),
        ));
        steps.push(self.plain(
            (5, "two-factor"),
            "Turn on two-factor authentication for every user",
            &[
                "app.mailgun.com > Profile > Security, as each user; required for all in Account settings > Security",
                "`spillcheck mailgun users` says who has none.",
            ],
            Some(Action::TwoFactorOn),
        ));
        steps.push(self.plain(
            (5, "review"),
            "Look for what an attacker added",
            &[
                "Keys, SMTP users, account users, routes, webhooks, domains, subaccounts and IP allowlist entries that nobody \
                 of yours made: delete them.",
                "`spillcheck mailgun audit` lists them; webhooks of the whole account it cannot list: app.mailgun.com > Send > \
                 Webhooks shows them.",
            ],
            Some(Action::Audited),
        ));
        let others = self
            .credentials
            .iter()
            .filter(|found| !found.provider.eq_ignore_ascii_case("mailgun"));
        steps.extend(
            others
                .filter(|found| found.reach.is_out())
                .map(|found| self.other(found)),
        );
        steps.push(self.plain(
            (6, "hosting"),
            "Tell the hosting provider, and whoever hosts the repository",
            &["Ask whether their own systems were broken into, and what their logs show."],
            None,
        ));
        steps.push(self.report());
        steps
    }

    /// Ways that lead out.
    fn causes_to_close(&self) -> impl Iterator<Item = &Cause> {
        self.answer
            .causes
            .iter()
            .filter(|cause| cause.reach >= Reach::Likely)
    }

    fn close(&self, cause: &Cause) -> Step {
        let id = close_id(cause);
        let state = match cause.closed {
            Some(at) => State::Done {
                at,
                by: "the tree, looked at again".to_owned(),
            },
            None => self.attested(&id, self.looked()).unwrap_or(State::Open),
        };
        let mut how: Vec<String> = cause.fix.iter().cloned().collect();
        how.push("`spillcheck respond --check` looks again.".to_owned());
        let mut title = format!("Close the way out: {} ({})", cause.file, cause.class);
        let is_same = |other: &&Cause| (&other.file, &other.class) == (&cause.file, &cause.class);
        if self.causes_to_close().filter(is_same).count() > 1 {
            title = format!("{title}: {}", cause.summary);
        }
        Step {
            title,
            id,
            number: 1,
            how,
            state,
        }
    }

    /// Why a credential cannot be replaced yet: the new one would leave by the same way.
    fn blocked(&self, credential: &Credential) -> Option<State> {
        let open = self.causes_to_close().find(|cause| {
            let is_open = !self.close(cause).state.is_done();
            is_open && cause.credentials.contains(&credential.fingerprint)
        })?;
        Some(State::Blocked(format!(
            "{} still lets it out ({}): close the exposure first, or the new one leaks too",
            open.file, open.class
        )))
    }

    fn key(&self, key: &Credential) -> Step {
        let name = key.key_id.as_deref().unwrap_or(&key.fingerprint);
        let id = format!("key:{name}");
        let mut how = match &key.key_id {
            Some(id) => vec![
                format!("{KEYS}: the row with the id {id}"),
                format!(
                    "`spillcheck mailgun create-key` makes another one, and `spillcheck mailgun delete-key {id}` deletes \
                     this one and sees that it is dead."
                ),
            ],
            None => vec![format!(
                "{KEYS}: `spillcheck mailgun keys` lists the ids of all keys"
            )],
        };
        how.extend(key.rotate_steps.iter().cloned());
        Step {
            title: match &key.key_id {
                Some(id) => format!("Delete the {} with the id {id}, and replace it", key.title),
                None => format!(
                    "Delete the {} in {}, and replace it",
                    key.title,
                    first_place(key)
                ),
            },
            number: 2,
            how,
            state: self.blocked(key).unwrap_or_else(|| self.deleted(name, &id)),
            id,
        }
    }

    /// The last that was seen of a key counts, and what a person says counts only after that.
    fn deleted(&self, name: &str, id: &str) -> State {
        let last = self.journal.iter().rev().find(|entry| {
            let says = [Action::KeyDead, Action::KeyDeleted, Action::KeyAlive];
            says.contains(&entry.action) && entry.subject == name
        });
        match last {
            Some(entry) if entry.action != Action::KeyAlive => done(entry),
            alive => self
                .attested(id, alive.map(|entry| entry.at))
                .unwrap_or(State::Open),
        }
    }

    fn smtp(&self) -> Vec<Step> {
        let domains = self.domains("mailgun");
        let step = |id: String, title: String, subject: &str| {
            let logins = self
                .of_provider("mailgun")
                .into_iter()
                .filter(|found| is_smtp(found));
            let blocked = logins.into_iter().find_map(|found| self.blocked(found));
            let state = blocked
                .or_else(|| self.recorded(Action::SmtpDomainDone, subject))
                .or_else(|| self.attested(&id, None))
                .unwrap_or(State::Open);
            Step {
                title,
                number: 3,
                how: vec![
                    SMTP.to_owned(),
                    "Reset the password of every login, and delete logins that nobody of yours made.".to_owned(),
                    "`spillcheck mailgun smtp` lists them; `spillcheck mailgun reset-smtp LOGIN` and `delete-smtp LOGIN` do it."
                        .to_owned(),
                ],
                state,
                id,
            }
        };
        let mut steps: Vec<Step> = domains
            .iter()
            .map(|domain| {
                step(
                    format!("smtp:{domain}"),
                    format!("Reset every SMTP login of {domain}"),
                    domain,
                )
            })
            .collect();
        steps.push(step(
            "smtp".to_owned(),
            "Reset the SMTP logins of every other domain of the account, in both regions (US and EU)".to_owned(),
            "",
        ));
        steps
    }

    fn other(&self, found: &Credential) -> Step {
        let id = format!("other:{}", found.fingerprint);
        let how = std::iter::once(found.rotate.clone()).chain(found.rotate_steps.iter().cloned());
        let how = how
            .chain(found.rotate_urls.iter().cloned())
            .filter(|line| !line.is_empty());
        Step {
            title: format!(
                "Replace what got out with it: {} ({})",
                found.title,
                first_place(found)
            ),
            number: 6,
            how: how.collect(),
            state: self
                .blocked(found)
                .or_else(|| self.attested(&id, None))
                .unwrap_or(State::Open),
            id,
        }
    }

    fn plain(
        &self,
        (number, id): (u8, &str),
        title: &str,
        how: &[&str],
        action: Option<Action>,
    ) -> Step {
        let recorded = action.and_then(|action| self.recorded(action, ""));
        Step {
            id: id.to_owned(),
            number,
            title: title.to_owned(),
            how: how.iter().map(|&line| line.to_owned()).collect(),
            state: recorded
                .or_else(|| self.attested(id, None))
                .unwrap_or(State::Open),
        }
    }

    /// Written is not sent: only a person knows that it was.
    fn report(&self) -> Step {
        let written = self.journal.iter().rev();
        let written = written
            .into_iter()
            .find(|entry| entry.action == Action::Reported);
        let how = match written {
            Some(entry) => format!(
                "{} was written on {}: paste it into the ticket about the account.",
                entry.subject, entry.at
            ),
            None => "`spillcheck investigate --report md=report.md` writes it; paste it into the ticket about the account."
                .to_owned(),
        };
        self.plain(
            (6, "report"),
            "Send the report to Mailgun Support",
            &[&how],
            None,
        )
    }

    /// When the tree was looked at last.
    fn looked(&self) -> Option<Moment> {
        let looks = [Action::Investigated, Action::Checked];
        let mut newest = self.journal.iter().rev();
        let look = newest.find(|entry| looks.contains(&entry.action))?;
        Some(look.at)
    }

    fn recorded(&self, action: Action, subject: &str) -> Option<State> {
        self.last(action, subject).map(done)
    }

    /// What a person said. What they said before something else was seen does not count.
    fn attested(&self, id: &str, seen: Option<Moment>) -> Option<State> {
        let said = self.attested.get(id)?;
        if seen.is_some_and(|seen| said.at < seen) {
            return None;
        }
        let by = if said.note.is_empty() {
            "attested".to_owned()
        } else {
            format!("attested: {}", said.note)
        };
        Some(State::Done { at: said.at, by })
    }
}

/// The same for the same way, in whatever order the ways come.
fn close_id(cause: &Cause) -> String {
    match &cause.check {
        Some(check) => format!("close:{check}:{}", cause.file),
        None => format!("close:{}", cause.file),
    }
}

fn done(entry: &Entry) -> State {
    State::Done {
        at: entry.at,
        by: entry.by.clone(),
    }
}

fn is_smtp(found: &Credential) -> bool {
    found.rule.contains("smtp") || found.login.is_some()
}

fn first_place(found: &Credential) -> String {
    found.places.first().map_or_else(String::new, |place| {
        format!("{}:{}", place.file, place.line)
    })
}

#[cfg(test)]
mod tests;
