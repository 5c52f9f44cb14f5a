//! One pass over one text: from literals to candidates.

use std::ops::Range;

use crate::finding::{Decoder, Secret};
use crate::rules::compile::CompiledRule;
use crate::rules::model::{Files, UrlPart};

use super::candidate::{Candidate, FileKind, Name};
use super::decode::{self, Decoded};
use super::engine::{Engine, Role};
use super::lexer::{self, Assignment, Syntax, UserInfo};
use super::prefilter::Hit;
use super::simd::{self, RunClass};
use super::windows::{self, Windows};
use super::{beside, value};

/// Encodings inside of encodings are looked into this deep.
const MAX_DEPTH: usize = 3;
/// How many candidates of one rule are kept for one text.
const MAX_CANDIDATES: usize = 5_000;
/// The shortest run of base64 or hexadecimal characters that is decoded outside of assignments. It is
/// longer than most identifiers, and shorter than `Basic` credentials with a key in them.
const MIN_RUN: usize = 32;

/// What stands before hexadecimal digits in dumps of MySQL and in programs.
const HEX_PREFIX: &[u8] = b"0x";
/// The longest file that holds nothing but a credential, in bytes.
const MAX_ALONE: usize = 256;
/// How much of a value may stand before the credential in it.
const MAX_VALUE_PREFIX: usize = 64;
/// How far a key of a serialized array is followed.
const MAX_KEY: usize = 80;
/// What documentation writes where a URL has a password.
const SAMPLE_PASSWORDS: [&[u8]; 5] = [b"password", b"pass", b"passwd", b"pwd", b"secret"];

/// What a text gives.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) candidates: Vec<Candidate>,
    /// Rules whose context stands in the text; sorted.
    pub(super) signals: Vec<usize>,
    /// Rules of which not all candidates were kept; sorted.
    pub(super) capped: Vec<usize>,
}

/// One pass over one text.
pub(super) struct Pass<'a> {
    engine: &'a Engine,
    file: &'a FileKind,
    syntax: Syntax,
    text: &'a [u8],
    depth: usize,
    found: Found,
    windows: Windows,
    counts: Vec<u32>,
    last_value: usize,
    escapes_end: [usize; Decoder::COUNT],
}

impl<'a> Pass<'a> {
    /// Looks for candidates in a text and in what is encoded in it.
    pub(super) fn run(engine: &'a Engine, file: &'a FileKind, text: &'a [u8]) -> Found {
        Self::new(engine, file, text).run_passes()
    }

    fn new(engine: &'a Engine, file: &'a FileKind, text: &'a [u8]) -> Self {
        Self {
            engine,
            file,
            syntax: file.syntax,
            text,
            depth: 0,
            found: Found::default(),
            windows: Windows::default(),
            counts: Vec::new(),
            last_value: usize::MAX,
            escapes_end: [0; Decoder::COUNT],
        }
    }

