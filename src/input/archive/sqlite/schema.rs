//! Which tables there are, and what their columns are called (2.6).

use super::record::{Value, Values};
use super::rows::Rows;

/// So much of a schema is kept, in bytes.
pub(super) const MOST: usize = 16 << 20;
/// Of a longer name of a column the start is kept, in bytes.
const MAX_NAME: usize = 128;

/// One table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    /// What it is called.
    pub(super) name: String,
    /// The page at its root.
    pub(super) root: u32,
    /// The names of the values of a row, in order. None where their order is not known.
    pub(super) columns: Vec<String>,
}

impl Table {
    /// The one that lists all others.
    pub(super) fn schema() -> Self {
        let columns = ["type", "name", "tbl_name", "rootpage", "sql"];
        Self {
            name: "sqlite_schema".to_owned(),
            root: 1,
            columns: columns.map(str::to_owned).to_vec(),
        }
    }
}

/// The tables that the rows of the schema list, and whether these are all.
pub(super) fn tables(mut rows: Rows<'_, '_>) -> (Vec<Table>, bool) {
    let encoding = rows.encoding();
    let mut tables = Vec::new();
    let mut kept = 0;
    while let Some(row) = rows.next() {
        kept += row.payload.len();
        if kept > MOST {
            return (tables, false);
        }
        let mut values = Values::new(&row.payload, encoding);
        let (kind, name) = (values.next(), values.next());
        let (root, sql) = (values.nth(1), values.next());
        let (Some(Value::Text(kind)), Some(Value::Text(name))) = (kind, name) else {
            continue;
        };
        // Virtual tables have no root; what they hold lies in tables of their own.
        let Some(root) = root.as_ref().and_then(as_page) else {
            continue;
        };
        if kind == "table" {
            let columns = match sql {
                Some(Value::Text(sql)) => columns(&sql),
                _ => Vec::new(),
            };
            tables.push(Table {
                name: name.into_owned(),
                root,
                columns,
            });
        }
    }
    (tables, true)
}

fn as_page(value: &Value<'_>) -> Option<u32> {
    match value {
        Value::Integer(page) => u32::try_from(*page).ok().filter(|&page| page > 0),
        _ => None,
    }
}

/// The columns that a `CREATE TABLE` gives a value in each row.
fn columns(sql: &str) -> Vec<String> {
    let words = words(sql);
    let mut columns = Vec::new();
    let Some(open) = words.iter().position(|word| *word == Word::Open) else {
        return columns;
    };
    let mut depth = 0;
    let mut column: Vec<&Word> = Vec::new();
    let mut behind = words.len();
    for (index, word) in words.iter().enumerate().skip(open + 1) {
        match word {
            Word::Comma if depth == 0 => columns.extend(named(&std::mem::take(&mut column))),
            Word::Close if depth == 0 => {
                behind = index;
                break;
            }
            _ => {
                match word {
                    Word::Open => depth += 1,
                    Word::Close => depth -= 1,
                    _ => {}
                }
                column.push(word);
            }
        }
    }
    columns.extend(named(&column));
    // Their key comes first in a row, whatever their columns' order (2.4).
    let is_ordered = !words[behind..].iter().any(|word| word.is("rowid"));
    if is_ordered { columns } else { Vec::new() }
}

/// The name of a column, if a definition is one of a column that is kept in rows: not of a constraint, and not of what
/// is computed when it is read.
fn named(definition: &[&Word]) -> Option<String> {
    let first = definition.first()?;
    let constraints = ["constraint", "primary", "unique", "check", "foreign"];
    if constraints.iter().any(|constraint| first.is(constraint)) {
        return None;
    }
    let is_computed = definition
        .windows(2)
        .any(|pair| pair[0].is("as") && *pair[1] == Word::Open);
    if is_computed && !definition.iter().any(|word| word.is("stored")) {
        return None;
    }
    match first {
        Word::Bare(name) | Word::Quoted(name) => {
            let end = (0..=MAX_NAME.min(name.len()))
                .rev()
                .find(|&end| name.is_char_boundary(end));
            Some(name[..end.unwrap_or_default()].to_owned())
        }
        _ => None,
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Word {
    Open,
    Close,
    Comma,
    Bare(String),
    Quoted(String),
    Other,
}

impl Word {
    fn is(&self, keyword: &str) -> bool {
        matches!(self, Self::Bare(word) if word.eq_ignore_ascii_case(keyword))
    }
}

/// SQL without comments and spaces (<https://www.sqlite.org/lang_keywords.html>, on quotes).
fn words(sql: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let mut len = first.len_utf8();
        let word = match first {
            '(' => Word::Open,
            ')' => Word::Close,
            ',' => Word::Comma,
            '"' | '\'' | '`' | '[' => {
                let close = if first == '[' { ']' } else { first };
                let (text, end) = quoted(&rest[len..], close);
                len += end;
                Word::Quoted(text)
            }
            '-' if rest.starts_with("--") => {
                rest = rest.split_once('\n').map_or("", |(_, next)| next);
                continue;
            }
            '/' if rest.starts_with("/*") => {
                rest = rest[2..].split_once("*/").map_or("", |(_, next)| next);
                continue;
            }
            first if first.is_alphanumeric() || first == '_' => {
                let is_inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
                len = rest.find(|c| !is_inside(c)).unwrap_or(rest.len());
                Word::Bare(rest[..len].to_owned())
            }
            first if first.is_whitespace() => {
                rest = &rest[len..];
                continue;
            }
            _ => Word::Other,
        };
        rest = &rest[len..];
        words.push(word);
    }
    words
}

/// What stands before the closing mark, of which two stand for one, and where it ends behind it.
fn quoted(rest: &str, close: char) -> (String, usize) {
    let mut text = String::new();
    let mut characters = rest.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        if character == close && characters.next_if(|&(_, next)| next == close).is_none() {
            return (text, at + close.len_utf8());
        }
        text.push(character);
    }
    (text, rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_in_every_notation() {
        for (sql, expected) in [
            ("CREATE TABLE t (a, b TEXT DEFAULT 'x,y', c)", "a b c"),
            (
                "CREATE TABLE \"x (y\" (\n`a` INT, -- no, (\n[b c] VARCHAR(3, 4), \"d\"\"e\" /* , f */)",
                "a|b c|d\"e",
            ),
            (
                "create table t (id integer primary key, n text check (n in ('a', 'b')), unique (id, n), \
                 CONSTRAINT x FOREIGN KEY (n) REFERENCES y (z))",
                "id n",
            ),
            (
                "CREATE TABLE t (a, b AS (a || 'x'), c GENERATED ALWAYS AS (a) VIRTUAL, d AS (a) STORED, e)",
                "a d e",
            ),
            ("CREATE TABLE t (a PRIMARY KEY, b) WITHOUT ROWID", ""),
            ("CREATE TABLE t (a, b) STRICT", "a b"),
            ("CREATE TABLE t (\"unique\", as_is)", "unique as_is"),
            ("CREATE TABLE t AS", ""),
            ("CREATE TABLE t (a, 'b", "a b"),
        ] {
            let separator = if expected.contains('|') { "|" } else { " " };
            assert_eq!(columns(sql).join(separator), expected, "{sql}");
        }
    }

    #[test]
    fn long_names_are_cut() {
        let sql = format!("CREATE TABLE t ({} TEXT)", "ä".repeat(100));
        assert_eq!(columns(&sql), ["ä".repeat(64)]);
    }
}
