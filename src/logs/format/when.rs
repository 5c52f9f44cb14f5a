//! Times as logs write them.

use std::str;

use crate::finding::Moment;

const DAY: i64 = 86_400;
/// Later seconds since 1970 than these are milliseconds, or finer.
const LATEST: f64 = 1e11;

/// `23/Nov/2026:11:34:42 +0000`, RFC 3339, a date alone, or seconds since 1970.
pub(super) fn read(text: &[u8]) -> Option<Moment> {
    match text {
        [_, _, b'/', ..] => common(text),
        [_, _, _, _, b'-', ..] => str::from_utf8(text).ok()?.parse().ok(),
        _ => since_1970(text),
    }
}

/// A time of a day.
pub(super) fn on(day: Moment, text: &[u8]) -> Option<Moment> {
    let (hour, minute, second) = clock(text)?;
    let of_day = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
    Some(Moment(day.0.div_euclid(DAY) * DAY + of_day))
}

fn common(text: &[u8]) -> Option<Moment> {
    let day = two(text.get(..2)?)?;
    let month = month(text.get(3..6)?)?;
    let year = two(text.get(7..9)?)? * 100 + two(text.get(9..11)?)?;
    if text.get(6) != Some(&b'/') || text.get(11) != Some(&b':') {
        return None;
    }
    let time = clock(text.get(12..20)?)?;
    let moment = Moment::of((i64::from(year), month, day), time)?;
    Some(moment.plus(-zone(text.get(20..)?)?))
}

/// From 1. Asked for each line, so without a search.
fn month(name: &[u8]) -> Option<u32> {
    Some(match name {
        b"Jan" => 1,
        b"Feb" => 2,
        b"Mar" => 3,
        b"Apr" => 4,
        b"May" => 5,
        b"Jun" => 6,
        b"Jul" => 7,
        b"Aug" => 8,
        b"Sep" => 9,
        b"Oct" => 10,
        b"Nov" => 11,
        b"Dec" => 12,
        _ => return None,
    })
}

/// Seconds that ` +0130` is ahead of UTC.
fn zone(text: &[u8]) -> Option<i64> {
    let (sign, digits) = match text.trim_ascii() {
        [] => return Some(0),
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return None,
    };
    let hours = two(digits.get(..2)?)?;
    let minutes = two(digits.get(2..4)?)?;
    Some(sign * (i64::from(hours) * 3600 + i64::from(minutes) * 60))
}

fn clock(text: &[u8]) -> Option<(u32, u32, u32)> {
    match text {
        [h1, h2, b':', m1, m2, b':', s1, s2, ..] => {
            Some((two(&[*h1, *h2])?, two(&[*m1, *m2])?, two(&[*s1, *s2])?))
        }
        _ => None,
    }
}

fn two(digits: &[u8]) -> Option<u32> {
    match digits {
        [a, b] if a.is_ascii_digit() && b.is_ascii_digit() => {
            Some(u32::from(a - b'0') * 10 + u32::from(b - b'0'))
        }
        _ => None,
    }
}

fn since_1970(text: &[u8]) -> Option<Moment> {
    let mut seconds: f64 = str::from_utf8(text).ok()?.parse().ok()?;
    if !seconds.is_finite() {
        return None;
    }
    while seconds >= LATEST {
        seconds /= 1000.0;
    }
    #[expect(clippy::cast_possible_truncation, reason = "it is below 1e11")]
    (seconds >= 1.0).then_some(Moment(seconds as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_moment_in_every_notation() {
        for text in [
            "23/Nov/2026:11:34:42 +0000",
            "23/Nov/2026:13:04:42 +0130",
            "23/Nov/2026:03:34:42 -0800",
            "2026-11-23T11:34:42+00:00",
            "2026-11-23T12:34:42.123+01:00",
            "1795433682",
            "1795433682.918",
            "1795433682918",
            "1795433682918000000",
        ] {
            let read = read(text.as_bytes()).map(|moment| moment.to_string());
            assert_eq!(read.as_deref(), Some("2026-11-23T11:34:42Z"), "{text}");
        }
        let day = read(b"2026-11-23").unwrap();
        assert_eq!(
            on(day, b"11:34:42").unwrap().to_string(),
            "2026-11-23T11:34:42Z"
        );
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "-",
            "23/Nov/2026",
            "99/Nov/2026:11:34:42 +0000",
            "NaN",
            "inf",
            "-5",
        ] {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
    }
}