    /// A pass over text that was decoded in this one.
    fn inside<'b>(&self, decoded: &'b Decoded) -> Pass<'b>
    where
        'a: 'b,
    {
        Pass {
            syntax: syntax_inside(decoded, self.syntax),
            depth: self.depth + 1,
            ..Pass::new(self.engine, self.file, &decoded.bytes)
        }
    }

    fn run_passes(mut self) -> Found {
        let pass = &mut self;
        let (engine, text) = (pass.engine, pass.text);
        engine.prefilter.find(text, &mut |hit| pass.meet(hit));
        for pair in &engine.pairs {
            simd::byte_pairs(text, pair.byte, pair.distance, &mut |start| {
                if pair.is_in_word(text, start) {
                    for &rule in &pair.rules {
                        pass.meet_anchor(rule, start..start + pair.distance + 1);
                    }
                }
            });
        }
        if pass.depth == 0 && text.len() <= MAX_ALONE {
            for &rule in &engine.unanchored {
                pass.windows.add(rule, 0..text.len());
            }
        }
        if pass.depth == 0
            && let Some(decoded) = decode::swapped(text)
        {
            pass.look_into(&decoded);
        }
        pass.run_patterns();
        let mut end = 0;
        // Hexadecimal digits are base64 characters, too, so one search finds both.
        simd::runs(text, RunClass::Base64, MIN_RUN, &mut |run| {
            // Wrapped lines are decoded with the first of them.
            if run.end > end {
                end = pass.meet_run(run.start.max(end)..run.end).max(end);
            }
        });
        for list in [&mut pass.found.signals, &mut pass.found.capped] {
            list.sort_unstable();
            list.dedup();
        }
        self.found
    }

    /// Decodes a run of base64 or hexadecimal characters; gives the end of what was decoded.
    fn meet_run(&mut self, mut run: Range<usize>) -> usize {
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

    fn meet(&mut self, hit: Hit) {
        let literal = hit.literal as usize;
        for &role in &self.engine.roles[literal] {
            match role {
                Role::Pattern(rule) => {
                    let length = self.engine.literal_lengths[literal];
                    self.meet_anchor(rule, hit.start..hit.start + length);
                }
                Role::Word => {
                    self.meet_word(hit.start);
                    if let Some(semicolon) = end_of_serialized_key(self.text, hit.start) {
                        self.meet_escape(semicolon, Decoder::PhpSerialize);
                    }
                }
                Role::Url => self.meet_url(hit.start),
                Role::Escape(decoder) => self.meet_escape(hit.start, decoder),
                Role::Context(rule) => {
                    if self.found.signals.last() != Some(&rule) {
                        self.signal(rule);
                    }
                }
            }
        }
    }

    fn signal(&mut self, rule: usize) {
        if !self.found.signals.contains(&rule) {
            self.found.signals.push(rule);
        }
    }

    fn rule(&self, index: usize) -> &'a CompiledRule {
        &self.engine.rules.rules()[index]
    }

    fn meet_anchor(&mut self, rule: usize, anchor: Range<usize>) {
        let surroundings = windows::surroundings(self.rule(rule), self.text, anchor);
        self.windows.add(rule, surroundings);
    }

    fn run_patterns(&mut self) {
        for window in std::mem::take(&mut self.windows).merged() {
            let compiled = self.rule(window.rule);
            let text = self.text;
            windows::matches(
                compiled,
                text,
                window.start..window.end,
                &mut |secret, captures| {
                    let groups = beside::groups(compiled, captures, text);
                    self.consider(window.rule, secret, None, groups);
                },
            );
        }
    }

    fn meet_word(&mut self, at: usize) {
        let Some(assignment) = lexer::assignment_at(self.text, at, self.syntax) else {
            return;
        };
        if assignment.value.start == self.last_value {
            return;
        }
        self.last_value = assignment.value.start;
        self.meet_assignment(&assignment);
    }

    fn meet_assignment(&mut self, assignment: &Assignment) {
        if let Some(decoded) = self.unescaped(assignment) {
            return self.meet_escaped(assignment, &decoded);
        }
        let written = &self.text[assignment.value.clone()];
        let encoded = decode::value(self.text, assignment.value.clone());
        if encoded.is_none() && !value::may_be_credential(written, self.file.syntax) {
            return;
        }
        let name = self.name(assignment.name.clone());
        let rules = self.engine.rules.assigned_to(&name.dotted);
        for &rule in &rules {
            self.meet_named(rule, assignment.value.clone(), &name);
        }
        if let Some(decoded) = encoded.filter(|_| self.depth < MAX_DEPTH) {
            for &rule in &rules {
                self.meet_named_decoded(rule, &decoded, &name);
            }
            self.look_into(&decoded);
        }
    }

    /// The value without the escapes of its notation.
    fn unescaped(&self, assignment: &Assignment) -> Option<Decoded> {
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

    fn meet_escaped(&mut self, assignment: &Assignment, decoded: &Decoded) {
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

    fn name(&self, name: Range<usize>) -> Name {
        Name {
            written: String::from_utf8_lossy(&self.text[name.clone()]).into_owned(),
            dotted: lexer::dotted_name(self.text, name, self.syntax),
        }
    }

    /// The name of the value that a match is, or is part of.
    fn name_of(&self, span: &Range<usize>) -> Option<Name> {
        let syntax = self.syntax;
        let word = word_start(self.text, span)..span.end;
        lexer::name_of(self.text, word, syntax)
            .or_else(|| lexer::name_of(self.text, span.clone(), syntax))
            .or_else(|| lexer::label_before(self.text, span.start))
            .map(|name| self.name(name))
    }

    fn is_for_this_file(&self, compiled: &CompiledRule) -> bool {
        compiled
            .rule
            .assign
            .as_ref()
            .is_none_or(|assign| assign.files == Files::Any || self.file.syntax.is_config())
    }

    fn meet_named(&mut self, rule: usize, value: Range<usize>, name: &Name) {
        let compiled = self.rule(rule);
        if !self.is_for_this_file(compiled) {
            return;
        }
        if let Some((secret, groups)) = value_of(compiled, &self.text[value.clone()]) {
            let secret = value.start + secret.start..value.start + secret.end;
            self.consider(rule, secret, Some(name.clone()), groups);
        }
    }

    fn meet_named_decoded(&mut self, rule: usize, decoded: &Decoded, name: &Name) {
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

    fn meet_url(&mut self, separator: usize) {
        let Some(url) = lexer::url_at(self.text, separator) else {
            return;
        };
        for &rule in &self.engine.urls {
            self.meet_url_rule(rule, &url);
        }
    }

    fn meet_url_rule(&mut self, index: usize, url: &UserInfo) {
        let compiled = self.rule(index);
        let Some(rule) = &compiled.rule.url else {
            return;
        };
        let scheme = self.text[url.scheme.clone()].to_ascii_lowercase();
        if !rule
            .schemes
            .iter()
            .any(|wanted| wanted.as_bytes() == scheme)
        {
            return;
        }
        let host = &self.text[url.host.clone()];
        if compiled
            .pattern
            .as_ref()
            .is_some_and(|pattern| !pattern.get().is_match(host))
        {
            return;
        }
        let secret = match rule.secret {
            UrlPart::User => Some(url.user.clone()),
            UrlPart::Password => url.password.clone(),
        };
        if let Some(secret) = secret.filter(|secret| !self.is_sample_login(url, secret)) {
            let parts = beside::url_parts(compiled, url, self.text);
            self.consider(index, secret, None, parts);
        }
    }

    /// `user:password@`, `guest:guest@` and their like.
    fn is_sample_login(&self, url: &UserInfo, secret: &Range<usize>) -> bool {
        let secret_text = &self.text[secret.clone()];
        let user = &self.text[url.user.clone()];
        let repeats_user = *secret != url.user && user.eq_ignore_ascii_case(secret_text);
        repeats_user
            || SAMPLE_PASSWORDS
                .iter()
                .any(|word| secret_text.eq_ignore_ascii_case(word))
    }

    fn meet_escape(&mut self, at: usize, decoder: Decoder) {
        if self.depth >= MAX_DEPTH || at < self.escapes_end[decoder as usize] {
            return;
        }
        if let Some(decoded) = decode::around(self.text, at, decoder) {
            self.escapes_end[decoder as usize] = decoded.source.end;
            self.look_into(&decoded);
        }
    }

    /// Looks for candidates in decoded text.
    fn look_into(&mut self, decoded: &Decoded) {
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

    fn consider(
        &mut self,
        rule: usize,
        span: Range<usize>,
        name: Option<Name>,
        attributes: Vec<Option<String>>,
    ) {
        let compiled = self.rule(rule);
        let bytes = &self.text[span.clone()];
        let Some(doubt) = value::judge(compiled, bytes, name.as_ref()) else {
            return;
        };
        self.keep(Candidate {
            rule,
            span,
            secret: Secret::new(bytes),
            name,
            decoders: Vec::new(),
            context: false,
            comment: false,
            attributes,
            doubt,
        });
    }

    /// Reads what stands beside the candidate in this text, and keeps it.
    fn keep(&mut self, mut candidate: Candidate) {
        let rule = candidate.rule;
        if self.counts.len() <= rule {
            self.counts.resize(self.engine.rules.rules().len(), 0);
        }
        self.counts[rule] += 1;
        if self.counts[rule] as usize > MAX_CANDIDATES {
            self.found.capped.push(rule);
            return;
        }
        let compiled = self.rule(rule);
        if candidate.name.is_none() {
            candidate.name = self.name_of(&candidate.span);
        }
        candidate.comment = candidate.comment
            || !self.file.syntax.is_config() && beside::comment(self.text, candidate.span.start);
        candidate.context =
            candidate.context || beside::context(compiled, self.text, &candidate.span);
        beside::near(
            compiled,
            self.text,
            &candidate.span,
            &mut candidate.attributes,
        );
        self.found.candidates.push(candidate);
    }
}

/// The semicolon after the key of a serialized PHP array, `s:4:"pass";s:…`, of which a part stands at `at`.
/// Dumps are full of serialized arrays; those without such a key hold no assignment that is looked for.
fn end_of_serialized_key(text: &[u8], at: usize) -> Option<usize> {
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

/// Where the word that a match stands in starts: `base64:…`, `https://…@` are part of the value.
fn word_start(text: &[u8], span: &Range<usize>) -> usize {
    let from = span.start.saturating_sub(MAX_VALUE_PREFIX);
    let ends_word = |byte: &u8| byte.is_ascii_whitespace() || b"\"'`=,;>([{".contains(byte);
    text[from..span.start]
        .iter()
        .rposition(ends_word)
        .map_or(from, |at| from + at + 1)
}

/// The part of an assigned value that is the credential, and what groups of the rule's value pattern give.
fn value_of(compiled: &CompiledRule, value: &[u8]) -> Option<(Range<usize>, Vec<Option<String>>)> {
    let Some(pattern) = &compiled.pattern else {
        return Some((0..value.len(), vec![None; compiled.near.len()]));
    };
    let regex = pattern.get();
    let mut captures = regex.create_captures();
    regex.captures(value, &mut captures);
    let secret = beside::secret(&captures)?;
    Some((secret, beside::groups(compiled, &captures, value)))
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
