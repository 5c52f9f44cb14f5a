//! GitHub's `primaryLocationLineHash`: what keeps an alert the same alert when lines move.
//!
//! GitHub's upload action computes it for results that lack it, and warns when a given one
//! differs, so it has to be that very hash. Its rules, as published in
//! <https://github.com/github/codeql-action/blob/main/src/fingerprints.ts>:
//!
//! - The text is UTF-16 code units; what is not UTF-8 is U+FFFD. Spaces and tabs do not count.
//! - CR is LF, and an LF directly after a CR does not count. The end of the text is one unit more,
//!   65535, and zeros follow it.
//! - A line's hash is the polynomial of the 100 units from its first one on (so it reaches into the
//!   next lines), with base 37, modulo 2⁶⁴, in lower-case hexadecimal digits without padding.
//! - `:n` says that it is the n-th line of the file with this hash.
//!
//! Counting the lines before with the same hash needs either every hash of the file or a second
//! reading. Files can be of any size, so here the text is read twice, memory is bounded by the
//! number of wanted lines, and no reading goes further than 100 units past the last of them. In a
//! history the same file comes in thousands of versions, so a line is only hashed if it is wanted
//! or begins like one that is: the others are skipped to their ends. (Two lines that begin
//! differently and have the same 64 bits all the same are not counted together.)

mod beginning;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io;
use std::ops::ControlFlow;

use beginning::Beginning;
use encoding_rs::{Decoder, UTF_8};
use memchr::memchr2;

/// How many units a line's hash is made of.
const BLOCK: usize = 100;
const BASE: u64 = 37;
const END_OF_TEXT: u16 = 65535;
const SPACE: u16 = b' ' as u16;
const TAB: u16 = b'\t' as u16;
const LF: u16 = b'\n' as u16;
const CR: u16 = b'\r' as u16;

/// Visits the pieces of a text in order until told to stop.
pub type Visit<'a> = &'a mut dyn FnMut(&[u8]) -> ControlFlow<()>;

