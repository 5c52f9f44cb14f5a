//! What a template can do to its inside.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transform {
    Base64,
    Base64Url,
    Hex,
    Percent,
    Crc62,
    Length,
}

impl Transform {
    pub(super) fn named(word: &str) -> Option<Self> {
        Some(match word {
            "b64" => Self::Base64,
            "b64url" => Self::Base64Url,
            "hexenc" => Self::Hex,
            "pct" => Self::Percent,
            "crc62" => Self::Crc62,
            "len" => Self::Length,
            _ => return None,
        })
    }

    /// Whether the inside still stands, at the same offset, in what comes out.
    pub(super) fn keeps_bytes(self) -> bool {
        self == Self::Crc62
    }

    pub(super) fn apply(self, inside: &[u8]) -> Vec<u8> {
        match self {
            Self::Base64 => STANDARD.encode(inside).into_bytes(),
            Self::Base64Url => URL_SAFE_NO_PAD.encode(inside).into_bytes(),
            Self::Hex => inside.iter().flat_map(|byte| hex_pair(*byte)).collect(),
            Self::Percent => percent(inside),
            Self::Crc62 => [inside, &base62(crc32(inside))].concat(),
            Self::Length => inside.len().to_string().into_bytes(),
        }
    }
}

fn hex_pair(byte: u8) -> [u8; 2] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    [
        DIGITS[usize::from(byte >> 4)],
        DIGITS[usize::from(byte & 15)],
    ]
}

/// All but the unreserved characters of RFC 3986, section 2.3.
fn percent(inside: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(inside.len());
    for &byte in inside {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(byte);
        } else {
            out.push(b'%');
            out.extend(hex_pair(byte).map(|digit| digit.to_ascii_uppercase()));
        }
    }
    out
}

/// CRC-32 as in zlib and PNG (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = !0u32;
    for &byte in bytes {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
        }
    }
    !crc
}

/// Six digits, most significant first; the digits are `0-9A-Za-z`, as in GitHub's and npm's tokens.
fn base62(mut number: u32) -> [u8; 6] {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut out = [b'0'; 6];
    for digit in out.iter_mut().rev() {
        *digit = DIGITS[(number % 62) as usize];
        number /= 62;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crc32_has_the_standard_check_value() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn base62_counts_like_github() {
        assert_eq!(&base62(0), b"000000");
        assert_eq!(&base62(61), b"00000z");
        assert_eq!(&base62(62), b"000010");
        assert_eq!(&base62(u32::MAX), b"4gfFC3");
    }

    #[test]
    fn percent_spares_unreserved_characters_only() {
        assert_eq!(
            percent("a-Z_0.~@ ü".as_bytes()),
            b"a-Z_0.~%40%20%C3%BC".to_vec()
        );
    }
}
