//! What comes back from a call.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::finding::without_keys;

use super::key::is_key_id;

/// Longer messages are cut.
const MAX_MESSAGE: usize = 200;

/// An answer. It may hold a new key: its `Debug` shows the status alone.
#[derive(Clone)]
pub struct Answer {
    pub(super) status: u16,
    pub(super) key_id: Option<String>,
    pub(super) wait: Option<u64>,
    pub(super) body: Vec<u8>,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("key_id", &self.key_id)
            .field("len", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl Answer {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The id of the key that made the call, where Mailgun says it: often, and nowhere documented.
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref().filter(|id| is_key_id(id))
    }

    /// Whether it is a JSON object.
    pub fn is_object(&self) -> bool {
        serde_json::from_slice(&self.body).is_ok_and(|value: Value| value.is_object())
    }

    /// The document that it is. The reason that serde gives repeats values, so there is none.
    pub fn json<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.body).ok()
    }

    /// What the provider has to say, without anything that may be a key.
    pub fn message(&self) -> String {
        let text = match serde_json::from_slice(&self.body) {
            Ok(Value::Object(fields)) => ["message", "Message", "Error", "Reason", "Description"]
                .iter()
                .find_map(|name| fields.get(*name)?.as_str().map(str::to_owned))
                .unwrap_or_default(),
            Ok(_) => String::new(),
            Err(_) => String::from_utf8_lossy(&self.body).into_owned(),
        };
        let line = without_keys(text.trim());
        line.chars().take(MAX_MESSAGE).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(body: &str) -> Answer {
        Answer {
            status: 400,
            key_id: None,
            wait: None,
            body: body.as_bytes().to_vec(),
        }
    }

    #[test]
    fn messages_are_found_in_every_form_that_occurs() {
        for (body, message) in [
            (r#"{"message":"Domain not found"}"#, "Domain not found"),
            (r#"{"Error":"no"}"#, "no"),
            (r#"{"Reason":"no"}"#, "no"),
            (r#"{"Description":"no"}"#, "no"),
            ("Forbidden", "Forbidden"),
            ("", ""),
            (r#"{"message":{}}"#, ""),
            (r"[1]", ""),
        ] {
            assert_eq!(answer(body).message(), message, "{body}");
        }
    }

    #[test]
    fn no_message_holds_a_key() {
        let secret = "0f".repeat(16) + "-0a0b0c0d-01020304";
        let told = answer(&format!("key {secret}\u{1b}[2J is gone")).message();
        assert_eq!(told, "key **** [2J is gone");
        let long = answer(&format!("{{\"message\":\"{} {secret}\"}}", "x ".repeat(95)));
        assert!(!long.message().contains("0f0f0f"), "{}", long.message());
        assert!(!format!("{:?}", answer(&secret)).contains("0f0f0f"));
    }
}
