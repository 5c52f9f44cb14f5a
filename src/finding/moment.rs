//! A point in time, to the second, in UTC.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const DAY: i64 = 86_400;

/// Seconds since 1970-01-01T00:00:00Z. Written as RFC 3339: `2026-11-23T11:34:42Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

/// A text that is no time of RFC 3339.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParseMomentError;

impl fmt::Display for ParseMomentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this is no time; write it as 2026-11-23T11:34:42Z")
    }
}

impl std::error::Error for ParseMomentError {}

impl Moment {
    /// The clock of this machine. No scan asks for it: what a scan writes depends on what it reads alone.
    pub fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let seconds = since.map_or(0, |since| since.as_secs());
        Self(i64::try_from(seconds).unwrap_or(i64::MAX))
    }

    /// A date of the Gregorian calendar and a time of day, in UTC; `None` where there is no such.
    pub fn of(date: (i64, u32, u32), time: (u32, u32, u32)) -> Option<Self> {
        let ((year, month, day), (hour, minute, second)) = (date, time);
        let is_date = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
        // A leap second is the 60th.
        if !is_date || !(0..=9999).contains(&year) || hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let of_day = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
        Some(Self(days_before(year, month, day) * DAY + of_day))
    }

    /// So many seconds later.
    #[must_use]
    pub fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    fn date(self) -> (i64, u32, u32) {
        civil(self.0.div_euclid(DAY))
    }
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i64, month: u32) -> u32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 to a date: years are counted from March on, so that the leap day is the last one
/// (<https://howardhinnant.github.io/date_algorithms.html>).
fn days_before(year: i64, month: u32, day: u32) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let from_march = i64::from((month + 9) % 12);
    let of_year = (153 * from_march + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn civil(days: i64) -> (i64, u32, u32) {
    let days = days.saturating_add(719_468);
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = year + era * 400 + i64::from(month <= 2);
    let small = |number: i64| u32::try_from(number).unwrap_or_default();
    (year, small(month), small(day))
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.date();
        let of_day = self.0.rem_euclid(DAY);
        let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"
        )
    }
}

impl FromStr for Moment {
    type Err = ParseMomentError;

    /// Reads RFC 3339, and with a space for the `T`; without a zone it is UTC. Parts of a second are left out.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text.trim().as_bytes()).ok_or(ParseMomentError)
    }
}

fn parse(text: &[u8]) -> Option<Moment> {
    let two = |at: usize| digits(text.get(at..at + 2)?);
    let is = |at: usize, wanted: &[u8]| text.get(at).is_some_and(|byte| wanted.contains(byte));
    let date = (i64::from(digits(text.get(..4)?)?), two(5)?, two(8)?);
    if !is(4, b"-") || !is(7, b"-") {
        return None;
    }
    if text.len() == 10 {
        return Moment::of(date, (0, 0, 0));
    }
    if !is(10, b"Tt ") || !is(13, b":") || !is(16, b":") {
        return None;
    }
    let moment = Moment::of(date, (two(11)?, two(14)?, two(17)?))?;
    let mut rest = &text[19..];
    if let [b'.' | b',', fraction @ ..] = rest {
        let count = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
        rest = &fraction[count..];
    }
    Some(moment.plus(-zone(rest)?))
}

/// Seconds that a zone is ahead of UTC.
fn zone(text: &[u8]) -> Option<i64> {
    let (sign, digits_of_zone) = match text {
        [] | [b'Z' | b'z'] => return Some(0),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = match digits_of_zone.len() {
        2 => (&digits_of_zone[..2], &b"00"[..]),
        4 => digits_of_zone.split_at(2),
        5 if digits_of_zone[2] == b':' => (&digits_of_zone[..2], &digits_of_zone[3..]),
        _ => return None,
    };
    let (hours, minutes) = (digits(hours)?, digits(minutes)?);
    Some(sign * (i64::from(hours) * 3600 + i64::from(minutes) * 60))
}

fn digits(text: &[u8]) -> Option<u32> {
    text.iter().try_fold(0, |number: u32, byte| {
        let digit = byte.is_ascii_digit().then(|| u32::from(byte - b'0'))?;
        number.checked_mul(10)?.checked_add(digit)
    })
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

impl JsonSchema for Moment {
    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date-time", "description": "A time in UTC, to the second."})
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_times() {
        let moment = |text: &str| text.parse::<Moment>().unwrap();
        assert_eq!(moment("1970-01-01T00:00:00Z"), Moment(0));
        assert_eq!(moment("2026-11-23T11:34:42Z"), Moment(1_795_433_682));
        assert_eq!(
            moment("2026-11-23T11:34:42.123456+01:00").to_string(),
            "2026-11-23T10:34:42Z"
        );
        assert_eq!(moment("2026-11-23 11:34:42"), Moment(1_795_433_682));
        assert_eq!(moment("2024-02-29").to_string(), "2024-02-29T00:00:00Z");
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "2026",
            "2026-13-01",
            "2025-02-29",
            "2026-11-23T25:00:00Z",
            "2026-11-23T11:34:42 UTC",
            "2026-11-23T11:34:42+1",
            "é026-11-23T11:34:42Z",
        ] {
            assert!(text.parse::<Moment>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(seconds in 0..253_402_300_800_i64) {
            let moment = Moment(seconds);
            prop_assert_eq!(moment.to_string().parse(), Ok(moment));
        }

        #[test]
        fn any_number_is_written(seconds: i64) {
            let _ = Moment(seconds).to_string();
        }
    }
}
