//! The encodings that a secret was found under.

use serde::{Deserialize, Serialize};

/// One step of decoding between the bytes of the file and the secret.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Decoder {
    /// RFC 4648 section 4, padded or not.
    Base64,
    /// RFC 4648 section 5, padded or not.
    Base64Url,
    /// Pairs of hexadecimal digits.
    Hex,
    /// `%41`, as in URLs.
    Percent,
    /// `&quot;`, `&#34;`, `&#x22;`.
    Html,
    /// `\"`, `\/`, `\u0041`, as in JSON and JavaScript strings.
    JsonEscape,
    /// `\x41`, `\101`, `\u{41}`, as in PHP's double-quoted strings.
    PhpEscape,
    /// `s:5:"value";`, with its length checked.
    PhpSerialize,
    /// The lines of a swap file of Vim, which holds them in another order.
    VimSwap,
}

impl Decoder {
    /// How many there are: `decoder as usize` is below it.
    pub const COUNT: usize = 9;

    /// The name that reports use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Base64 => "base64",
            Self::Base64Url => "base64url",
            Self::Hex => "hex",
            Self::Percent => "percent",
            Self::Html => "html",
            Self::JsonEscape => "json-escape",
            Self::PhpEscape => "php-escape",
            Self::PhpSerialize => "php-serialize",
            Self::VimSwap => "vim-swap",
        }
    }
}
