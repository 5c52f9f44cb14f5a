//! `INSERT INTO t (a, name) VALUES (1, 'b')`: the name of a value is that of its column.

use super::REACH;
use super::forward::Found;
use super::quotes::{closing, mark_at, mark_before};
use super::source::{Source, Span};
use super::values::quoted_at;

/// How far the list of columns reaches, in bytes.
const MAX_LIST: usize = 2048;
/// How many rows are looked at for one that has a value in the column.
const MAX_ROWS: usize = 16;

/// The value of the column in the first row that has one.
pub(super) fn value_of(source: Source<'_>, name: Span) -> Option<Found> {
    let open = source.skip_back(name.start, MAX_LIST, |byte| !b"();\n".contains(&byte));
    let close = source.skip(name.end, MAX_LIST, |byte| !b"();\n".contains(&byte));
    if source.before(open) != b'(' || source.at(close) != b')' || !is_column(source, name) {
        return None;
    }
    let before = source.slice(Span::new(open, name.start));
    let column = memchr::memchr_iter(b',', before).count();
    let keyword = source.space(close + 1);
    if !source.starts(keyword, b"VALUES") {
        return None;
    }
    let mut row = source.space(keyword + b"VALUES".len());
    let end = source.text.len().min(keyword.saturating_add(REACH));
    for _ in 0..MAX_ROWS {
        if source.at(row) != b'(' || row >= end {
            return None;
        }
        let (at, next) = field(source, row + 1, column, end)?;
        if let Some((value, _)) = quoted_at(source, at) {
            return Some(Found { name, value });
        }
        row = source.space(source.skip(next, 1, |byte| byte == b','));
    }
    None
}

/// Whether the name is all that the column is called.
fn is_column(source: Source<'_>, name: Span) -> bool {
    let start = mark_before(source, name.start).map_or(name.start, |mark| mark.start);
    let end = mark_at(source, name.end).map_or(name.end, |mark| mark.end);
    matches!(source.before(source.space_back(start)), b'(' | b',')
        && matches!(source.at(source.space(end)), b')' | b',')
}

/// Where the field of this number starts in the row whose first field is at `at`, and where the row ends.
fn field(source: Source<'_>, at: usize, number: usize, end: usize) -> Option<(usize, usize)> {
    let mut found = (number == 0).then(|| source.space(at));
    let mut fields = 0;
    let mut depth = 0_usize;
    let mut at = at;
    while at < end {
        match source.at(at) {
            b'\'' | b'"' => {
                let mark = Span::new(at, at + 1);
                at = closing(source, mark, true)?;
            }
            b'(' => depth += 1,
            b')' if depth == 0 => return Some((found?, at + 1)),
            b')' => depth -= 1,
            b',' if depth == 0 => {
                fields += 1;
                if fields == number {
                    found = Some(source.space(at + 1));
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}
