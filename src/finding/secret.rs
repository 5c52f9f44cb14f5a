//! The bytes that no report may hold.

use std::fmt;

/// Below this length a mask shows nothing of the secret: four characters of a short password are
/// a large part of it.
const MIN_LEN_FOR_A_HINT: usize = 16;
/// How many leading characters a mask shows of a long secret.
const HINT_LEN: usize = 4;
/// A secret of this length is the same credential wherever it stands, whichever rule found it. Shorter ones are
/// passwords, and two services may have the same.
const UNIQUE_LEN: usize = 16;

/// The raw bytes of a credential.
///
/// It has no `Display` and no `Serialize`, and its `Debug` is its mask, so that a secret cannot
/// reach an output by accident. What reports ask for is [`Secret::mask`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Secret(Box<[u8]>);

impl Secret {
    /// Takes the bytes in.
    pub fn new(bytes: impl Into<Box<[u8]>>) -> Self {
        Self(bytes.into())
    }

    /// The bytes themselves: for hashing, for comparing, for finding them in text that has to be
    /// redacted, and for `--show-secrets` on a terminal. Nothing else may call this.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// Whether it is the same credential wherever it stands, whichever rule found it.
    pub fn is_unique(&self) -> bool {
        self.0.len() >= UNIQUE_LEN
    }

    /// What may be shown: at most the first four characters of a long secret, never its length.
    pub fn mask(&self) -> String {
        let shown = if self.0.len() >= MIN_LEN_FOR_A_HINT {
            HINT_LEN
        } else {
            0
        };
        let hint: String = self.0[..shown]
            .iter()
            .map(|&b| char::from(b))
            .take_while(char::is_ascii_graphic)
            .collect();
        hint + "****"
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({})", self.mask())
    }
}
