//! Logins for SMTP. Mailgun makes their passwords and shows each once, in the answer to the reset.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::{Moment, Secret};

use super::client::Client;
use super::domains::Domain;
use super::error::{ApiError, ApiResult};
use super::hosts::Region;
use super::key::ApiKey;
use super::page;
use super::request::{Form, Method, Request};
use super::when;

/// A login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Login {
    /// `shop@mg.example.com`
    pub login: String,
    /// The domain that it sends for.
    pub domain: String,
    /// Where the domain lives.
    pub region: Region,
    /// When it was made. Mailgun does not say when its password was set.
    pub created: Option<Moment>,
}

#[derive(Deserialize)]
struct Row {
    login: String,
    #[serde(default, deserialize_with = "when::lenient")]
    created_at: Option<Moment>,
}

impl Login {
    /// Whether it belongs to its domain for good: it can be reset and not be deleted.
    pub fn is_of_system(&self) -> bool {
        self.login
            .strip_prefix("postmaster@")
            .is_some_and(|domain| domain.eq_ignore_ascii_case(&self.domain))
    }

    /// The call that sets a new password. Without a password in it, Mailgun makes one.
    pub fn reset(&self) -> Request {
        self.request(Method::Put, Form::Fields(Vec::new()))
    }

    /// The call that deletes it.
    pub fn deletion(&self) -> Request {
        self.request(Method::Delete, Form::None)
    }

    fn request(&self, method: Method, form: Form) -> Request {
        let path = ["v3", "domains", &self.domain, "credentials", &self.login];
        Request::new(method, self.region, &path, form)
    }
}

/// The logins of a domain.
///
/// # Errors
/// The key may not list them.
pub fn logins(client: &Client<'_>, key: &ApiKey, domain: &Domain) -> ApiResult<Vec<Login>> {
    let path = ["v3", "domains", &domain.name, "credentials"];
    let list = Request::get(domain.region, &path);
    let rows: Vec<Row> = page::rows(client, key, &list, "items")?;
    let mut logins: Vec<Login> = rows
        .into_iter()
        .map(|row| Login {
            login: row.login,
            domain: domain.name.clone(),
            region: domain.region,
            created: row.created_at,
        })
        .collect();
    logins.sort_by(|a, b| a.login.cmp(&b.login));
    Ok(logins)
}

/// Sets a new password, and gives it: nobody can ask for it again.
///
/// # Errors
/// The key may not do that, or there is no such login.
pub fn reset(client: &Client<'_>, key: &ApiKey, login: &Login) -> ApiResult<Secret> {
    #[derive(Deserialize)]
    struct Changed {
        credentials: BTreeMap<String, String>,
    }
    let request = login.reset();
    let changed: Changed = client.ask(key, &request, "new password")?;
    let password = changed.credentials.into_values().next();
    let password = password.filter(|password| !password.is_empty());
    password
        .map(|password| Secret::new(password.into_bytes()))
        .ok_or_else(|| ApiError::Malformed {
            request: client.shown(&request),
            wanted: "new password",
        })
}

/// Deletes a login. One that is not there counts as deleted.
///
/// # Errors
/// The key may not do that.
pub fn delete(client: &Client<'_>, key: &ApiKey, login: &Login) -> ApiResult<()> {
    client.order(key, &login.deletion())
}
