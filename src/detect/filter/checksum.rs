//! Checks that a credential carries in itself.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value};

use super::base62;
use crate::rules::model::Checksum;

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// Longer values are no keys or tokens.
const MAX_LEN: usize = 64 * 1024;
/// What an OpenSSH key starts with:
/// <https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key>.
const OPENSSH: &[u8] = b"openssh-key-v1\0";

/// Whether the value's own checksum or structure is right.
pub fn checksum(kind: Checksum, value: &[u8]) -> bool {
    value.len() <= MAX_LEN
        && match kind {
            Checksum::Crc32Base62 => has_check_digits(value),
            Checksum::Jwt => is_jwt(value),
            Checksum::Pem => is_pem(value),
        }
}

fn has_check_digits(token: &[u8]) -> bool {
    let body = token.rsplit(|&byte| byte == b'_').next().unwrap_or(token);
    match body.split_last_chunk::<{ base62::LEN }>() {
        Some((checked, digits)) => !checked.is_empty() && base62::check_digits(checked) == *digits,
        None => false,
    }
}

/// Header and payload are objects; the signature may be empty, but its dot is there.
fn is_jwt(token: &[u8]) -> bool {
    let parts: Vec<&[u8]> = token.splitn(4, |&byte| byte == b'.').collect();
    match parts[..] {
        [header, payload, _] => is_object(header) && is_object(payload),
        _ => false,
    }
}

fn is_object(part: &[u8]) -> bool {
    URL_SAFE
        .decode(part)
        .is_ok_and(|json| serde_json::from_slice::<Map<String, Value>>(&json).is_ok())
}

/// The text between the `-----` lines, with or without them, its line ends perhaps written as `\n`.
fn is_pem(text: &[u8]) -> bool {
    let body = strip_armour(text);
    let unfolded = without_line_ends(body);
    match STANDARD.decode(&unfolded) {
        Ok(bytes) => bytes.starts_with(OPENSSH) || is_der_sequence(&bytes),
        Err(_) => has_encryption_header(body),
    }
}

fn strip_armour(text: &[u8]) -> &[u8] {
    let Some(begin) = memchr::memmem::find(text, b"-----BEGIN") else {
        return text;
    };
    let after = &text[begin + 10..];
    let body = memchr::memmem::find(after, b"-----").map_or(after, |at| &after[at + 5..]);
    memchr::memmem::find(body, b"-----END").map_or(body, |at| &body[..at])
}

fn without_line_ends(body: &[u8]) -> Vec<u8> {
    let mut unfolded = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match (byte, after) {
            (b'\\', [b'n' | b'r', tail @ ..]) => rest = tail,
            (b'\\', [b'\n' | b'\r', ..]) => {}
            _ if byte.is_ascii_whitespace() => {}
            _ => unfolded.push(byte),
        }
    }
    unfolded
}

/// A sequence in DER whose length is that of all the bytes:
/// <https://www.itu.int/rec/T-REC-X.690>, 8.1.3.
fn is_der_sequence(bytes: &[u8]) -> bool {
    let (header, length) = match *bytes {
        [0x30, short @ ..=0x7f, ..] => (2, usize::from(short)),
        [0x30, 0x81, one, ..] => (3, usize::from(one)),
        [0x30, 0x82, high, low, ..] => (4, usize::from(high) << 8 | usize::from(low)),
        _ => return false,
    };
    header + length == bytes.len()
}

/// Keys in the old encrypted format have headers before the base64:
/// <https://www.rfc-editor.org/rfc/rfc1421#section-4.6>.
fn has_encryption_header(body: &[u8]) -> bool {
    memchr::memmem::find(body, b"Proc-Type: 4,ENCRYPTED").is_some()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn token(body: &str) -> String {
        let digits = base62::check_digits(body.as_bytes());
        format!("pre_{body}{}", String::from_utf8_lossy(&digits))
    }

    #[test]
    fn crc32_is_of_what_follows_the_last_underscore() {
        let good = token("abcDEF123");
        assert!(checksum(Checksum::Crc32Base62, good.as_bytes()));
        assert!(!checksum(
            Checksum::Crc32Base62,
            good.replace("abc", "abd").as_bytes()
        ));
        assert!(!checksum(Checksum::Crc32Base62, b"pre_"));
        assert!(!checksum(Checksum::Crc32Base62, b"000000"));
    }

    #[test]
    fn jwt_parts_are_objects() {
        let part = |json: &str| URL_SAFE.encode(json).replace('=', "");
        let of = |header: &str, payload: &str| format!("{}.{}.c2ln", part(header), part(payload));
        assert!(checksum(
            Checksum::Jwt,
            of(r#"{"alg":"HS256"}"#, r#"{"sub":1}"#).as_bytes()
        ));
        assert!(!checksum(
            Checksum::Jwt,
            of(r#"{"alg":"HS256"}"#, "[1]").as_bytes()
        ));
        assert!(!checksum(Checksum::Jwt, of("x", "{}").as_bytes()));
        assert!(!checksum(Checksum::Jwt, part("{}").as_bytes()));
    }

    fn pem(bytes: &[u8], line_end: &str) -> String {
        let body = STANDARD.encode(bytes);
        let lines: Vec<String> = body
            .as_bytes()
            .chunks(64)
            .map(|line| String::from_utf8_lossy(line).into_owned())
            .collect();
        let (dashes, kind) = ("-----", "PRIVATE KEY");
        format!(
            "{dashes}BEGIN {kind}{dashes}{line_end}{}{line_end}{dashes}END {kind}{dashes}",
            lines.join(line_end)
        )
    }

    #[test]
    fn pem_holds_der_or_openssh() {
        let mut der = vec![0x30, 0x82, 0x01, 0x00];
        der.extend([7; 256]);
        for line_end in ["\n", "\r\n", "\\n", "\\\n", " "] {
            assert!(
                checksum(Checksum::Pem, pem(&der, line_end).as_bytes()),
                "{line_end:?}"
            );
        }
        assert!(checksum(Checksum::Pem, STANDARD.encode(&der).as_bytes()));
        assert!(checksum(
            Checksum::Pem,
            pem(b"openssh-key-v1\0abc", "\n").as_bytes()
        ));
        der.pop();
        assert!(!checksum(Checksum::Pem, pem(&der, "\n").as_bytes()));
        assert!(!checksum(Checksum::Pem, b"... your key here ..."));
        assert!(checksum(
            Checksum::Pem,
            b"Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nabcd"
        ));
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(value in prop::collection::vec(any::<u8>(), 0..200)) {
            for kind in [Checksum::Crc32Base62, Checksum::Jwt, Checksum::Pem] {
                checksum(kind, &value);
            }
        }
    }
}
