//! Literals that a conversion or a constructor is given: `SecretStr("b")`, `[]byte("b")`, `String::from("b")`.

use super::fallback::past_keyword;
use super::source::{Source, Span, is_joined, is_word};
use super::values::{Literal, quoted_at};

/// The longest `module.Type` before the bracket, in bytes.
const MAX_PATH: usize = 64;

/// Functions whose value is what they are given, in another type, another encoding, or hashed.
const WRAPPERS: [&[u8]; 44] = [
    b"String",
    b"str",
    b"string",
    b"basic_string",
    b"string_view",
    b"StringLiteral",
    b"QStringLiteral",
    b"QLatin1String",
    b"QString",
    b"QByteArray",
    b"T",
    b"_T",
    b"TEXT",
    b"F",
    b"PSTR",
    b"byte",
    b"bytes",
    b"bytearray",
    b"from",
    b"fromString",
    b"GetBytes",
    b"encode",
    b"unhexlify",
    b"fromhex",
    b"hex2bin",
    b"b64decode",
    b"base64_decode",
    b"atob",
    b"Some",
    b"Just",
    b"Secret",
    b"SecretStr",
    b"SecretString",
    b"SecureString",
    b"Sensitive",
    b"Field",
    b"Credential",
    b"Password",
    b"bcrypt",
    b"password_hash",
    b"make",
    b"generate_password_hash",
    b"make_password",
    b"quote",
];

/// The literal that stands first in the brackets of a conversion at the offset, or in brackets alone.
pub(super) fn wrapped_at(source: Source<'_>, at: usize) -> Option<Literal> {
    let start = if source.starts(at, b"new ") {
        source.blanks(at + 4)
    } else if source.starts(at, b"[]") {
        at + 2
    } else {
        at
    };
    let open = source.skip(start, MAX_PATH, |byte| is_joined(byte) || byte == b':');
    if source.starts(start, b"ConvertTo-SecureString ") {
        let options = source.blanks(open);
        let literal = if source.starts(options, b"-String ") {
            source.blanks(options + 8)
        } else {
            options
        };
        return quoted_at(source, literal).map(|found| found.0);
    }
    if !matches!(source.at(open), b'(' | b'{') || !is_wrapper(source, start, open) {
        return None;
    }
    let literal = past_keyword(source, source.space(open + 1));
    quoted_at(source, literal).map(|found| found.0)
}

/// Whether what stands before the bracket is a conversion, or nothing.
fn is_wrapper(source: Source<'_>, start: usize, open: usize) -> bool {
    let word = Span::new(source.skip_back(open, open - start, is_word), open);
    start == open || source.is_any(word, &WRAPPERS)
}
