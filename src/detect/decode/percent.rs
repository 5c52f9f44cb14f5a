//! `%41`: <https://www.rfc-editor.org/rfc/rfc3986#section-2.1>. `+` stays `+`: most values with one are
//! base64 and no form data.

use super::escapes::{Notation, Unescaped};

pub(super) const NOTATION: Notation = Notation {
    lead: b'%',
    unescape,
};

fn unescape(text: &[u8]) -> Option<Unescaped> {
    let digits = text.strip_prefix(b"%")?.get(..2)?;
    let high = char::from(digits[0]).to_digit(16)?;
    let low = char::from(digits[1]).to_digit(16)?;
    Some(Unescaped::byte(3, (high << 4 | low) as u8))
}
