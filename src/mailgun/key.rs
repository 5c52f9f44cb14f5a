//! The key that a call is made with.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::finding::Secret;

/// Longer than any key that Mailgun has given out.
const MAX_LEN: usize = 256;

/// An API key. Its `Debug` is a mask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey(Secret);

/// A text that cannot be sent as a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoKey;

impl fmt::Display for NoKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this is no API key: a key is one word of letters, digits and dashes")
    }
}

impl std::error::Error for NoKey {}

impl ApiKey {
    /// Takes a key in; white space around it is left out.
    ///
    /// # Errors
    /// It is empty, too long, or holds characters that no key has.
    pub fn new(text: &str) -> Result<Self, NoKey> {
        let text = text.trim();
        let is_part = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        if text.is_empty() || text.len() > MAX_LEN || !text.bytes().all(is_part) {
            return Err(NoKey);
        }
        Ok(Self(Secret::new(text.as_bytes())))
    }

    /// The id that Mailgun's own lists name the key by: the end of a key of today's form. Older keys do not show it.
    pub fn id(&self) -> Option<&str> {
        let text = std::str::from_utf8(self.0.expose()).ok()?;
        let mut parts = text.splitn(2, '-');
        let (body, id) = (parts.next()?, parts.next()?);
        let is_hex = |part: &str| part.bytes().all(|b| b.is_ascii_hexdigit());
        let is_modern = body.len() == 32 && is_hex(body) && is_key_id(id);
        is_modern.then_some(id)
    }

    /// What has to be kept out of every text.
    pub fn secret(&self) -> &Secret {
        &self.0
    }

    /// The value of the `Authorization` header.
    pub(super) fn authorization(&self) -> String {
        let pair = [b"api:", self.0.expose()].concat();
        format!("Basic {}", BASE64_STANDARD.encode(pair))
    }
}

/// `3af52e3b-7c19d0e4`
pub(super) fn is_key_id(text: &str) -> bool {
    let is_half = |half: &str| half.len() == 8 && half.bytes().all(|b| b.is_ascii_hexdigit());
    text.split_once('-')
        .is_some_and(|(left, right)| is_half(left) && is_half(right))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::template::render;

    fn key(template: &str) -> ApiKey {
        let text = render(template, 7).unwrap().text;
        ApiKey::new(std::str::from_utf8(&text).unwrap()).unwrap()
    }

    #[test]
    fn the_id_is_the_end_of_a_key_of_today() {
        let modern = key("{hex:32}-{hex:8}-{hex:8}");
        let id = modern.id().unwrap();
        assert_eq!(id.len(), 17);
        assert!(modern.secret().expose().ends_with(id.as_bytes()));
        assert_eq!(key("key-{base36:32}").id(), None);
        assert_eq!(key("{hex:31}-{hex:8}-{hex:8}").id(), None);
        assert_eq!(key("{hex:32}-{hex:8}-{hex:9}").id(), None);
    }

    #[test]
    fn what_could_change_a_header_is_no_key() {
        for text in ["", "  ", "a b", "a\r\nX: y", "a:b", "ä"] {
            assert_eq!(ApiKey::new(text), Err(NoKey), "{text:?}");
        }
        assert!(ApiKey::new(&"a".repeat(MAX_LEN + 1)).is_err());
        assert!(ApiKey::new(" abc\n").is_ok());
    }
}
