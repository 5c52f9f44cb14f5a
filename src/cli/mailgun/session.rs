//! Who calls, where, and with which key.

use std::env;
use std::io::{self, IsTerminal as _};

use crate::mailgun::{ApiKey, Client, Hosts, Watcher};

use super::CommonArgs;
use crate::cli::{Failure, say};

/// Where the key is looked for.
const VARIABLE: &str = "MAILGUN_API_KEY";

/// A client and the key that it calls with.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) client: Client<'static>,
    pub(super) key: ApiKey,
}

impl Session {
    pub(super) fn open(common: &CommonArgs) -> Result<Self, Failure> {
        let hosts = hosts(common)?;
        let key = match env::var(VARIABLE) {
            Ok(text) if !common.ask && !text.trim().is_empty() => checked(&text)?,
            _ => prompt("Mailgun API key: ")?,
        };
        Ok(Self {
            client: Client::new(hosts, &Announcer).map_err(Failure::usage)?,
            key,
        })
    }
}

fn hosts(common: &CommonArgs) -> Result<Hosts, Failure> {
    match common.base_urls.as_slice() {
        [us, eu] => Hosts::on_loopback(us, eu).map_err(Failure::usage),
        _ => Ok(Hosts::default()),
    }
}

fn checked(text: &str) -> Result<ApiKey, Failure> {
    ApiKey::new(text).map_err(Failure::usage)
}

/// Asks for a key on the terminal, without showing it.
fn prompt(what: &str) -> Result<ApiKey, Failure> {
    let missing = || {
        Failure::usage(format!(
            "there is no key to call Mailgun with: set {VARIABLE}, or run this on a terminal to be asked for it"
        ))
    };
    if !io::stdin().is_terminal() {
        return Err(missing());
    }
    let text = rpassword::prompt_password(what).map_err(|_| missing())?;
    checked(&text)
}

/// Says on standard error what is sent.
#[derive(Debug)]
struct Announcer;

impl Watcher for Announcer {
    fn sends(&self, request: &str) {
        say(&format!("sending {request}"));
    }

    fn waits(&self, seconds: u64, why: &str) {
        say(&format!("waiting {seconds} s: {why}"));
    }
}
