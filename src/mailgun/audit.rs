//! What someone with a key may have added to an account, to stay or to listen.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::finding::Moment;

use super::client::Client;
use super::domains::{Domain, domains};
use super::error::ApiResult;
use super::hosts::Region;
use super::key::ApiKey;
use super::keys;
use super::page;
use super::request::Request;
use super::smtp::logins;
use super::users::users;
use super::when;

mod stored;

/// Something of the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Item {
    /// `key`, `SMTP login`, `route`.
    pub area: &'static str,
    /// Its name or id.
    pub name: String,
    /// What it does.
    pub detail: String,
    /// The region, where it belongs to one.
    pub region: Option<Region>,
    /// When it was made, where Mailgun says so.
    pub created: Option<Moment>,
    /// Why it should be looked at.
    pub suspect: Option<String>,
}

/// Everything that was listed, and what could not be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Audit {
    /// What is there, suspects first.
    pub items: Vec<Item>,
    /// What could not be listed, and why: it has to be looked at in the control panel.
    pub unlisted: Vec<String>,
}

/// Lists everything. What cannot be listed is said, and does not stop the rest.
pub fn audit(client: &Client<'_>, key: &ApiKey, began: Option<Moment>) -> Audit {
    let mut auditor = Auditor {
        client,
        key,
        began,
        own: Vec::new(),
        audit: Audit::default(),
    };
    auditor.run();
    let mut audit = auditor.audit;
    audit.items.sort_by(|a, b| {
        let order = |item: &Item| (item.suspect.is_none(), item.area, item.name.clone());
        order(a).cmp(&order(b))
    });
    audit
}

struct Auditor<'a> {
    client: &'a Client<'a>,
    key: &'a ApiKey,
    began: Option<Moment>,
    /// Names of the account's domains, in lower case.
    own: Vec<String>,
    audit: Audit,
}

#[derive(Deserialize)]
struct Route {
    #[serde(default)]
    id: String,
    #[serde(default)]
    expression: String,
    #[serde(default)]
    actions: Vec<String>,
    #[serde(default, deserialize_with = "when::lenient")]
    created_at: Option<Moment>,
}

