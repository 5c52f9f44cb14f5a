//! The rows of a table, in the order of its tree (1.6).

use std::io;

use super::pages::{Pages, TextEncoding, broken, u16_at, u32_at};
use super::record::varint;

/// SQLite itself goes no deeper (`BTCURSOR_MAX_DEPTH` in `btreeInt.h`).
const MAX_DEPTH: usize = 20;
/// So much of a row is read, in bytes.
const MAX_ROW: usize = 16 << 20;

/// Kinds of pages.
const INTERIOR_INDEX: u8 = 2;
const INTERIOR_TABLE: u8 = 5;
const LEAF_INDEX: u8 = 10;
const LEAF_TABLE: u8 = 13;

/// One row.
pub(super) struct Row {
    /// Its number, which tables without one do not have.
    pub(super) id: Option<i64>,
    /// The record.
    pub(super) payload: Vec<u8>,
}

/// A page on the way down.
struct Level {
    page: Vec<u8>,
    start: usize,
    kind: u8,
    /// What comes next: of a leaf, cells; of an interior page of a table, children; of an interior page of an index,
    /// children and cells in turn.
    step: usize,
    /// Cells do not overlap, so together they are no longer than this.
    room: usize,
}

/// What a step leads to.
enum Step {
    Child(u32),
    Cell(usize),
    End,
}

impl Level {
    fn new((page, start): (Vec<u8>, usize)) -> io::Result<Self> {
        let kind = page[start];
        if !matches!(
            kind,
            INTERIOR_INDEX | INTERIOR_TABLE | LEAF_INDEX | LEAF_TABLE
        ) {
            return Err(broken("a page is none of a table"));
        }
        Ok(Self {
            room: page.len(),
            page,
            start,
            kind,
            step: 0,
        })
    }

    fn next(&mut self) -> Step {
        let cells = usize::from(u16_at(&self.page, self.start + 3));
        let step = self.step;
        self.step += 1;
        let child = |at: usize| Step::Child(u32_at(&self.page, at));
        let last = self.start + 8;
        match self.kind {
            INTERIOR_TABLE if step < cells => child(self.cell(step)),
            INTERIOR_TABLE if step == cells => child(last),
            INTERIOR_INDEX if step < 2 * cells && step.is_multiple_of(2) => {
                child(self.cell(step / 2))
            }
            INTERIOR_INDEX if step < 2 * cells => Step::Cell(self.cell(step / 2) + 4),
            INTERIOR_INDEX if step == 2 * cells => child(last),
            LEAF_INDEX | LEAF_TABLE if step < cells => Step::Cell(self.cell(step)),
            _ => Step::End,
        }
    }

    /// Where a cell stands.
    fn cell(&self, number: usize) -> usize {
        let head = match self.kind {
            INTERIOR_INDEX | INTERIOR_TABLE => 12,
            _ => 8,
        };
        usize::from(u16_at(&self.page, self.start + head + 2 * number))
    }
}

/// Goes through a tree. What is broken in it is left out and counted.
pub(super) struct Rows<'p, 's> {
    pages: &'p mut Pages<'s>,
    levels: Vec<Level>,
    troubles: u64,
    first: Option<io::Error>,
}

impl<'p, 's> Rows<'p, 's> {
    /// From the page at its root.
    pub(super) fn new(pages: &'p mut Pages<'s>, root: u32) -> Self {
        let mut rows = Self {
            pages,
            levels: Vec::new(),
            troubles: 0,
            first: None,
        };
        rows.descend(root);
        rows
    }

    /// How text is written.
    pub(super) fn encoding(&self) -> TextEncoding {
        self.pages.encoding
    }

    /// The next row.
    pub(super) fn next(&mut self) -> Option<Row> {
        loop {
            match self.levels.last_mut()?.next() {
                Step::End => {
                    self.levels.pop();
                }
                Step::Child(page) => self.descend(page),
                Step::Cell(at) => match self.row(at) {
                    Ok(row) => return Some(row),
                    Err(error) => self.note(error),
                },
            }
        }
    }

    /// What could not be read, if anything.
    pub(super) fn trouble(&self) -> Option<String> {
        let first = self.first.as_ref()?;
        Some(match self.troubles {
            1 => format!("a part of it cannot be read: {first}"),
            more => format!("{more} parts of it cannot be read; the first: {first}"),
        })
    }

    fn note(&mut self, error: io::Error) {
        self.troubles += 1;
        self.first.get_or_insert(error);
    }

    fn descend(&mut self, page: u32) {
        let level = if self.levels.len() < MAX_DEPTH {
            self.pages.take(page).and_then(Level::new)
        } else {
            Err(broken("its pages lie too deep in each other"))
        };
        match level {
            Ok(level) => self.levels.push(level),
            Err(error) => self.note(error),
        }
    }

    /// The row whose cell stands there in the page that was reached (1.6.1 to 1.6.3).
    fn row(&mut self, at: usize) -> io::Result<Row> {
        let cut = || broken("a row leads out of its page");
        let level = self.levels.last_mut().ok_or_else(cut)?;
        let cell = level.page.get(at..).ok_or_else(cut)?;
        let (len, mut rest) = varint(cell).ok_or_else(cut)?;
        let mut id = None;
        let usable = self.pages.usable;
        let mut most = (usable - 12) * 64 / 255 - 23;
        if level.kind == LEAF_TABLE {
            let (number, behind) = varint(rest).ok_or_else(cut)?;
            (id, rest, most) = (Some(number.cast_signed()), behind, usable - 35);
        }
        let len = usize::try_from(len).map_err(|_| cut())?;
        let here = local(len, most, usable);
        let mut payload = rest.get(..here).ok_or_else(cut)?.to_vec();
        let overlap = || broken("rows overlap");
        level.room = level.room.checked_sub(here + 1).ok_or_else(overlap)?;
        if here < len {
            let next = rest.get(here..here + 4).ok_or_else(cut)?;
            let next = u32_at(next, 0);
            self.overflow(next, len, &mut payload)?;
        }
        Ok(Row { id, payload })
    }

    /// Reads on where a row is too long for its page (1.7).
    fn overflow(&mut self, mut next: u32, len: usize, payload: &mut Vec<u8>) -> io::Result<()> {
        while payload.len() < len {
            if payload.len() > MAX_ROW {
                self.note(broken("a row is longer than 16 MiB; its start was read"));
                return Ok(());
            }
            let page = match self.pages.take(next) {
                Ok((page, 0)) => page,
                Ok(_) => return Err(broken("a row goes on in the first page")),
                // What there is of the row is read all the same.
                Err(error) => {
                    self.note(error);
                    return Ok(());
                }
            };
            next = u32_at(&page, 0);
            let most = (len - payload.len()).min(page.len() - 4);
            payload.extend_from_slice(&page[4..4 + most]);
        }
        Ok(())
    }
}

/// How much of a payload stands in the page of its cell (1.6).
fn local(len: usize, most: usize, usable: usize) -> usize {
    if len <= most {
        return len;
    }
    let least = (usable - 12) * 32 / 255 - 23;
    let fitting = least + (len - least) % (usable - 4);
    if fitting <= most { fitting } else { least }
}
