//! A table as text, one row a line: what `INSERT` would write it again.

use std::fmt::Write as _;
use std::io::{self, Read};

use super::record::{Value, Values};
use super::rows::{Row, Rows};
use super::schema::Table;

/// Writes rows while it is read, so that one row is in memory at a time.
pub(super) struct Dump<'t, 'p, 's> {
    rows: Rows<'p, 's>,
    table: &'t Table,
    line: String,
    /// So much of the line has been handed out.
    given: usize,
    binary: u64,
}

impl<'t, 'p, 's> Dump<'t, 'p, 's> {
    /// Of these rows, which are the table's.
    pub(super) fn new(rows: Rows<'p, 's>, table: &'t Table) -> Self {
        Self {
            rows,
            table,
            line: String::new(),
            given: 0,
            binary: 0,
        }
    }

    /// How many values were no text, and what the rows have to say.
    pub(super) fn finish(self) -> (u64, Rows<'p, 's>) {
        (self.binary, self.rows)
    }

    /// Writes a row. Values that are there have their column's name beside them in the list of columns, so that it can
    /// be told what they are; others are left out.
    fn write(&mut self, row: &Row) {
        self.line.clear();
        self.given = 0;
        let mut names = String::new();
        let mut values = String::new();
        if let Some(id) = row.id {
            names.push_str(", rowid");
            let _ = write!(values, ", {id}");
        }
        let is_named = !self.table.columns.is_empty();
        let mut columns = self.table.columns.iter();
        for value in Values::new(&row.payload, self.rows.encoding()) {
            let column = columns.next().map_or("?", String::as_str);
            if !self.push(&mut values, &value) {
                continue;
            }
            if is_named {
                names.push_str(", \"");
                escape(&mut names, &column.replace('"', "\"\""));
                names.push('"');
            }
        }
        self.line.push_str("INSERT INTO \"");
        escape(&mut self.line, &self.table.name.replace('"', "\"\""));
        self.line.push('"');
        if is_named {
            let _ = write!(self.line, " ({})", names.get(2..).unwrap_or_default());
        }
        let values = values.get(2..).unwrap_or_default();
        let _ = writeln!(self.line, " VALUES ({values});");
    }

    /// Says whether there is a value.
    fn push(&mut self, values: &mut String, value: &Value<'_>) -> bool {
        // What is written into a string cannot fail.
        let _ = match value {
            Value::Null => return false,
            Value::Binary => {
                self.binary += 1;
                return false;
            }
            Value::Integer(number) => write!(values, ", {number}"),
            Value::Real(number) => write!(values, ", {number:?}"),
            Value::Text(text) => {
                values.push_str(", '");
                escape(values, text);
                values.push('\'');
                Ok(())
            }
        };
        true
    }
}

/// As dumps of MySQL write text, so that a row is a line
/// (<https://dev.mysql.com/doc/refman/8.4/en/string-literals.html>).
fn escape(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '\'' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\0' => out.push_str("\\0"),
            '\t' => out.push('\t'),
            character if character.is_control() => out.push('\u{fffd}'),
            character => out.push(character),
        }
    }
}

impl Read for Dump<'_, '_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.line.len() {
            match self.rows.next() {
                Some(row) => self.write(&row),
                None => return Ok(0),
            }
        }
        let rest = &self.line.as_bytes()[self.given..];
        let len = rest.len().min(buffer.len());
        buffer[..len].copy_from_slice(&rest[..len]);
        self.given += len;
        Ok(len)
    }
}