impl Auditor<'_> {
    fn run(&mut self) {
        let domains = domains(self.client, self.key);
        if let Some(domains) = self.listed("domains", domains) {
            self.own = domains
                .iter()
                .map(|domain| domain.name.to_ascii_lowercase())
                .collect();
            for domain in &domains {
                self.domain(domain);
            }
        }
        self.keys_and_users();
        for region in Region::ALL {
            self.routes(region);
            self.signing_keys(region);
            self.plain(("mailing list", "items"), region, &["v3", "lists"]);
        }
        let us = Region::Us;
        self.plain(
            ("subaccount", "subaccounts"),
            us,
            &["v5", "accounts", "subaccounts"],
        );
        self.whole(
            ("address on the allowlist", "addresses"),
            &["v2", "ip_whitelist"],
        );
        self.whole(
            ("recipient of the sandbox", "recipients"),
            &["v5", "sandbox", "auth_recipients"],
        );
    }

    fn listed<T>(&mut self, what: &str, outcome: ApiResult<T>) -> Option<T> {
        outcome
            .map_err(|error| self.audit.unlisted.push(format!("{what}: {error}")))
            .ok()
    }

    fn add(&mut self, mut item: Item) {
        let is_new =
            matches!((item.created, self.began), (Some(made), Some(began)) if made >= began);
        if item.suspect.is_none() && is_new {
            item.suspect = Some("it was made after the incident began".to_owned());
        }
        self.audit.items.push(item);
    }

    fn domain(&mut self, domain: &Domain) {
        let suspect = domain
            .archive_to
            .as_ref()
            .map(|url| format!("a copy of every message goes to {url}"));
        self.add(Item {
            area: "domain",
            name: domain.name.clone(),
            detail: domain.state.clone(),
            region: Some(domain.region),
            created: domain.created,
            suspect,
        });
        let found = logins(self.client, self.key, domain);
        for login in self
            .listed(&format!("SMTP logins of {}", domain.name), found)
            .into_iter()
            .flatten()
        {
            self.add(Item {
                area: "SMTP login",
                name: login.login,
                detail: String::new(),
                region: Some(domain.region),
                created: login.created,
                suspect: None,
            });
        }
        self.webhooks(domain);
        self.templates(domain);
        self.queues(domain);
    }

    fn webhooks(&mut self, domain: &Domain) {
        let path = ["v3", "domains", &domain.name, "webhooks"];
        let asked: ApiResult<Value> =
            self.client
                .ask(self.key, &Request::get(domain.region, &path), "list");
        let Some(answer) = self.listed(&format!("webhooks of {}", domain.name), asked) else {
            return;
        };
        let kinds = answer["webhooks"].as_object().into_iter().flatten();
        for (kind, hook) in kinds {
            let urls = hook["urls"].as_array().into_iter().flatten();
            for url in urls.filter_map(Value::as_str) {
                self.add(Item {
                    area: "webhook",
                    name: format!("{} {kind}", domain.name),
                    detail: url.to_owned(),
                    region: Some(domain.region),
                    created: None,
                    suspect: self.foreign(url),
                });
            }
        }
    }

    fn keys_and_users(&mut self) {
        let found = users(self.client, self.key);
        let users = self.listed("users", found);
        for user in users.iter().flatten() {
            self.add(Item {
                area: "user",
                name: user.email.clone(),
                detail: user.role.clone(),
                region: None,
                created: None,
                suspect: None,
            });
        }
        let found = keys::list(self.client, self.key);
        for row in self.listed("keys", found).into_iter().flatten() {
            let is_user = |who: &String| {
                users
                    .iter()
                    .flatten()
                    .any(|user| user.email.eq_ignore_ascii_case(who))
            };
            let stranger = row
                .requestor
                .as_ref()
                .filter(|who| users.is_some() && !is_user(who));
            self.add(Item {
                area: "key",
                suspect: stranger
                    .map(|who| format!("{who}, who made it, is no user of the account")),
                name: row.id,
                detail: [Some(row.kind), Some(row.role), row.domain_name]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(" "),
                region: None,
                created: row.created_at,
            });
        }
    }

    fn routes(&mut self, region: Region) {
        let list = Request::get(region, &["v3", "routes"]);
        let found: ApiResult<Vec<Route>> = page::rows(self.client, self.key, &list, "items");
        for route in self
            .listed(&format!("routes ({})", region.word()), found)
            .into_iter()
            .flatten()
        {
            let is_open = route.expression.contains(".*") || route.expression.contains("catch_all");
            let foreign = route.actions.iter().find_map(|action| self.foreign(action));
            let suspect = foreign.map(|foreign| match is_open {
                true => format!("{foreign}, and it takes mail to every address"),
                false => foreign,
            });
            self.add(Item {
                area: "route",
                name: route.id,
                detail: format!("{} -> {}", route.expression, route.actions.join(", ")),
                region: Some(region),
                created: route.created_at,
                suspect,
            });
        }
    }

    /// A list in pages, whose rows have a name.
    fn plain(
        &mut self,
        (area, items): (&'static str, &'static str),
        region: Region,
        path: &[&str],
    ) {
        let found = page::rows(self.client, self.key, &Request::get(region, path), items);
        self.named(area, Some(region), found);
    }

    /// A list that comes at once.
    fn whole(&mut self, (area, items): (&'static str, &'static str), path: &[&str]) {
        let found = page::part(
            self.client,
            self.key,
            &Request::get(Region::Us, path),
            items,
        );
        self.named(area, None, found);
    }

    fn named(&mut self, area: &'static str, region: Option<Region>, found: ApiResult<Vec<Value>>) {
        for row in self.listed(area, found).into_iter().flatten() {
            let text = |names: &[&str]| {
                let mut found = names.iter().filter_map(|name| row[name].as_str());
                found
                    .find(|text| !text.is_empty())
                    .unwrap_or_default()
                    .to_owned()
            };
            self.add(Item {
                area,
                name: text(&["address", "email", "ip_address", "name", "id"]),
                detail: text(&["description", "status"]),
                region,
                created: when::parse(&text(&["created_at"])),
                suspect: None,
            });
        }
    }

    /// Why a URL, or an action with one or with an address in it, leads to someone else.
    fn foreign(&self, text: &str) -> Option<String> {
        let host = host(text)?.to_ascii_lowercase();
        let is_own = |domain: &String| {
            // The account sends for a part of the owner's domain: `mg.example.com`.
            let owner = domain.split_once('.').map(|(_, rest)| rest);
            let owner = owner.filter(|rest| rest.contains('.'));
            [Some(domain.as_str()), owner]
                .into_iter()
                .flatten()
                .any(|own| {
                    host == own
                        || host
                            .strip_suffix(own)
                            .is_some_and(|rest| rest.ends_with('.'))
                })
        };
        let is_known = self.own.iter().any(is_own);
        (!is_known)
            .then(|| format!("it leads to {host}, which is under none of the account's domains"))
    }
}

/// The host in `forward("https://example.com/x")`, `forward("me@example.com")`, `https://example.com`.
fn host(text: &str) -> Option<&str> {
    let after = match text.split_once("://") {
        Some((_, after)) => after,
        None => text.split_once('@')?.1,
    };
    let is_end = |c: char| matches!(c, '/' | '"' | '\'' | ')' | '?' | '#');
    let authority = after.split(is_end).next().unwrap_or_default();
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let host = host.split(':').next().unwrap_or_default();
    (!host.is_empty()).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_urls_and_actions() {
        for (text, wanted) in [
            ("forward(\"https://a.example/x\")", Some("a.example")),
            ("forward(\"me@b.example\")", Some("b.example")),
            ("https://u:p@c.example:8443?x", Some("c.example")),
            ("stop()", None),
        ] {
            assert_eq!(host(text), wanted, "{text}");
        }
    }
}
