//! The account that the mock keeps: what Mailgun would know of a customer.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use spillcheck::rules::template;

/// An API key. Its id is its end, unless it is an old one.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) secret: String,
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) role: String,
    pub(crate) domain: Option<String>,
    pub(crate) description: String,
    pub(crate) created: String,
    pub(crate) requestor: Option<&'static str>,
    /// It is not listed any more, and is accepted up to then.
    pub(crate) dies: Option<Instant>,
}

impl Key {
    pub(crate) fn new(seed: u64, kind: &str, role: &str) -> Self {
        let secret = rendered("{hex:32}-{hex:8}-{hex:8}", seed);
        Self {
            id: secret[33..].to_owned(),
            secret,
            kind: kind.to_owned(),
            role: role.to_owned(),
            domain: None,
            description: String::new(),
            created: "2024-02-03T04:05:06".to_owned(),
            requestor: Some("owner@example.com"),
            dies: None,
        }
    }

    pub(crate) fn of_domain(mut self, domain: &str) -> Self {
        self.domain = Some(domain.to_owned());
        self
    }

    pub(crate) fn row(&self) -> Value {
        json!({
            "id": self.id, "description": self.description, "kind": self.kind, "role": self.role,
            "created_at": self.created, "updated_at": self.created, "requestor": self.requestor,
            "user_name": null, "domain_name": self.domain, "is_disabled": false,
        })
    }

    pub(crate) fn is_accepted(&self) -> bool {
        self.dies.is_none_or(|dies| Instant::now() < dies)
    }
}

/// A text as a template says, such as `{hex:32}`.
pub(crate) fn rendered(text: &str, seed: u64) -> String {
    String::from_utf8(template::render(text, seed).unwrap().text).unwrap()
}

/// A login for SMTP.
#[derive(Debug, Clone)]
pub(crate) struct Login {
    pub(crate) login: String,
    pub(crate) password: String,
    pub(crate) created: &'static str,
}

/// A sending domain, which lives in one region.
#[derive(Debug, Clone)]
pub(crate) struct Domain {
    pub(crate) name: &'static str,
    pub(crate) region: usize,
    pub(crate) created: &'static str,
    pub(crate) archive_to: Option<&'static str>,
    pub(crate) logins: Vec<Login>,
    pub(crate) webhooks: Value,
    pub(crate) templates: Vec<Value>,
    /// Its mail is held back.
    pub(crate) is_held: bool,
}

impl Domain {
    pub(crate) fn new(name: &'static str, region: usize, logins: &[&str]) -> Self {
        let login = |(at, local): (usize, &&str)| Login {
            login: format!("{local}@{name}"),
            password: rendered("{hex:32}-{hex:8}-{hex:8}", 900 + at as u64),
            created: "Wed, 08 Mar 2023 23:34:57 +0000",
        };
        Self {
            name,
            region,
            created: "Wed, 08 Mar 2023 23:34:57 GMT",
            archive_to: None,
            logins: logins.iter().enumerate().map(login).collect(),
            webhooks: json!({}),
            templates: Vec::new(),
            is_held: false,
        }
    }

    pub(crate) fn row(&self, region: usize) -> Value {
        let mut row = json!({
            "name": self.name, "id": format!("{region}"), "state": "active", "type": "custom",
            "created_at": self.created, "smtp_login": format!("postmaster@{}", self.name),
            "is_disabled": false, "require_tls": false, "skip_verification": false,
            "spam_action": "disabled", "wildcard": false, "web_prefix": "email",
            "web_scheme": "http", "use_automatic_sender_security": false,
            "encrypt_incoming_message": false, "message_ttl": 259_200,
        });
        if let Some(url) = self.archive_to {
            row["archive_to"] = json!(url);
        }
        row
    }
}

/// Everything.
#[derive(Debug, Default)]
pub(crate) struct Account {
    pub(crate) keys: Vec<Key>,
    pub(crate) domains: Vec<Domain>,
    pub(crate) users: Vec<Value>,
    /// By region.
    pub(crate) routes: [Vec<Value>; 2],
    /// By region.
    pub(crate) lists: [Vec<Value>; 2],
    pub(crate) subaccounts: Vec<Value>,
    /// Keys that sign, by region.
    pub(crate) signing_keys: [Vec<Value>; 2],
    pub(crate) recipients: Vec<Value>,
    /// Events of the log, by region.
    pub(crate) events: [Vec<Value>; 2],
    /// Who may call. Empty is everyone.
    pub(crate) allowlist: Vec<&'static str>,
    pub(crate) signing_key: String,
    /// How long a deleted key is accepted all the same.
    pub(crate) lag: Duration,
    /// What a domain sending key is answered where it may not read: nobody has written down which.
    pub(crate) sending_key_status: u16,
    /// So many calls are answered with 429 before one is served.
    pub(crate) throttled: u32,
    /// So many calls are answered with 503 before one is served.
    pub(crate) broken: u32,
    /// Changes are not made, and answered with this.
    pub(crate) refusal: Option<String>,
    /// Changes are made, and not answered.
    pub(crate) is_silent: bool,
    /// What keys and passwords are made from.
    pub(crate) seed: u64,
}

impl Account {
    /// An account with a domain in each region, whose administrator's key is the first.
    pub(crate) fn new() -> Self {
        Self {
            keys: vec![Key::new(1, "user", "admin")],
            domains: vec![
                Domain::new("mg.example.com", 0, &["postmaster", "shop"]),
                Domain::new("eu.example.com", 1, &["postmaster"]),
            ],
            signing_key: rendered("key-{hex:32}", 3),
            sending_key_status: 403,
            seed: 1000,
            ..Self::default()
        }
    }

    pub(crate) fn fresh(&mut self) -> u64 {
        self.seed += 1;
        self.seed
    }

    /// Everything that nothing may repeat.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let keys = self.keys.iter().map(|key| key.secret.clone());
        let logins = self.domains.iter().flat_map(|domain| &domain.logins);
        let passwords = logins.map(|login| login.password.clone());
        keys.chain(passwords)
            .chain([self.signing_key.clone()])
            .collect()
    }
}
