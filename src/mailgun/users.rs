//! Who may log in to the control panel.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::finding::Moment;

use super::client::Client;
use super::error::ApiResult;
use super::hosts::Region;
use super::key::ApiKey;
use super::page;
use super::request::Request;
use super::when;

/// A user of the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct User {
    /// The address that the user logs in with.
    pub email: String,
    /// The name.
    pub name: String,
    /// `admin`, `developer`, `basic`, `billing`, `support`.
    pub role: String,
    /// Whether the user cannot log in.
    pub is_disabled: bool,
    /// When the password was set.
    pub password_set: Option<Moment>,
    /// Whether a second factor is asked for.
    pub has_two_factors: bool,
    /// Whether password and second factor are kept by Sinch, and not by Mailgun: the fields here say nothing then.
    pub is_sinch: bool,
}

/// What is known of a duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Duty {
    /// Done.
    Done,
    /// Not done.
    Open,
    /// It has to be looked at by hand.
    ByHand,
}

impl User {
    /// Whether the password was set after a moment.
    pub fn password(&self, began: Option<Moment>) -> Duty {
        match (self.is_sinch, self.password_set, began) {
            (true, _, _) | (_, _, None) => Duty::ByHand,
            (_, Some(set), Some(began)) if set > began => Duty::Done,
            _ => Duty::Open,
        }
    }

    /// Whether there is a second factor.
    pub fn second_factor(&self) -> Duty {
        match (self.is_sinch, self.has_two_factors) {
            (true, _) => Duty::ByHand,
            (false, true) => Duty::Done,
            (false, false) => Duty::Open,
        }
    }
}

#[derive(Deserialize)]
struct Row {
    #[serde(default)]
    email: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    role: String,
    #[serde(default)]
    is_disabled: bool,
    #[serde(default)]
    tfa_active: bool,
    #[serde(default, deserialize_with = "when::lenient")]
    password_updated_at: Option<Moment>,
    #[serde(default)]
    auth: Value,
}

/// The users, by address.
///
/// # Errors
/// The key may not list them.
pub fn users(client: &Client<'_>, key: &ApiKey) -> ApiResult<Vec<User>> {
    let list = Request::get(Region::Us, &["v5", "users"]);
    let rows: Vec<Row> = page::rows(client, key, &list, "users")?;
    let mut users: Vec<User> = rows
        .into_iter()
        .map(|row| User {
            email: row.email,
            name: row.name.unwrap_or_default(),
            role: row.role,
            is_disabled: row.is_disabled,
            password_set: row.password_updated_at,
            has_two_factors: row.tfa_active,
            is_sinch: row.auth["method"] == "sinch",
        })
        .collect();
    users.sort_by(|a, b| a.email.cmp(&b.email));
    Ok(users)
}
