//! What the mock answers.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use spillcheck::finding::Moment;

use super::account::{Account, Key, Login, rendered};
use super::http::{Body, Call, Reply};
use super::openapi::Operation;

/// Who calls from the test.
const CALLER: &str = "127.0.0.1";

pub(super) fn answer(
    account: &mut Account,
    region: usize,
    operation: &Operation,
    call: &Call,
) -> Reply {
    if account.throttled > 0 {
        account.throttled -= 1;
        return throttled(account.throttled);
    }
    if account.broken > 0 {
        account.broken -= 1;
        return Reply::text(503, "Service Unavailable");
    }
    let Some(key) = authenticated(account, call) else {
        // Nine bytes, as recorded.
        return Reply::text(401, "Forbidden").with("Www-Authenticate", "Basic realm=\"MG API\"");
    };
    if !may(&key, operation, call) {
        let status = match key.role.as_str() {
            "sending" => account.sending_key_status,
            _ => 403,
        };
        return match status {
            401 => Reply::text(401, "Forbidden"),
            status => Reply::json(status, json!({ "message": "Forbidden" }))
                .with("X-Mailgun-Key-Id", key.id),
        };
    }
    if let Some(message) = &account.refusal
        && call.method != "GET"
        && !operation.path.starts_with("/v1/analytics")
    {
        return Reply::text(400, message);
    }
    let reply = served(account, region, operation, call);
    match reply.status {
        200 => reply.with("X-Mailgun-Key-Id", key.id),
        _ => reply,
    }
}

