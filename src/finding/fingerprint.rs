//! Naming a secret without holding it.

use std::fmt;

use hmac::Hmac;
use serde::{Serialize, Serializer};
use sha2::Sha256;

use super::Secret;

/// Guessing a weak password from its fingerprint costs this many hashes a guess.
const ROUNDS: u32 = 1024;

/// The key under which fingerprints are made. The same key gives the same fingerprints.
#[derive(Clone)]
pub struct FingerprintKey(Vec<u8>);

impl FingerprintKey {
    /// A key of one's own: who does not have it cannot test guesses against a fingerprint.
    pub fn new(key: impl Into<Vec<u8>>) -> Self {
        Self(key.into())
    }
}

impl fmt::Debug for FingerprintKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FingerprintKey(****)")
    }
}

impl Default for FingerprintKey {
    /// The public key: fingerprints are comparable between machines, and guesses can be tested,
    /// slowly.
    fn default() -> Self {
        Self(b"spillcheck public fingerprint key 1".to_vec())
    }
}

/// A keyed, slow hash of a rule's id and a secret: 128 bits, as 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// Computes it: PBKDF2-HMAC-SHA-256 of the secret, salted with key and rule.
    pub fn of(key: &FingerprintKey, rule: &str, secret: &Secret) -> Self {
        let mut salt = key.0.clone();
        salt.push(0);
        salt.extend_from_slice(rule.as_bytes());
        let mut out = [0; 16];
        // The only error is an output length that HMAC refuses, and this one is a constant.
        let _ = pbkdf2::pbkdf2::<Hmac<Sha256>>(secret.expose(), &salt, ROUNDS, &mut out);
        Self(out)
    }
}

/// In lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
