//! Databases of SQLite: each table is a file of its own, as a dump of it would be, with one row a line.
//!
//! Read page by page, by code of our own: the library would have to be trusted with a database that anyone may have
//! made, down to the SQL in its schema, and unpacks to nothing that could be counted. Nothing is executed here, and
//! every page is read once at most. Format: <https://www.sqlite.org/fileformat2.html>; sections below are its.

mod dump;
mod pages;
mod record;
mod rows;
mod schema;

use super::super::Sink;
use super::super::ledger::SkipReason;
use super::super::source::Source;
use super::budget::Metered;
use super::name::Place;
use super::unpack::{Stop, Unpacker};
use dump::Dump;
use pages::Pages;
use rows::Rows;
use schema::Table;

/// What every database starts with (1.3.1).
pub(super) const MAGIC: &[u8] = b"SQLite format 3\0";

/// Reads all tables, the schema first.
pub(super) fn read<S: Sink>(
    unpacker: &mut Unpacker<'_, '_, S>,
    place: &Place,
    source: &Source,
    size: u64,
) -> Result<(), Stop> {
    let mut pages = match Pages::open(source, size) {
        Ok(pages) => pages,
        Err(error) => return unpacker.broken(place, &error),
    };
    if pages.is_cut {
        let detail = "its end is missing; the rows before that were read";
        unpacker.skip(place, SkipReason::Unreadable, detail.to_owned());
    }
    let (tables, is_whole) = schema::tables(Rows::new(&mut pages, 1));
    if !is_whole {
        let detail = format!(
            "its schema takes more than {} bytes; the tables behind them were not read",
            schema::MOST
        );
        unpacker.skip(place, SkipReason::Capped, detail);
    }
    pages.forget();
    table(unpacker, place, &mut pages, &Table::schema())?;
    for each in &tables {
        table(unpacker, place, &mut pages, each)?;
    }
    if pages.free > 0 {
        let detail = format!(
            "{} free pages, which may hold deleted rows, are not read; VACUUM takes them out",
            pages.free
        );
        unpacker.skip(&place.inside(b"free pages"), SkipReason::Binary, detail);
    }
    unpacker.done();
    Ok(())
}

fn table<S: Sink>(
    unpacker: &mut Unpacker<'_, '_, S>,
    place: &Place,
    pages: &mut Pages<'_>,
    table: &Table,
) -> Result<(), Stop> {
    unpacker.enter(place)?;
    let inside = place.inside(format!("{}.sql", table.name.replace('/', "_")).as_bytes());
    let mut dump = Dump::new(Rows::new(pages, table.root), table);
    let budget = unpacker.budget();
    unpacker.entry(
        &inside,
        &mut Metered {
            inner: &mut dump,
            budget: &budget,
        },
    )?;
    let (binary, rows) = dump.finish();
    if binary > 0 {
        let detail = format!("{binary} values that hold no text");
        unpacker.skip(&inside, SkipReason::Binary, detail);
    }
    if let Some(trouble) = rows.trouble() {
        unpacker.skip(&inside, SkipReason::Unreadable, trouble);
    }
    Ok(())
}
