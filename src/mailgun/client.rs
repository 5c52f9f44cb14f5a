//! Makes calls, one after another, and waits where the provider asks for it.

use std::fmt;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use serde::de::DeserializeOwned;
use ureq::http::{HeaderMap, HeaderValue, Response};
use ureq::tls::{Certificate, RootCerts, TlsConfig, TlsProvider};
use ureq::unversioned::multipart;
use ureq::{Agent, Body, RequestBuilder};

use crate::finding::Moment;

use super::answer::Answer;
use super::error::{ApiError, ApiResult};
use super::hosts::Hosts;
use super::key::ApiKey;
use super::request::{Form, Method, Request};

/// Longer answers are not read: a page of a thousand entries is far shorter.
const MAX_ANSWER: u64 = 32 * 1024 * 1024;
/// How often a call is made before it is given up: where the provider asks for a pause, and where it has trouble.
const ATTEMPTS: u32 = 4;
const ATTEMPTS_IN_TROUBLE: u32 = 3;
/// Who asks for a longer wait gets none.
const MAX_WAIT: u64 = 60;
const TIMEOUT: Duration = Duration::from_secs(60);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// Hears of each call before it is made.
pub trait Watcher {
    /// What is about to be sent.
    fn sends(&self, request: &str);
    /// For how many seconds nothing happens, and why.
    fn waits(&self, seconds: u64, why: &str);
}

/// Makes calls.
pub struct Client<'w> {
    agent: Agent,
    hosts: Hosts,
    watcher: &'w dyn Watcher,
}

impl fmt::Debug for Client<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("hosts", &self.hosts)
            .finish_non_exhaustive()
    }
}

impl<'w> Client<'w> {
    /// Prepares to call.
    ///
    /// # Errors
    /// The system has no certificates to know the provider by.
    pub fn new(hosts: Hosts, watcher: &'w dyn Watcher) -> ApiResult<Self> {
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .https_only(!hosts.is_loopback())
            .timeout_global(Some(TIMEOUT))
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .user_agent(concat!("spillcheck/", env!("CARGO_PKG_VERSION")))
            .accept("application/json");
        config = if hosts.is_loopback() {
            config.proxy(None)
        } else {
            config.tls_config(tls()?)
        };
        Ok(Self {
            agent: config.build().into(),
            hosts,
            watcher,
        })
    }

    /// Makes a call. Any answer will do.
    ///
    /// # Errors
    /// None came, or the provider takes no more calls for now.
    pub fn call(&self, key: &ApiKey, request: &Request) -> ApiResult<Answer> {
        let shown = request.shown(&self.hosts);
        let mut attempt = 1;
        loop {
            self.watcher.sends(&shown);
            let outcome = self.once(key, request);
            let (wait, why) = match &outcome {
                Ok(answer) if answer.status == 429 => {
                    let wait = answer.wait.unwrap_or(1 << attempt);
                    if attempt == ATTEMPTS || wait > MAX_WAIT {
                        let request = shown;
                        return Err(ApiError::Throttled {
                            request,
                            seconds: wait,
                        });
                    }
                    (wait, "Mailgun asks for a pause")
                }
                Ok(answer)
                    if answer.status >= 500 && request.is_safe && attempt < ATTEMPTS_IN_TROUBLE =>
                {
                    (1 << (attempt - 1), "Mailgun has trouble")
                }
                Ok(_) | Err(_) => {
                    return outcome.map_err(|why| ApiError::Unreachable {
                        request: shown,
                        why,
                    });
                }
            };
            self.pause(wait, why);
            attempt += 1;
        }
    }

    /// Makes a call that has to be answered with a document.
    ///
    /// # Errors
    /// As for [`Client::call`], and if the answer is no.
    pub fn ask<T: DeserializeOwned>(
        &self,
        key: &ApiKey,
        request: &Request,
        wanted: &'static str,
    ) -> ApiResult<T> {
        let answer = self.call(key, request)?;
        let shown = request.shown(&self.hosts);
        if answer.status != 200 {
            return Err(ApiError::refused(shown, &answer));
        }
        answer.json().ok_or(ApiError::Malformed {
            request: shown,
            wanted,
        })
    }

