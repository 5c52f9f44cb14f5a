//! Where serialized text starts, told backwards from a `;` in it.

use memchr::{memmem, memrchr};

use super::reader::{Item, Quoting, Reader};

/// Longer keys and scalars are not looked for backwards.
const MAX_ITEM: usize = 256;
const MAX_ITEMS: usize = 16;
const MAX_LEVELS: usize = 4;

/// Where reading may start for the item that ends at `semicolon`.
pub(super) struct Starts {
    /// The first element of the outermost array or object whose start can be told.
    pub(super) outermost: usize,
    /// The first element beside the item.
    pub(super) innermost: usize,
}

/// `None` if no item ends there.
pub(super) fn of(text: &[u8], semicolon: usize, quoting: Quoting) -> Option<Starts> {
    let item = item_before(text, semicolon + 1, quoting)?;
    let innermost = first_sibling(text, item, quoting);
    let mut outermost = innermost;
    for _ in 0..MAX_LEVELS {
        match key_of_container(text, outermost, quoting) {
            Some(key) => outermost = first_sibling(text, key, quoting),
            None => break,
        }
    }
    Some(Starts {
        outermost,
        innermost,
    })
}

fn first_sibling(text: &[u8], start: usize, quoting: Quoting) -> usize {
    let siblings = std::iter::successors(Some(start), |&at| item_before(text, at, quoting));
    siblings.take(MAX_ITEMS).last().unwrap_or(start)
}

/// Where the string or scalar starts whose semicolon is the last byte before `end`.
fn item_before(text: &[u8], end: usize, quoting: Quoting) -> Option<usize> {
    let window_start = end.saturating_sub(MAX_ITEM);
    let window = text.get(window_start..end)?.strip_suffix(b";")?;
    let start = match window {
        [.., b'"'] => string_start(window)?,
        _ => scalar_start(window)?,
    };
    let mut reader = Reader::new(&text[..end], window_start + start, quoting);
    let item = reader.item()?;
    (reader.position() == end && !matches!(item, Item::Open)).then_some(window_start + start)
}

/// `s:3:"abc"` at the end of the window: its `s`.
fn string_start(window: &[u8]) -> Option<usize> {
    let opening = memmem::rfind(&window[..window.len() - 1], b":\"")
        .max(memmem::rfind(&window[..window.len() - 1], b":\\\""))?;
    let digits = digits_before(window, opening);
    let letter = opening.checked_sub(digits + 2)?;
    matches!(window[letter..], [b's' | b'E', b':', ..]).then_some(letter)
}

/// `i:5` at the end of the window: its `i`.
fn scalar_start(window: &[u8]) -> Option<usize> {
    let tail = window.len().saturating_sub(32);
    match memrchr(b':', &window[tail..]) {
        Some(colon) => (tail + colon).checked_sub(1),
        None => window.len().checked_sub(1),
    }
}

fn digits_before(window: &[u8], end: usize) -> usize {
    let digits = window[..end].iter().rev().take(8);
    digits.take_while(|byte| byte.is_ascii_digit()).count()
}

/// If `start` is right after the `{` of an array or object that is an element itself: its key.
fn key_of_container(text: &[u8], start: usize, quoting: Quoting) -> Option<usize> {
    let window_start = start.saturating_sub(MAX_ITEM);
    let head = text[window_start..start].strip_suffix(b":{")?;
    let count = digits_before(head, head.len());
    let head = head[..head.len() - count].strip_suffix(b":")?;
    let letter = match head {
        [.., b'a'] => head.len() - 1,
        [.., b'"'] => class_start(head)?,
        _ => return None,
    };
    item_before(text, window_start + letter, quoting)
}

/// `O:8:"stdClass"` at the end of the window: its `O`.
fn class_start(head: &[u8]) -> Option<usize> {
    let opening = memmem::rfind(&head[..head.len() - 1], b":\"")
        .max(memmem::rfind(&head[..head.len() - 1], b":\\\""))?;
    let letter = opening.checked_sub(digits_before(head, opening) + 2)?;
    matches!(head[letter..], [b'O', b':', ..]).then_some(letter)
}
