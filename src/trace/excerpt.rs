//! The lines around a match, with every secret in them masked.

use std::ops::Range;

use crate::finding::{Excerpt, Secret};

use super::locate::Place;

/// Excerpts are cut to this many characters before and after the mask.
const WIDTH_BEFORE: usize = 60;
const WIDTH_AFTER: usize = 40;

/// Cuts the excerpt of a match out of the text around it. `secrets` are all matches of the file, sorted by
/// start: whatever of them stands in the excerpt is masked.
pub(super) fn excerpt(place: &Place, secrets: &[(Range<u64>, &Secret)]) -> Excerpt {
    let masked = mask(place, secrets);
    let line_start = masked.text[..masked.start]
        .rfind('\n')
        .map_or(0, |at| at + 1);
    let line_end = masked.text[masked.end..]
        .find('\n')
        .map_or(masked.text.len(), |at| masked.end + at);
    let marked = &masked.text[line_start..line_end];
    let (marked, mark_start) = shorten(marked, masked.start - line_start, masked.end - line_start);
    let mark_len = masked.text[masked.start..masked.end].chars().count();
    let mut lines = Vec::new();
    let mut first_line = place.start.line;
    if let Some(before) = line_before(&masked.text, line_start, masked.cut_start) {
        lines.push(before);
        first_line -= 1;
    }
    lines.push(marked);
    Excerpt {
        first_line,
        marked_line: lines.len() - 1,
        lines,
        mark_start,
        mark_len,
    }
}

struct Masked {
    text: String,
    /// The mask of the match itself.
    start: usize,
    end: usize,
    /// Whether the text starts in the middle of a line.
    cut_start: bool,
}

fn mask(place: &Place, secrets: &[(Range<u64>, &Secret)]) -> Masked {
    let around_end = place.around_start + place.around.len() as u64;
    let mut out = Masked {
        text: String::new(),
        start: 0,
        end: 0,
        cut_start: place.around_start > 0,
    };
    let mut at = place.around_start;
    let first = secrets.partition_point(|(span, _)| span.end <= place.around_start);
    for (span, secret) in &secrets[first..] {
        if span.start >= around_end {
            break;
        }
        if span.start > at {
            push_text(&mut out.text, place, at..span.start);
        }
        let start = out.text.len();
        out.text.push_str(&secret.mask());
        if *span == place.span {
            (out.start, out.end) = (start, out.text.len());
        }
        at = span.end.min(around_end).max(at);
    }
    push_text(&mut out.text, place, at..around_end);
    out
}

fn push_text(out: &mut String, place: &Place, range: Range<u64>) {
    let bytes = &place.around
        [(range.start - place.around_start) as usize..(range.end - place.around_start) as usize];
    out.push_str(&String::from_utf8_lossy(bytes));
}

/// The line before the one that starts at `line_start`, if it is whole and not blank.
fn line_before(text: &str, line_start: usize, cut_start: bool) -> Option<String> {
    let before = text[..line_start].strip_suffix('\n')?;
    let line = match before.rfind('\n') {
        Some(newline) => &before[newline + 1..],
        None if cut_start => return None,
        None => before,
    };
    let line = line.trim_end_matches('\r');
    let short = line.chars().count() <= WIDTH_BEFORE + WIDTH_AFTER;
    (short && !line.trim().is_empty()).then(|| line.to_owned())
}

/// Cuts a line to a readable width around the mask; gives it with the mask's start in characters.
fn shorten(line: &str, mask_start: usize, mask_end: usize) -> (String, usize) {
    let line = line.trim_end_matches('\r');
    let mask_end = mask_end.min(line.len());
    let before = &line[..mask_start];
    let after = &line[mask_end..];
    let skipped = before.chars().count().saturating_sub(WIDTH_BEFORE);
    let mut out = String::new();
    if skipped > 0 {
        out.push('…');
    }
    out.extend(before.chars().skip(skipped));
    let start = out.chars().count();
    out.push_str(&line[mask_start..mask_end]);
    out.extend(after.chars().take(WIDTH_AFTER));
    if after.chars().nth(WIDTH_AFTER).is_some() {
        out.push('…');
    }
    (out, start)
}
