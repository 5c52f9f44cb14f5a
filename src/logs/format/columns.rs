//! Logs that name their columns: W3C extended, as IIS and CloudFront write it
//! (<https://www.w3.org/TR/WD-logfile.html>,
//! <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html>).

use std::borrow::Cow;

use super::line::{Field, Line};

/// The line that names the columns starts so.
pub(crate) const HEADER: &[u8] = b"#Fields:";

/// Which column says what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Columns(Vec<Field>);

impl Columns {
    /// From the line that names them.
    pub(crate) fn of(header: &[u8]) -> Option<Self> {
        let names = header.strip_prefix(HEADER)?;
        let names = String::from_utf8_lossy(names).to_ascii_lowercase();
        let fields: Vec<Field> = names.split_ascii_whitespace().map(column).collect();
        let has = |field: Field| fields.contains(&field);
        (has(Field::Target) && has(Field::Status) && has(Field::Time)).then_some(Self(fields))
    }

    /// Takes a line apart; `None` where it is no such line.
    pub(super) fn parse<'l>(&self, text: &'l [u8]) -> Option<Line<'l>> {
        let separator = if memchr::memchr(b'\t', text).is_some() {
            b'\t'
        } else {
            b' '
        };
        let mut line = Line::empty();
        let mut values = text.split(|&byte| byte == separator);
        for &field in &self.0 {
            let value = values.next()?;
            let is_absent = value == b"-" && !matches!(field, Field::Body | Field::Whole);
            if !is_absent && !line.take(field, Cow::Borrowed(value)) {
                return None;
            }
        }
        line.is_sound().then_some(line)
    }
}

fn column(name: &str) -> Field {
    match name {
        "date" => Field::Time,
        "time" => Field::TimeOfDay,
        "c-ip" => Field::Client,
        "x-forwarded-for" | "cs(x-forwarded-for)" => Field::Forwarded,
        "cs-method" => Field::Method,
        "cs-uri-stem" | "cs-uri" => Field::Target,
        "cs-uri-query" => Field::Query,
        "sc-status" => Field::Status,
        "sc-bytes" => Field::Whole,
        "cs(user-agent)" => Field::Agent,
        "cs-host" | "cs(host)" | "x-host-header" => Field::Host,
        _ => Field::Skip,
    }
}