/// Computes the hashes of some lines of one text: `hash:n` for each of `lines` (numbers from 1,
/// ascending), in their order; `None` for a line that the text does not have.
///
/// `read` is called twice, and each time has to give the same text from its start, in pieces. GitHub
/// reads every file as UTF-8; for one that is UTF-16 on disk no hash of its text can equal GitHub's,
/// and it is better to give none.
///
/// # Errors
/// What `read` returns.
pub fn line_hashes(
    lines: &[u64],
    mut read: impl FnMut(Visit<'_>) -> io::Result<()>,
) -> io::Result<Vec<Option<String>>> {
    let Some(&last) = lines.last() else {
        return Ok(Vec::new());
    };
    let mut wanted = BTreeMap::new();
    let mut beginnings = BTreeSet::new();
    each_line(
        &mut read,
        &mut |line, rest| {
            let is_wanted = lines.binary_search(&line).is_ok();
            if is_wanted {
                beginnings.insert(Beginning::of(rest));
            }
            is_wanted
        },
        &mut |line, hash| {
            wanted.insert(line, hash);
            stop_after(line, last)
        },
    )?;
    let mut seen: BTreeMap<u64, u64> = wanted.values().map(|&hash| (hash, 0)).collect();
    let mut names = BTreeMap::new();
    let all = beginnings.contains(&Beginning::Unknown);
    each_line(
        &mut read,
        &mut |_, rest| {
            let beginning = Beginning::of(rest);
            all || beginning == Beginning::Unknown || beginnings.contains(&beginning)
        },
        &mut |line, hash| {
            if let Some(count) = seen.get_mut(&hash) {
                *count += 1;
                if wanted.contains_key(&line) {
                    names.insert(line, format!("{hash:x}:{count}"));
                }
            }
            stop_after(line, last)
        },
    )?;
    Ok(lines.iter().map(|line| names.get(line).cloned()).collect())
}

fn stop_after(line: u64, last: u64) -> ControlFlow<()> {
    if line < last {
        ControlFlow::Continue(())
    } else {
        ControlFlow::Break(())
    }
}

/// Whether a line is to be hashed: its number, and what is at hand of the text from its start on.
type Chosen<'a> = &'a mut dyn FnMut(u64, &[u8]) -> bool;
/// A line's number and its hash.
type OnLine<'a> = &'a mut dyn FnMut(u64, u64) -> ControlFlow<()>;

fn each_line(
    read: &mut impl FnMut(Visit<'_>) -> io::Result<()>,
    chosen: Chosen<'_>,
    on_line: OnLine<'_>,
) -> io::Result<()> {
    let mut lines = Lines::new();
    let mut flow = ControlFlow::Continue(());
    read(&mut |piece| {
        flow = lines.push(piece, chosen, on_line);
        flow
    })?;
    if flow.is_continue() {
        // Stopping early is all that the flow says, and this is the end anyway.
        let _ = lines.finish(chosen, on_line);
    }
    Ok(())
}

/// Pieces of a text to the hashes of the lines that are chosen.
struct Lines {
    hashes: Hashes,
    decoder: Decoder,
    buffer: Box<[u16; 1024]>,
    /// Lines so far.
    line: u64,
    at_line_start: bool,
    after_cr: bool,
}

impl Lines {
    fn new() -> Self {
        Self {
            hashes: Hashes::new(),
            decoder: UTF_8.new_decoder_without_bom_handling(),
            buffer: Box::new([0; 1024]),
            line: 0,
            at_line_start: true,
            after_cr: false,
        }
    }

    fn push(
        &mut self,
        mut piece: &[u8],
        chosen: Chosen<'_>,
        on_line: OnLine<'_>,
    ) -> ControlFlow<()> {
        while let Some(&first) = piece.first() {
            if std::mem::take(&mut self.after_cr) && first == b'\n' {
                piece = &piece[1..];
                continue;
            }
            if self.at_line_start {
                self.start(piece, chosen);
            }
            let end = memchr2(b'\n', b'\r', piece);
            let (part, rest) = piece.split_at(end.map_or(piece.len(), |at| at + 1));
            self.decode(part, on_line)?;
            self.at_line_start = end.is_some();
            self.after_cr = part.ends_with(b"\r");
            piece = rest;
        }
        ControlFlow::Continue(())
    }

    fn start(&mut self, rest: &[u8], chosen: Chosen<'_>) {
        self.line += 1;
        self.at_line_start = false;
        if self.hashes.open.is_empty() {
            // The units that were skipped may have ended within a character.
            self.decoder = UTF_8.new_decoder_without_bom_handling();
        }
        if chosen(self.line, rest) {
            self.hashes.start(self.line);
        }
    }

    /// Feeds bytes of one line as long as a hash waits for them.
    fn decode(&mut self, mut bytes: &[u8], on_line: OnLine<'_>) -> ControlFlow<()> {
        while !bytes.is_empty() && !self.hashes.open.is_empty() {
            let (_, read, written, _) =
                self.decoder
                    .decode_to_utf16(bytes, self.buffer.as_mut_slice(), false);
            for &unit in &self.buffer[..written] {
                self.hashes.push(unit, on_line)?;
            }
            bytes = &bytes[read..];
        }
        ControlFlow::Continue(())
    }

    fn finish(&mut self, chosen: Chosen<'_>, on_line: OnLine<'_>) -> ControlFlow<()> {
        if self.at_line_start {
            self.start(b"", chosen);
        }
        let (_, _, written, _) =
            self.decoder
                .decode_to_utf16(b"", self.buffer.as_mut_slice(), true);
        for &unit in &self.buffer[..written] {
            self.hashes.push(unit, on_line)?;
        }
        self.hashes.finish(on_line)
    }
}

/// Units to hashes of lines. At most one line starts at each unit, so at most [`BLOCK`] lines wait
/// for their units at any time. Units that no line waits for need not be given: after a block of
/// others nothing of them is left in the hash.
struct Hashes {
    window: [u16; BLOCK],
    hash: u64,
    /// `BASE` to the power of `BLOCK`: the weight of the unit that leaves the window.
    leaving: u64,
    /// Units so far.
    count: u64,
    /// Lines whose hash is not complete: the count of units before each, and its number.
    open: VecDeque<(u64, u64)>,
}

impl Hashes {
    fn new() -> Self {
        Self {
            window: [0; BLOCK],
            hash: 0,
            leaving: (0..BLOCK).fold(1, |power: u64, _| power.wrapping_mul(BASE)),
            count: 0,
            open: VecDeque::new(),
        }
    }

    fn start(&mut self, line: u64) {
        self.open.push_back((self.count, line));
    }

    fn push(&mut self, unit: u16, on_line: OnLine<'_>) -> ControlFlow<()> {
        match unit {
            SPACE | TAB => ControlFlow::Continue(()),
            CR => self.roll(LF, on_line),
            unit => self.roll(unit, on_line),
        }
    }

    fn finish(&mut self, on_line: OnLine<'_>) -> ControlFlow<()> {
        self.roll(END_OF_TEXT, on_line)?;
        while !self.open.is_empty() {
            self.roll(0, on_line)?;
        }
        ControlFlow::Continue(())
    }

    fn roll(&mut self, unit: u16, on_line: OnLine<'_>) -> ControlFlow<()> {
        let slot = &mut self.window[(self.count % BLOCK as u64) as usize];
        let left = std::mem::replace(slot, unit);
        self.hash = self
            .hash
            .wrapping_mul(BASE)
            .wrapping_add(u64::from(unit))
            .wrapping_sub(self.leaving.wrapping_mul(u64::from(left)));
        self.count += 1;
        match self.open.front() {
            Some(&(start, line)) if self.count - start == BLOCK as u64 => {
                self.open.pop_front();
                on_line(line, self.hash)
            }
            _ => ControlFlow::Continue(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::hex;
    use proptest::prelude::*;

    fn hashes(text: &[u8], lines: &[u64], piece: usize) -> Vec<Option<String>> {
        line_hashes(lines, |visit| {
            for part in text.chunks(piece) {
                if visit(part).is_break() {
                    break;
                }
            }
            Ok(())
        })
        .unwrap()
    }

    /// The definition, without rolling.
    fn plain(text: &[u8]) -> Vec<String> {
        let text = String::from_utf8_lossy(text).replace("\r\n", "\r");
        let mut units: Vec<u16> = text
            .encode_utf16()
            .filter(|&unit| unit != SPACE && unit != TAB)
            .map(|unit| if unit == CR { LF } else { unit })
            .collect();
        units.push(END_OF_TEXT);
        let starts = (0..units.len()).filter(|&at| at == 0 || units[at - 1] == LF);
        let mut seen: BTreeMap<u64, u64> = BTreeMap::new();
        starts
            .map(|start| {
                let hash = (0..BLOCK).fold(0u64, |hash, at| {
                    let unit = units.get(start + at).copied().unwrap_or(0);
                    hash.wrapping_mul(BASE).wrapping_add(u64::from(unit))
                });
                let count = seen.entry(hash).or_default();
                *count += 1;
                format!("{hash:x}:{count}")
            })
            .collect()
    }

    /// What `tests/line-hash.mjs` prints: it runs GitHub's program on the texts that are made here.
    const PUBLISHED: &str = "9ce352080c6e92b76d23a165ae3cac8d3f61661c07ccb4afc13f863f23512d21";

    #[test]
    fn equals_the_published_program() {
        use sha2::{Digest as _, Sha256};
        let others = [
            "\n", "\r", "\r\n", "ä", "€", "😀", "SECRET=", "\0", "\u{2028}", "\u{feff}",
        ];
        let broken: [&[u8]; 4] = [&[0xff], &[0xe2, 0x82], &[0xc3], &[0xf0, 0x9f]];
        let pieces: Vec<&[u8]> = b"a b7=\t"
            .chunks(1)
            .chain(others.iter().map(|other| other.as_bytes()))
            .chain(broken)
            .collect();
        let mut state = 1u32;
        let mut next = |bound: usize| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as usize % bound
        };
        let mut digest = Sha256::new();
        for n in 0..1000 {
            let count = if n % 100 == 99 { 6000 } else { next(400) };
            let common = 1 + next(pieces.len());
            let text: Vec<&[u8]> = (0..count).map(|_| pieces[next(common)]).collect();
            let text = text.concat();
            let lines: Vec<u64> = (1..=text.len() as u64 + 1).collect();
            digest.update(format!("text {n}\n"));
            for (line, hash) in lines.iter().zip(hashes(&text, &lines, 4096)) {
                let Some(hash) = hash else { break };
                digest.update(format!("{line} {hash}\n"));
            }
        }
        assert_eq!(hex(&digest.finalize()), PUBLISHED);
    }

    #[test]
    fn an_empty_text_has_one_line() {
        // 65535·37⁹⁹ modulo 2⁶⁴, as the published program gives it for an empty file.
        assert_eq!(
            hashes(b"", &[1, 2], 8),
            [Some("c129715d7a2bc9a3:1".to_owned()), None]
        );
    }

    #[test]
    fn no_lines_no_reading() {
        let read = |_: Visit<'_>| -> io::Result<()> { Err(io::ErrorKind::Other.into()) };
        assert!(line_hashes(&[], read).unwrap().is_empty());
    }

    #[test]
    fn an_error_of_the_reader_is_passed_on() {
        let read = |_: Visit<'_>| -> io::Result<()> { Err(io::ErrorKind::NotFound.into()) };
        assert!(line_hashes(&[1], read).is_err());
    }

    #[test]
    fn reading_stops_behind_the_last_line() {
        let mut pieces = 0;
        line_hashes(&[2], |visit| {
            while visit(b"x=1\n").is_continue() {
                pieces += 1;
            }
            Ok(())
        })
        .unwrap();
        assert!(pieces < 60, "{pieces}");
    }

    proptest! {
        #[test]
        fn equals_the_definition(
            text in prop::collection::vec(
                prop_oneof![
                    4 => "[ab \t\n\r]{1,4}".prop_map(String::into_bytes),
                    2 => "[\\x00-\\x7f\u{e4}\u{20ac}\u{1f600}]{0,150}".prop_map(String::into_bytes),
                    1 => prop::collection::vec(any::<u8>(), 0..6),
                ],
                0..40,
            ),
            piece in 1usize..70,
            step in 2usize..9,
        ) {
            let text = text.concat();
            let expected: Vec<_> = plain(&text).into_iter().map(Some).collect();
            let lines: Vec<u64> = (1..=expected.len() as u64).collect();
            prop_assert_eq!(&hashes(&text, &lines, piece), &expected);
            let some: Vec<u64> = lines.into_iter().step_by(step).collect();
            let hashed = expected.into_iter().step_by(step).collect::<Vec<_>>();
            prop_assert_eq!(hashes(&text, &some, piece), hashed);
        }
    }
}
