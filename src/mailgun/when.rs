//! Times, in each of the notations that the API has.

use serde::{Deserialize as _, Deserializer};
use serde_json::Value;

use crate::finding::Moment;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A field that holds a time. What is null or of another form is unknown.
pub(super) fn lenient<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Moment>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::String(text) => parse(&text),
        Value::Number(seconds) => seconds.as_f64().map(|seconds| Moment(seconds as i64)),
        _ => None,
    })
}

/// RFC 3339, with or without a zone, or RFC 2822.
pub(super) fn parse(text: &str) -> Option<Moment> {
    text.parse().ok().or_else(|| mail(text))
}

/// RFC 2822, as the log wants it: `Wed, 08 Mar 2023 23:34:57 -0000`.
pub(super) fn written(moment: Moment) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    let day = DAYS[usize::try_from(moment.0.div_euclid(86_400).rem_euclid(7)).unwrap_or_default()];
    let text = moment.to_string();
    let (date, time) = text.split_once('T').unwrap_or_default();
    let mut parts = date.split('-');
    let (year, month) = (
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
    );
    let month = month.parse::<usize>().unwrap_or(1);
    let date = parts.next().unwrap_or_default();
    let time = time.trim_end_matches('Z');
    format!(
        "{day}, {date} {} {year} {time} -0000",
        MONTHS[month.saturating_sub(1) % 12]
    )
}

/// `Wed, 08 Mar 2023 23:34:57 +0000`; a zone in letters is GMT, whatever it is called.
fn mail(text: &str) -> Option<Moment> {
    let rest = text.split_once(", ").map_or(text, |(_, rest)| rest);
    let mut words = rest.split_whitespace();
    let day = words.next()?;
    let month = words.next()?;
    let month = MONTHS.iter().position(|known| *known == month)? + 1;
    let (year, time) = (words.next()?, words.next()?);
    let zone = words
        .next()
        .filter(|zone| zone.starts_with(['+', '-']))
        .unwrap_or("Z");
    format!("{year}-{month:02}-{day:0>2}T{time}{zone}")
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notation_of_the_api_is_read() {
        let moment: Moment = "2023-03-08T23:34:57Z".parse().unwrap();
        for text in [
            "2023-03-08T23:34:57",
            "2023-03-08T23:34:57.892000",
            "2023-03-08T23:34:57.530Z",
            "Wed, 08 Mar 2023 23:34:57 +0000",
            "Wed, 8 Mar 2023 23:34:57 GMT",
            "Thu, 09 Mar 2023 01:34:57 +0200",
        ] {
            assert_eq!(parse(text), Some(moment), "{text}");
        }
        assert_eq!(written(moment), "Wed, 08 Mar 2023 23:34:57 -0000");
        for text in ["", "yesterday", "Wed, 08 Foo 2023 23:34:57 +0000", "Wed, "] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
