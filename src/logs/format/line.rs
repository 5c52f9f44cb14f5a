//! A line of an access log, taken apart.

use std::borrow::Cow;

use crate::finding::Moment;

use super::when;

/// What a part of a line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// Nothing that is asked for.
    Skip,
    /// The client's address.
    Client,
    /// The client's address as a proxy gives it: `X-Forwarded-For`.
    Forwarded,
    /// When.
    Time,
    /// The time of the day, where the date stands in a field of its own.
    TimeOfDay,
    /// Method, target and protocol.
    Request,
    Method,
    Target,
    /// With or without its question mark.
    Query,
    Status,
    /// Bytes of the body.
    Body,
    /// Bytes with the head.
    Whole,
    Agent,
    Host,
}

/// How long an answer was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Size {
    /// The log does not say.
    Unknown,
    /// The body, in bytes.
    Body(u64),
    /// Body and head, in bytes.
    Whole(u64),
}

/// A request and its answer. What the log does not say is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line<'l> {
    pub(crate) client: Cow<'l, [u8]>,
    pub(crate) forwarded: Cow<'l, [u8]>,
    pub(crate) at: Option<Moment>,
    pub(crate) method: Cow<'l, [u8]>,
    /// Path and query.
    pub(crate) target: Cow<'l, [u8]>,
    pub(crate) status: u16,
    pub(crate) size: Size,
    pub(crate) agent: Cow<'l, [u8]>,
    pub(crate) host: Cow<'l, [u8]>,
}

impl Line<'_> {
    pub(super) fn empty() -> Self {
        Self {
            client: Cow::Borrowed(b""),
            forwarded: Cow::Borrowed(b""),
            at: None,
            method: Cow::Borrowed(b""),
            target: Cow::Borrowed(b""),
            status: 0,
            size: Size::Unknown,
            agent: Cow::Borrowed(b""),
            host: Cow::Borrowed(b""),
        }
    }

    /// Whether it can be a line of an access log at all.
    pub(super) fn is_sound(&self) -> bool {
        // A format with one field more would take the dash after the address for the address.
        (100..=599).contains(&self.status) && self.at.is_some() && *self.client != *b"-"
    }
}

impl<'l> Line<'l> {
    /// Takes in what a field says; false where it cannot say so.
    pub(super) fn take(&mut self, field: Field, value: Cow<'l, [u8]>) -> bool {
        match field {
            Field::Skip => {}
            Field::Client => self.client = value,
            Field::Forwarded => self.forwarded = value,
            Field::Time => self.at = when::read(&value),
            Field::TimeOfDay => self.at = self.at.and_then(|day| when::on(day, &value)),
            Field::Request => self.take_request(value),
            Field::Method => self.method = value,
            Field::Target => self.target = value,
            Field::Query => self.take_query(&value),
            Field::Status => match number(&value).and_then(|status| u16::try_from(status).ok()) {
                Some(status) => self.status = status,
                None => return false,
            },
            Field::Body | Field::Whole => return self.take_size(field, &value),
            Field::Agent => self.agent = value,
            Field::Host => self.host = value,
        }
        true
    }

    /// `GET /path HTTP/1.1`. A client that speaks another protocol leaves bytes that are none.
    fn take_request(&mut self, value: Cow<'l, [u8]>) {
        let (method, target) = match value {
            Cow::Borrowed(bytes) => {
                let Some((method, target)) = request(bytes) else {
                    return;
                };
                (Cow::Borrowed(method), Cow::Borrowed(target))
            }
            Cow::Owned(bytes) => {
                let Some((method, target)) = request(&bytes) else {
                    return;
                };
                (Cow::Owned(method.to_vec()), Cow::Owned(target.to_vec()))
            }
        };
        self.method = method;
        self.target = target;
    }

    fn take_query(&mut self, value: &[u8]) {
        let query = value.strip_prefix(b"?").unwrap_or(value);
        if !query.is_empty() && query != b"-" {
            self.target = Cow::Owned([&self.target, b"?".as_slice(), query].concat());
        }
    }

    fn take_size(&mut self, field: Field, value: &[u8]) -> bool {
        // Apache writes `-` for an answer without a body.
        let size = if value == b"-" || value.is_empty() {
            Some(0)
        } else {
            number(value)
        };
        let Some(size) = size else {
            return false;
        };
        match (field, self.size) {
            (Field::Body, _) => self.size = Size::Body(size),
            (_, Size::Body(_)) => {}
            _ => self.size = Size::Whole(size),
        }
        true
    }
}

fn request(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let space = memchr::memchr(b' ', bytes)?;
    let (method, rest) = (&bytes[..space], &bytes[space + 1..]);
    let is_method = !method.is_empty() && method.iter().all(u8::is_ascii_uppercase);
    let end = memchr::memrchr(b' ', rest)
        .filter(|&end| rest[end + 1..].starts_with(b"HTTP/"))
        .unwrap_or(rest.len());
    is_method.then_some((method, &rest[..end]))
}

pub(super) fn number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    digits.iter().try_fold(0, |sum: u64, &byte| {
        byte.is_ascii_digit()
            .then(|| sum * 10 + u64::from(byte - b'0'))
    })
}
