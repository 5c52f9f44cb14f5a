//! Values as PHP's `serialize` writes them: <https://www.php.net/manual/en/function.serialize.php>.
//!
//! `a:1:{s:6:"apiKey";s:3:"abc";}` becomes `"apiKey" => "abc",`, a line an element, so that what reads
//! assignments can read it. The quotes may be escaped, as in SQL dumps and JSON.

mod outline;
mod reader;
mod start;

use super::Decoded;
use outline::Outline;
use reader::{Item, Quoting, Reader};

const MAX_SOURCE: usize = 256 * 1024;
const MAX_DEPTH: usize = 32;

/// Decodes the elements around the `;s:` at `at`: from the outermost array or object whose start can be
/// told, to where it ends or where something is wrong, such as a string's length. Elements before that are
/// kept; without any there is nothing decoded.
pub(super) fn decode(text: &[u8], at: usize) -> Option<Decoded> {
    let quoting = match text[..at] {
        [.., b'\\', b'"'] => Quoting::Escaped,
        [.., b'"' | b'N' | b'0'..=b'9'] => quoting_after(text, at)?,
        _ => return None,
    };
    let starts = start::of(text, at, quoting)?;
    decode_from(text, starts.outermost, quoting)
        .filter(|decoded| decoded.source.end > at)
        .or_else(|| decode_from(text, starts.innermost, quoting))
        .filter(|decoded| decoded.source.end > at)
}

fn decode_from(text: &[u8], start: usize, quoting: Quoting) -> Option<Decoded> {
    let end = text.len().min(start + MAX_SOURCE);
    let mut reader = Reader::new(&text[..end], start, quoting);
    let mut outline = Outline::new(text, start);
    let mut done = start;
    while outline.depth() <= MAX_DEPTH && element(&mut reader, &mut outline).is_some() {
        done = reader.position();
    }
    outline.finish(done)
}

/// The quoting of the string after `;s:`.
fn quoting_after(text: &[u8], at: usize) -> Option<Quoting> {
    let after = text.get(at + 3..)?;
    let digits = after
        .iter()
        .take(8)
        .take_while(|byte| byte.is_ascii_digit());
    match after.get(digits.count()..)? {
        [b':', b'"', ..] => Some(Quoting::Plain),
        [b':', b'\\', b'"', ..] => Some(Quoting::Escaped),
        _ => None,
    }
}

/// One element, or the end of an array or object.
fn element(reader: &mut Reader<'_>, outline: &mut Outline<'_>) -> Option<()> {
    if reader.take(b"}") {
        outline.close();
        return Some(());
    }
    let key = reader
        .item()
        .filter(|item| matches!(item, Item::String(_) | Item::Plain(_)))?;
    let value = reader.item()?;
    outline.element(&key, &value);
    Some(())
}

#[cfg(test)]
mod tests;
