//! What is encoded in a text: looked into by a pass of its own.

use std::ops::Range;

use crate::finding::Decoder;

use super::words::value_of;
use super::{Found, MIN_RUN, Pass};
use crate::detect::candidate::Name;
use crate::detect::decode::{self, Decoded};
use crate::detect::lexer::{self, Assignment, Syntax};
use crate::detect::value;

/// Encodings inside of encodings are looked into this deep.
pub(super) const MAX_DEPTH: usize = 3;
/// What stands before hexadecimal digits in dumps of MySQL and in programs.
const HEX_PREFIX: &[u8] = b"0x";
/// How far a key of a serialized array is followed.
const MAX_KEY: usize = 80;

impl<'a> Pass<'a> {
    /// A pass over text that was decoded in this one.
    pub(super) fn inside<'b>(&self, decoded: &'b Decoded) -> Pass<'b>
    where
        'a: 'b,
    {
        Pass {
            syntax: syntax_inside(decoded, self.syntax),
            depth: self.depth + 1,
            ..Pass::new(self.engine, self.file, &decoded.bytes)
        }
    }

    /// Decodes a run of base64 or hexadecimal characters; gives the end of what was decoded.
    pub(super) fn meet_run(&mut self, mut run: Range<usize>) -> usize {
        let mut end = run.start;
        if self.text[run.clone()].starts_with(HEX_PREFIX) {
            run.start += HEX_PREFIX.len();
        }
        while run.len() >= MIN_RUN {
            let Some(decoded) = decode::run(self.text, run.clone()) else {
                break;
            };
            self.look_into(&decoded);
            end = decoded.source.end;
            run.start = end.max(run.start + 1);
        }
        end
    }

    pub(super) fn meet_named_decoded(&mut self, rule: usize, decoded: &Decoded, name: &Name) {
        let compiled = self.rule(rule);
        if !self.is_for_this_file(compiled) {
            return;
        }
        if let Some((secret, groups)) = value_of(compiled, &decoded.bytes) {
            let mut inner = self.inside(decoded);
            inner.consider(rule, secret, Some(name.clone()), groups);
            self.adopt(inner.found, decoded);
        }
    }

    /// The value without the escapes of its notation.
    pub(super) fn unescaped(&self, assignment: &Assignment) -> Option<Decoded> {
        if self.depth >= MAX_DEPTH {
            return None;
        }
        let quoted = assignment.quoted;
        let decoder = match self.syntax {
            Syntax::Xml | Syntax::Text => Decoder::Html,
            Syntax::Json | Syntax::Js if quoted => Decoder::JsonEscape,
            Syntax::Php | Syntax::Code
                if quoted && self.text[..assignment.value.start].ends_with(b"\"") =>
            {
                Decoder::PhpEscape
            }
            _ => return None,
        };
        decode::escaped(self.text, assignment.value.clone(), decoder)
    }

    pub(super) fn meet_escaped(&mut self, assignment: &Assignment, decoded: &Decoded) {
        if !value::may_be_credential(&decoded.bytes, self.file.syntax) {
            return;
        }
        let name = self.name(assignment.name.clone());
        for rule in self.engine.rules.assigned_to(&name.dotted) {
            self.meet_named_decoded(rule, decoded, &name);
        }
        let mut inner = self.inside(decoded).run_passes();
        if !decoded.bytes.iter().any(|byte| b" \n\"'".contains(byte)) {
            for candidate in &mut inner.candidates {
                candidate.name = Some(name.clone());
            }
        }
        self.adopt(inner, decoded);
    }

    pub(super) fn meet_escape(&mut self, at: usize, decoder: Decoder) {
        if self.depth >= MAX_DEPTH || at < self.escapes_end[decoder as usize] {
            return;
        }
        if let Some(decoded) = decode::around(self.text, at, decoder) {
            self.escapes_end[decoder as usize] = decoded.source.end;
            self.look_into(&decoded);
        }
    }

    /// Looks for candidates in decoded text.
    pub(super) fn look_into(&mut self, decoded: &Decoded) {
        if self.depth >= MAX_DEPTH {
            return;
        }
        let inner = self.inside(decoded).run_passes();
        self.adopt(inner, decoded);
    }

    fn adopt(&mut self, inner: Found, decoded: &Decoded) {
        for rule in inner.signals {
            self.signal(rule);
        }
        self.found.capped.extend(inner.capped);
        for mut candidate in inner.candidates {
            candidate.span = decoded.source_span(candidate.span);
            candidate.decoders.insert(0, decoded.decoder);
            self.keep(candidate);
        }
    }
}

/// The semicolon after the key of a serialized PHP array, `s:4:"pass";s:…`, of which a part stands at `at`.
/// Dumps are full of serialized arrays; those without such a key hold no assignment that is looked for.
pub(super) fn end_of_serialized_key(text: &[u8], at: usize) -> Option<usize> {
    let window = &text[at..text.len().min(at + MAX_KEY)];
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.".contains(byte);
    let name_start = window.iter().take(3).position(is_name)?;
    let name_end = name_start
        + window[name_start..]
            .iter()
            .position(|byte| !is_name(byte))?;
    let after = &window[name_end..];
    let escape = usize::from(after.starts_with(b"\\"));
    after[escape..]
        .starts_with(b"\";s:")
        .then_some(at + name_end + escape + 1)
}

/// The notation of decoded text.
fn syntax_inside(decoded: &Decoded, around: Syntax) -> Syntax {
    match decoded.decoder {
        Decoder::JsonEscape => Syntax::Json,
        Decoder::PhpSerialize | Decoder::PhpEscape => Syntax::Php,
        Decoder::Percent | Decoder::Html | Decoder::VimSwap => around,
        Decoder::Base64 | Decoder::Base64Url | Decoder::Hex => {
            match lexer::syntax_of("", &decoded.bytes) {
                Syntax::Text => Syntax::Env,
                syntax => syntax,
            }
        }
    }
}
