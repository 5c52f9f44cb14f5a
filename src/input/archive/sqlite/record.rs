//! The values of a row (2).

use std::borrow::Cow;

use super::super::super::sniff::{self, Content};
use super::pages::TextEncoding;

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'r> {
    /// Also what the row has no bytes for.
    Null,
    /// A whole number.
    Integer(i64),
    /// Any other.
    Real(f64),
    /// Text, and bytes that look like it.
    Text(Cow<'r, str>),
    /// Other bytes.
    Binary,
}

/// A number of one to nine bytes, of which each but the last gives seven bits, and what stands behind it (1.6).
pub(super) fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut number = 0;
    for (index, &byte) in bytes.iter().enumerate().take(9) {
        if index == 8 {
            return Some(((number << 8) | u64::from(byte), &bytes[9..]));
        }
        number = (number << 7) | u64::from(byte & 0x7f);
        if byte < 0x80 {
            return Some((number, &bytes[index + 1..]));
        }
    }
    None
}

/// The values of a record, in order. One that is cut off ends them.
pub(super) struct Values<'r> {
    header: &'r [u8],
    body: &'r [u8],
    encoding: TextEncoding,
}

impl<'r> Values<'r> {
    /// Of the payload of a row.
    pub(super) fn new(payload: &'r [u8], encoding: TextEncoding) -> Self {
        let (len, header) = varint(payload).unwrap_or_default();
        let len = usize::try_from(len)
            .unwrap_or(usize::MAX)
            .min(payload.len());
        let own = payload.len() - header.len();
        Self {
            header: &header[..len.saturating_sub(own)],
            body: &payload[len..],
            encoding,
        }
    }

    /// The value of a serial type, which takes its bytes from the body.
    fn value(&mut self, kind: u64) -> Option<Value<'r>> {
        Some(match kind {
            8 | 9 => Value::Integer(i64::from(kind == 9)),
            1..=6 => Value::Integer(self.integer([1, 2, 3, 4, 6, 8][kind as usize - 1])?),
            7 => Value::Real(f64::from_bits(self.integer(8)?.cast_unsigned())),
            12.. => {
                let len = usize::try_from((kind - 12) / 2).ok()?;
                // Of what is cut off the start is a value.
                let (bytes, rest) = self.body.split_at(len.min(self.body.len()));
                self.body = rest;
                if kind % 2 == 1 {
                    Value::Text(self.text(bytes))
                } else {
                    blob(bytes)
                }
            }
            _ => Value::Null,
        })
    }

    fn integer(&mut self, len: usize) -> Option<i64> {
        let (bytes, rest) = self.body.split_at_checked(len)?;
        self.body = rest;
        let start = if bytes[0] >= 0x80 { -1 } else { 0 };
        let number = bytes
            .iter()
            .fold(start, |sum, &byte| (sum << 8) | i64::from(byte));
        Some(number)
    }

    fn text(&self, bytes: &'r [u8]) -> Cow<'r, str> {
        match self.encoding {
            TextEncoding::Utf8 => String::from_utf8_lossy(bytes),
            TextEncoding::Utf16Le => encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0,
            TextEncoding::Utf16Be => encoding_rs::UTF_16BE.decode_without_bom_handling(bytes).0,
        }
    }
}

impl<'r> Iterator for Values<'r> {
    type Item = Value<'r>;

    fn next(&mut self) -> Option<Value<'r>> {
        let (kind, rest) = varint(self.header)?;
        self.header = rest;
        self.value(kind)
    }
}

fn blob(bytes: &[u8]) -> Value<'_> {
    match sniff::sniff(bytes) {
        _ if bytes.is_empty() => Value::Null,
        Content::Text(..) => match std::str::from_utf8(bytes) {
            Ok(text) => Value::Text(Cow::Borrowed(text)),
            Err(_) => Value::Binary,
        },
        _ => Value::Binary,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_up_to_nine_bytes() {
        assert_eq!(varint(b"\x05x"), Some((5, &b"x"[..])));
        assert_eq!(varint(b"\x81\x00"), Some((128, &b""[..])));
        assert_eq!(varint(&[0xff; 10]), Some((u64::MAX, &[0xff][..])));
        assert_eq!(varint(b"\x81"), None);
    }

    #[test]
    fn values_are_of_all_kinds() {
        let payload =
            b"\x08\x00\x01\x02\x09\x17\x10\x07\xff\x01\x00hello\0\x01\x3f\xf8\0\0\0\0\0\0";
        let values: Vec<Value<'_>> = Values::new(payload, TextEncoding::Utf8).collect();
        let expected = [
            Value::Null,
            Value::Integer(-1),
            Value::Integer(256),
            Value::Integer(1),
            Value::Text("hello".into()),
            Value::Binary,
            Value::Real(1.5),
        ];
        assert_eq!(values, expected);
    }

    #[test]
    fn a_record_that_is_cut_gives_what_is_there() {
        let cut: Vec<Value<'_>> = Values::new(b"\x03\x17\x06he", TextEncoding::Utf8).collect();
        assert_eq!(cut, [Value::Text("he".into())]);
        for len in 0..6 {
            let _ = Values::new(&b"\xff\x03\x17\x06h"[..len.min(5)], TextEncoding::Utf16Le).count();
        }
    }
}