/// One form of saying when to come back, and then the other.
fn throttled(left: u32) -> Reply {
    let reply = Reply::json(429, json!({ "message": "Too many requests" }));
    if left.is_multiple_of(2) {
        return reply.with("Retry-After", "1");
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    reply.with(
        "X-RateLimit-Reset",
        format!("{:.6}", now.as_secs_f64() + 0.8),
    )
}

fn authenticated(account: &Account, call: &Call) -> Option<Key> {
    let header = call.headers.get("authorization")?;
    let pair = BASE64_STANDARD
        .decode(header.strip_prefix("Basic ")?)
        .ok()?;
    let secret = String::from_utf8(pair).ok()?;
    let secret = secret.strip_prefix("api:")?;
    let known = |key: &&Key| key.secret == secret && key.is_accepted();
    let key = account.keys.iter().find(known)?;
    let list = &account.allowlist;
    let is_allowed = list.is_empty() || list.contains(&CALLER) || key.kind == "web";
    is_allowed.then(|| key.clone())
}

fn may(key: &Key, operation: &Operation, call: &Call) -> bool {
    let of_administrators = ["/v1/keys", "/v5/users", "/v2/ip_whitelist", "/v5/accounts"];
    let is_closed = of_administrators
        .iter()
        .any(|start| operation.path.starts_with(start));
    match key.role.as_str() {
        "admin" => true,
        "developer" => !is_closed,
        "basic" => !is_closed && (call.method == "GET" || operation.path == "/v1/analytics/logs"),
        _ => false,
    }
}

fn served(account: &mut Account, region: usize, operation: &Operation, call: &Call) -> Reply {
    match (call.method.as_str(), operation.path) {
        ("GET", "/v1/keys") => list_keys(account, call),
        ("POST", "/v1/keys") => create_key(account, call),
        ("DELETE", "/v1/keys/{key_id}") => delete_key(account, &operation.segments[0]),
        ("GET", "/v4/domains") => {
            let of_region = account
                .domains
                .iter()
                .filter(|domain| domain.region == region);
            let rows: Vec<Value> = of_region.map(|domain| domain.row(region)).collect();
            page("items", "total_count", &rows, call, 100)
        }
        ("GET", "/v5/users") => page("users", "total", &account.users, call, 100),
        ("GET", "/v5/accounts/subaccounts") => {
            page("subaccounts", "total", &account.subaccounts, call, 10)
        }
        ("GET", "/v5/sandbox/auth_recipients") => {
            Reply::json(200, json!({ "recipients": account.recipients }))
        }
        ("GET", "/v3/routes") => page("items", "total_count", &account.routes[region], call, 100),
        ("GET", "/v3/lists") => page("items", "total_count", &account.lists[region], call, 100),
        ("GET", "/v1/dkim/keys") => {
            let keys = &account.signing_keys[region];
            let link = "/v1/dkim/keys";
            let paging = json!({ "previous": link, "first": link, "next": link, "last": link });
            Reply::json(200, json!({ "items": keys, "paging": paging }))
        }
        ("GET", "/v2/ip_whitelist") => {
            let entry = |ip: &&str| json!({ "ip_address": ip, "description": "" });
            let entries: Vec<Value> = account.allowlist.iter().map(entry).collect();
            Reply::json(200, json!({ "addresses": entries }))
        }
        ("POST", "/v1/analytics/logs") => logs(account, region, call),
        (_, path)
            if ["/v3/domains/", "/v4/domains/", "/v3/{domain_name}/"]
                .iter()
                .any(|start| path.starts_with(start)) =>
        {
            of_domain(account, region, operation, call)
        }
        (method, path) => panic!("the mock has no answer to {method} {path}"),
    }
}

/// A part of a list, as `skip` and `limit` say.
fn page(items: &str, total: &str, rows: &[Value], call: &Call, default: usize) -> Reply {
    let number = |name: &str| {
        let given = call.query.iter().find(|(key, _)| key == name);
        given.and_then(|(_, value)| value.parse::<usize>().ok())
    };
    let (skip, limit) = (
        number("skip").unwrap_or(0),
        number("limit").unwrap_or(default),
    );
    if limit > 1000 {
        let message = "Limit parameter can't be larger than 1000";
        return Reply::json(400, json!({ "message": message }));
    }
    let part: Vec<&Value> = rows.iter().skip(skip).take(limit).collect();
    Reply::json(200, json!({ items: part, total: rows.len() }))
}

fn list_keys(account: &Account, call: &Call) -> Reply {
    let asked = |name: &str| {
        let given = call.query.iter().find(|(key, _)| key == name);
        given.map(|(_, value)| value.as_str())
    };
    let (kind, domain) = (asked("kind"), asked("domain_name"));
    let wanted = |key: &&Key| {
        key.dies.is_none()
            && kind.is_none_or(|kind| key.kind == kind)
            && domain.is_none_or(|domain| key.domain.as_deref() == Some(domain))
    };
    let rows: Vec<Value> = account.keys.iter().filter(wanted).map(Key::row).collect();
    Reply::json(200, json!({ "total_count": rows.len(), "items": rows }))
}

fn create_key(account: &mut Account, call: &Call) -> Reply {
    let Body::Form(fields) = &call.body else {
        return Reply::json(400, json!({ "message": "role is required" }));
    };
    let field = |name: &str| {
        let given = fields.iter().find(|(key, _)| key == name);
        given.map(|(_, value)| value.clone())
    };
    let kind = field("kind").unwrap_or_else(|| "user".to_owned());
    let seed = account.fresh();
    let mut key = Key::new(seed, &kind, &field("role").unwrap_or_default());
    key.domain = field("domain_name");
    key.created = Moment::now().to_string().trim_end_matches('Z').to_owned();
    key.description = field("description").unwrap_or_default();
    let mut row = key.row();
    row["secret"] = json!(key.secret);
    account.keys.push(key);
    Reply::json(200, json!({ "message": "great success", "key": row }))
}

fn delete_key(account: &mut Account, id: &str) -> Reply {
    let lag = account.lag;
    let listed = |key: &&mut Key| key.id == id && key.dies.is_none();
    match account.keys.iter_mut().find(listed) {
        Some(key) => {
            key.dies = Some(Instant::now() + lag);
            Reply::json(200, json!({ "message": "key deleted" }))
        }
        None => Reply::json(404, json!({ "message": "no key matching id" })),
    }
}

fn of_domain(account: &mut Account, region: usize, operation: &Operation, call: &Call) -> Reply {
    let seed = account.fresh();
    let name = &operation.segments[0];
    let here = |domain: &&mut super::Domain| domain.name == name && domain.region == region;
    let Some(domain) = account.domains.iter_mut().find(here) else {
        return Reply::json(404, json!({ "message": "Domain not found" }));
    };
    match (call.method.as_str(), operation.path) {
        ("GET", "/v4/domains/{name}") => Reply::json(
            200,
            json!({ "domain": domain.row(region), "receiving_dns_records": [], "sending_dns_records": [] }),
        ),
        ("GET", "/v3/{domain_name}/templates") => templates(&domain.templates, call),
        ("GET", "/v3/domains/{name}/sending_queues") => {
            let disabled =
                json!({ "until": "Mon, 30 Nov 2026 15:04:05 GMT", "reason": "too many messages" });
            let queue = match domain.is_held {
                true => json!({ "is_disabled": true, "disabled": disabled }),
                false => json!({ "is_disabled": false }),
            };
            Reply::json(
                200,
                json!({ "regular": queue, "scheduled": { "is_disabled": false } }),
            )
        }
        ("GET", "/v3/domains/{domain}/webhooks") => {
            Reply::json(200, json!({ "webhooks": domain.webhooks }))
        }
        ("GET", "/v3/domains/{domain_name}/credentials") => {
            let row = |login: &Login| json!({ "mailbox": login.login, "login": login.login, "created_at": login.created, "size_bytes": null });
            let rows: Vec<Value> = domain.logins.iter().map(row).collect();
            page("items", "total_count", &rows, call, 100)
        }
        ("PUT", _) => {
            let found = domain.logins.iter_mut();
            let Some(login) = found.into_iter().find(|login| is_login(login, operation)) else {
                return Reply::json(404, json!({ "message": "Credentials not found" }));
            };
            login.password = rendered("{hex:32}-{hex:8}-{hex:8}", seed);
            Reply::json(
                200,
                json!({ "message": "Password changed", "note": "Please store your new password(s) now.",
                    "credentials": { login.login.clone(): login.password } }),
            )
        }
        ("DELETE", _) if operation.segments[1].starts_with("postmaster") => {
            let message = format!("Cannot delete system mailbox: postmaster@{name}");
            Reply::json(400, json!({ "message": message }))
        }
        ("DELETE", _) => {
            domain.logins.retain(|login| !is_login(login, operation));
            let spec = operation.segments[1].clone();
            Reply::json(
                200,
                json!({ "message": "Credentials have been deleted", "spec": spec }),
            )
        }
        (method, path) => panic!("the mock has no answer to {method} {path}"),
    }
}

/// A page of templates, which goes on after a name.
fn templates(rows: &[Value], call: &Call) -> Reply {
    let asked = |name: &str| {
        let given = call.query.iter().find(|(key, _)| key == name);
        given.map(|(_, value)| value.as_str())
    };
    let limit = asked("limit")
        .and_then(|limit| limit.parse().ok())
        .unwrap_or(10);
    let after = asked("p").filter(|_| asked("page") == Some("next"));
    let start = after.and_then(|name| rows.iter().position(|row| row["name"] == name));
    let start = start.map_or(0, |at| at + 1);
    let part: Vec<&Value> = rows.iter().skip(start).take(limit).collect();
    let link = "https://api.mailgun.net/v3/mg.example.com/templates";
    let paging = json!({ "previous": link, "first": link, "next": link, "last": link });
    Reply::json(200, json!({ "items": part, "paging": paging }))
}

/// By the whole login, or by what stands before the `@`.
fn is_login(login: &Login, operation: &Operation) -> bool {
    let (spec, name) = (&operation.segments[1], &operation.segments[0]);
    login.login == *spec || login.login == format!("{spec}@{name}")
}

fn logs(account: &Account, region: usize, call: &Call) -> Reply {
    let Body::Json(asked) = &call.body else {
        return Reply::json(400, json!({ "message": "invalid request" }));
    };
    let pagination = &asked["pagination"];
    let limit = pagination["limit"].as_u64().unwrap_or(100) as usize;
    let from: usize = pagination["token"]
        .as_str()
        .map_or(0, |token| token.parse().unwrap());
    let wanted = |event: &&Value| {
        asked["events"]
            .as_array()
            .is_none_or(|kinds| kinds.contains(&event["event"]))
    };
    let events: Vec<&Value> = account.events[region].iter().filter(wanted).collect();
    let part: Vec<&&Value> = events.iter().skip(from).take(limit).collect();
    let mut paging = json!({ "first": "0", "total": events.len() });
    if from + limit < events.len() {
        paging["next"] = json!(format!("{}", from + limit));
    }
    Reply::json(
        200,
        json!({ "start": asked["start"], "end": asked["end"], "items": part,
            "pagination": paging, "aggregates": {} }),
    )
}
