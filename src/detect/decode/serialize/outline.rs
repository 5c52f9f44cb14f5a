//! Writes elements as lines that read like PHP's arrays.

use memchr::memchr;

use super::super::Decoded;
use super::super::span::Builder;
use super::reader::{Content, Item, escape_at};
use crate::finding::Decoder;

/// Elements on their way to text.
pub(super) struct Outline<'t> {
    text: &'t [u8],
    start: usize,
    /// Where in the text the last string or number that was written ends.
    written: usize,
    /// What stands for the punctuation since then.
    pending: Vec<u8>,
    out: Builder,
    depth: usize,
}

impl<'t> Outline<'t> {
    pub(super) fn new(text: &'t [u8], start: usize) -> Self {
        Self {
            text,
            start,
            written: start,
            pending: Vec::new(),
            out: Builder::new(),
            depth: 0,
        }
    }

    /// How many arrays and objects are open.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// Writes one element.
    pub(super) fn element(&mut self, key: &Item, value: &Item) {
        self.item(key, true);
        self.pending.extend_from_slice(b" => ");
        self.item(value, false);
        match value {
            Item::Open => {
                self.depth += 1;
                self.pending.extend_from_slice(b"[\n");
            }
            _ => self.pending.extend_from_slice(b",\n"),
        }
    }

    /// Ends an array or object.
    pub(super) fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.pending.extend_from_slice(b"],\n");
    }

    /// What was written, up to `end` in the text.
    pub(super) fn finish(mut self, end: usize) -> Option<Decoded> {
        self.flush(self.written);
        self.out.finish(Decoder::PhpSerialize, self.start..end)
    }

    fn flush(&mut self, source: usize) {
        self.out.replace(source, &self.pending);
        self.pending.clear();
    }

    fn item(&mut self, item: &Item, is_key: bool) {
        match item {
            Item::String(content) => self.string(content, is_key),
            Item::Plain(source) => {
                self.flush(self.written);
                self.out.copy(self.text, source.clone());
                self.written = source.end;
            }
            Item::Open => {}
        }
    }

    /// The name of a private or protected property has its class before it, between NULs.
    fn string(&mut self, content: &Content, is_key: bool) {
        let source = &self.text[content.source.clone()];
        let quote = match memchr(b'"', source) {
            Some(_) if memchr(b'\'', source).is_none() => b'\'',
            _ => b'"',
        };
        self.pending.push(quote);
        self.flush(self.written);
        let mut content = content.clone();
        if is_key {
            content.source.start += class_prefix(source);
        }
        match content.escaped {
            true => self.unescape(&content),
            false => self.out.copy(self.text, content.source.clone()),
        }
        self.written = content.source.end;
        self.pending.push(quote);
    }

    fn unescape(&mut self, content: &Content) {
        let mut at = content.source.start;
        let mut copied = at;
        while let Some(written) = escape_at(&self.text[at..content.source.end]) {
            if written.len > 1 {
                self.out.copy(self.text, copied..at);
                self.out.replace(at, &[written.byte]);
                copied = at + written.len;
            }
            at += written.len;
        }
        self.out.copy(self.text, copied..content.source.end);
    }
}

/// The length of `\0Class\0`, with NULs or with `\0` as SQL writes them.
fn class_prefix(key: &[u8]) -> usize {
    let nul: &[u8] = match key {
        [0, ..] => b"\0",
        [b'\\', b'0', ..] => b"\\0",
        _ => return 0,
    };
    memchr::memmem::find(&key[nul.len()..], nul).map_or(0, |at| at + 2 * nul.len())
}