    /// Makes a call that takes something away. What is not there counts as taken away.
    ///
    /// # Errors
    /// As for [`Client::call`], and if the answer is no.
    pub fn order(&self, key: &ApiKey, request: &Request) -> ApiResult<()> {
        let answer = self.call(key, request)?;
        match answer.status {
            200 | 404 => Ok(()),
            _ => Err(ApiError::refused(self.shown(request), &answer)),
        }
    }

    /// A call in a line.
    pub fn shown(&self, request: &Request) -> String {
        request.shown(&self.hosts)
    }

    /// Waits, and says so.
    pub fn pause(&self, seconds: u64, why: &str) {
        if seconds > 0 {
            self.watcher.waits(seconds, why);
            thread::sleep(Duration::from_secs(seconds));
        }
    }

    fn once(&self, key: &ApiKey, request: &Request) -> Result<Answer, String> {
        let url = request.url(&self.hosts);
        let mut authorization = HeaderValue::try_from(key.authorization())
            .map_err(|_| "the key cannot be sent".to_owned())?;
        authorization.set_sensitive(true);
        let sent = match request.method {
            Method::Get => self
                .agent
                .get(url)
                .header("authorization", authorization)
                .call(),
            Method::Delete => self
                .agent
                .delete(url)
                .header("authorization", authorization)
                .call(),
            Method::Post => send(
                self.agent.post(url).header("authorization", authorization),
                &request.body,
            ),
            Method::Put => send(
                self.agent.put(url).header("authorization", authorization),
                &request.body,
            ),
        };
        let response = sent.map_err(|error| error.to_string())?;
        read(response).map_err(|error| error.to_string())
    }
}

fn send(
    builder: RequestBuilder<ureq::typestate::WithBody>,
    body: &Form,
) -> Result<Response<Body>, ureq::Error> {
    match body {
        Form::None => builder.send_empty(),
        // ureq announces a longer body than it sends of a form without fields.
        Form::Fields(fields) if fields.is_empty() => builder
            .header("content-type", "multipart/form-data; boundary=spillcheck")
            .send("--spillcheck--\r\n"),
        Form::Fields(fields) => builder.send(
            fields
                .iter()
                .fold(multipart::Form::new(), |form, (name, value)| {
                    form.text(name, value)
                }),
        ),
        Form::Json(value) => builder
            .header("content-type", "application/json")
            .send(value.to_string()),
    }
}

fn read(mut response: Response<Body>) -> Result<Answer, ureq::Error> {
    let headers = response.headers();
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::to_owned);
    let (key_id, wait) = (text("x-mailgun-key-id"), wait(headers));
    let status = response.status().as_u16();
    let body = response
        .body_mut()
        .with_config()
        .limit(MAX_ANSWER)
        .read_to_vec()?;
    Ok(Answer {
        status,
        key_id,
        wait,
        body,
    })
}

/// How many seconds to wait: `Retry-After`, or Mailgun's own `X-RateLimit-Reset`, a point in time with a fraction
/// (mailgun-go, `errors.go`).
fn wait(headers: &HeaderMap) -> Option<u64> {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<f64>().ok();
    let reset = || {
        let now = Moment::now().0 as f64;
        number("x-ratelimit-reset").map(|reset| reset - now)
    };
    let seconds = number("retry-after").or_else(reset)?;
    seconds.is_finite().then(|| seconds.ceil().max(1.0) as u64)
}

fn tls() -> ApiResult<TlsConfig> {
    let found = rustls_native_certs::load_native_certs();
    if found.certs.is_empty() {
        return Err(ApiError::Setup(
            "this system has no certificates to know Mailgun by; install the package `ca-certificates`, or name a \
             file of them in SSL_CERT_FILE"
                .to_owned(),
        ));
    }
    let roots = found.certs.iter();
    let roots: RootCerts = roots
        .map(|der| Certificate::from_der(der).to_owned())
        .into();
    Ok(TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .root_certs(roots)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build())
}
