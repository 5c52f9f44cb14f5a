//! What is kept to send mail with: templates, keys that sign, mail that waits.

use serde_json::Value;

use super::{Auditor, Domain, Item, Region, Request, page, when};

/// The most templates that Mailgun gives at once, and how often it is asked for more.
const PAGE: usize = 100;
const MAX_PAGES: usize = 100;
/// So many keys that sign are listed at once; what stands on another page is asked for in a way that is not described.
const SIGNING_KEYS: usize = 10;

fn text(row: &Value, name: &str) -> String {
    row[name].as_str().unwrap_or_default().to_owned()
}

impl Auditor<'_> {
    /// The texts that mail of a domain is made from.
    pub(super) fn templates(&mut self, domain: &Domain) {
        let list = Request::get(domain.region, &["v3", &domain.name, "templates"])
            .query("limit", &PAGE.to_string());
        let mut request = list.clone();
        for _ in 0..MAX_PAGES {
            let found = page::part::<Value>(self.client, self.key, &request, "items");
            let what = format!("templates of {}", domain.name);
            let Some(rows) = self.listed(&what, found) else {
                return;
            };
            for row in &rows {
                self.add(Item {
                    area: "template",
                    name: format!("{} {}", domain.name, text(row, "name")),
                    detail: text(row, "description"),
                    region: Some(domain.region),
                    created: when::parse(&text(row, "createdAt")),
                    suspect: None,
                });
            }
            match rows.last() {
                Some(last) if rows.len() == PAGE => {
                    let last = text(last, "name");
                    request = list.clone().query("page", "next").query("p", &last);
                }
                _ => return,
            }
        }
        let more = format!("templates of {}: there are more", domain.name);
        self.audit.unlisted.push(more);
    }

    /// Whether a domain's mail is held back: it is sent when that ends.
    pub(super) fn queues(&mut self, domain: &Domain) {
        let path = ["v3", "domains", &domain.name, "sending_queues"];
        let request = Request::get(domain.region, &path);
        let found = self.client.ask::<Value>(self.key, &request, "list");
        let what = format!("sending queues of {}", domain.name);
        let Some(queues) = self.listed(&what, found) else {
            return;
        };
        for kind in ["regular", "scheduled"] {
            let queue = &queues[kind];
            if queue["is_disabled"].as_bool() == Some(true) {
                let until = text(&queue["disabled"], "until");
                self.add(Item {
                    area: "sending queue",
                    name: format!("{} {kind}", domain.name),
                    detail: text(&queue["disabled"], "reason"),
                    region: Some(domain.region),
                    created: None,
                    suspect: Some(format!("mail is held back until {until}, and sent then")),
                });
            }
        }
    }

    /// Keys that sign mail, and for whom.
    pub(super) fn signing_keys(&mut self, region: Region) {
        let request = Request::get(region, &["v1", "dkim", "keys"]);
        let found = page::part::<Value>(self.client, self.key, &request, "items");
        let what = format!("DKIM keys ({})", region.word());
        let rows = self.listed(&what, found).unwrap_or_default();
        for row in &rows {
            let domain = text(row, "signing_domain");
            let is_own = self.own.contains(&domain.to_ascii_lowercase());
            self.add(Item {
                area: "DKIM key",
                name: format!("{domain} {}", text(row, "selector")),
                detail: text(&row["dns_record"], "valid"),
                region: Some(region),
                created: None,
                suspect: (!is_own)
                    .then(|| "it signs for a domain that the account does not have".to_owned()),
            });
        }
        if rows.len() >= SIGNING_KEYS {
            self.audit
                .unlisted
                .push(format!("{what}: there may be more than {SIGNING_KEYS}"));
        }
    }
}
