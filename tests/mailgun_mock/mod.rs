//! A stand-in for Mailgun on loopback: one server for each region, one account.
//!
//! It is made from the description of the API in `openapi.json` and from recorded facts: the id of a key is its end and
//! is echoed in `X-Mailgun-Key-Id` on 200 and 403; a caller who is not on the allowlist gets the same 401 as one with an
//! unknown key, unless its key is of kind `web`; logins, routes and logs belong to a region, keys and users to none; a
//! deleted key may be accepted for a while. Every request and every answer is held to the description.

mod account;
mod answers;
mod http;
mod openapi;

use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

pub(crate) use account::{Account, Domain, Key, rendered};

use http::{Content, Reply};

/// What servers and tests share.
#[derive(Debug, Default)]
struct Shared {
    account: Mutex<Account>,
    requests: Mutex<Vec<String>>,
    violations: Mutex<Vec<String>>,
    is_over: AtomicBool,
}

/// Two servers. When it goes out of scope, what was not as described ends the test.
pub(crate) struct Mock {
    ports: [u16; 2],
    shared: Arc<Shared>,
}

impl Mock {
    pub(crate) fn start(account: Account) -> Self {
        let shared = Arc::new(Shared {
            account: Mutex::new(account),
            ..Shared::default()
        });
        let ports = [0, 1].map(|region| {
            let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
            let port = listener.local_addr().unwrap().port();
            let shared = Arc::clone(&shared);
            thread::spawn(move || serve(&listener, region, &shared));
            port
        });
        Self { ports, shared }
    }

    /// For `--base-url`.
    pub(crate) fn urls(&self) -> [String; 2] {
        self.ports.map(|port| format!("http://127.0.0.1:{port}"))
    }

    pub(crate) fn account(&self) -> MutexGuard<'_, Account> {
        self.shared.account.lock().unwrap()
    }

    /// What was asked so far, such as `us GET /v1/keys`.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.shared.requests.lock().unwrap().clone()
    }

    /// What was asked so far that changes something.
    pub(crate) fn changes(&self) -> Vec<String> {
        let requests = self.requests().into_iter();
        requests.filter(|request| is_change(request)).collect()
    }

    /// Waits until so many changes have been made.
    pub(crate) fn waits_for_changes(&self, count: usize) {
        let start = Instant::now();
        while self.changes().len() < count {
            assert!(start.elapsed() < Duration::from_secs(30), "no change");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::SeqCst);
        for port in self.ports {
            let _ = TcpStream::connect(("127.0.0.1", port));
        }
        let violations = self.shared.violations.lock().unwrap();
        if !thread::panicking() {
            assert!(violations.is_empty(), "not as described: {violations:#?}");
        }
    }
}

fn is_change(request: &str) -> bool {
    ["POST /v1/keys", "PUT", "DELETE"]
        .iter()
        .any(|word| request.contains(word))
}

fn serve(listener: &TcpListener, region: usize, shared: &Shared) {
    let mut unanswered = Vec::new();
    for stream in listener.incoming() {
        if shared.is_over.load(Ordering::SeqCst) {
            return;
        }
        let stream = stream.unwrap();
        let Ok(Some(call)) = http::read(&stream) else {
            continue;
        };
        let name = ["us", "eu"][region];
        let path = call.path.join("/");
        let line = format!("{name} {} /{path}", call.method);
        let is_change = is_change(&line);
        let reply = match openapi::check_request(&call) {
            Ok(operation) => {
                let mut account = shared.account.lock().unwrap();
                let reply = answers::answer(&mut account, region, &operation, &call);
                if let Content::Json(body) = &reply.body
                    && let Err(why) = openapi::check_answer(&operation, reply.status, body)
                {
                    shared.violations.lock().unwrap().push(why);
                }
                reply
            }
            Err(why) => {
                shared.violations.lock().unwrap().push(why);
                Reply::text(404, "404 page not found")
            }
        };
        // When a test sees a request, it has been served.
        shared.requests.lock().unwrap().push(line);
        if is_change && shared.account.lock().unwrap().is_silent {
            unanswered.push(stream);
            continue;
        }
        let _ = http::write(&stream, &reply);
    }
}
