//! Text for a terminal: nothing in it can move the cursor, and its width is known.

use std::fmt::Write;

/// Columns from one tab stop to the next.
const TAB: usize = 4;

/// Blocks whose characters take two columns: the wide and full-width ones of Unicode's
/// `EastAsianWidth.txt`, <https://www.unicode.org/reports/tr11/>, by whole blocks.
const WIDE: &[(u32, u32)] = &[
    (0x1100, 0x115f),
    (0x2e80, 0x303e),
    (0x3041, 0xa4cf),
    (0xa960, 0xa97c),
    (0xac00, 0xd7a3),
    (0xf900, 0xfaff),
    (0xfe30, 0xfe6f),
    (0xff01, 0xff60),
    (0xffe0, 0xffe6),
    (0x1f300, 0x1f64f),
    (0x1f680, 0x1f6ff),
    (0x1f900, 0x1f9ff),
    (0x20000, 0x3fffd),
];

/// Blocks whose characters stand on the one before: combining marks and variation selectors.
const NARROW: &[(u32, u32)] = &[
    (0x0300, 0x036f),
    (0x0483, 0x0489),
    (0x0591, 0x05bd),
    (0x064b, 0x065f),
    (0x1ab0, 0x1aff),
    (0x1dc0, 0x1dff),
    (0x20d0, 0x20ff),
    (0xfe00, 0xfe0f),
    (0xfe20, 0xfe2f),
    (0xe0100, 0xe01ef),
];

/// Characters that no one sees and that change what is seen: zero-width ones, directions, line ends.
const UNSEEN: &[(u32, u32)] = &[
    (0x00ad, 0x00ad),
    (0x061c, 0x061c),
    (0x180e, 0x180e),
    (0x200b, 0x200f),
    (0x2028, 0x202e),
    (0x2060, 0x206f),
    (0xfeff, 0xfeff),
    (0xfff9, 0xfffb),
    (0xe0000, 0xe007f),
];

/// The text with every character that a terminal would act on, or that would be unseen, written as
/// `\t` or `\u{1b}`.
pub(in crate::report) fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        push_printable(&mut out, c);
    }
    out
}

/// The same, with tabs as blanks up to the next stop; the text is to stand at `column` (from 0).
pub(in crate::report) fn expanded(text: &str, column: usize) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = column;
    for c in text.chars() {
        let before = out.len();
        if c == '\t' {
            out.extend(std::iter::repeat_n(' ', TAB - at % TAB));
        } else {
            push_printable(&mut out, c);
        }
        at += width(&out[before..]);
    }
    out
}

fn push_printable(out: &mut String, c: char) {
    match c {
        '\t' | '\n' | '\r' => out.extend(c.escape_default()),
        _ if c.is_control() || lies_in(UNSEEN, c) => out.extend(c.escape_unicode()),
        _ => out.push(c),
    }
}

/// How many columns a printable text takes.
pub(in crate::report) fn width(text: &str) -> usize {
    text.chars()
        .map(|c| match c {
            ' '..='~' => 1,
            _ if lies_in(NARROW, c) => 0,
            _ if lies_in(WIDE, c) => 2,
            _ => 1,
        })
        .sum()
}

fn lies_in(blocks: &[(u32, u32)], c: char) -> bool {
    let code = u32::from(c);
    let after = blocks.partition_point(|&(first, _)| first <= code);
    after > 0 && code <= blocks[after - 1].1
}

/// The words of a text in lines of at most `columns`, a longer word on a line of its own.
pub(super) fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split_whitespace() {
        let word = printable(word);
        let needed = width(&word);
        if used > 0 && used + 1 + needed > columns {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            line.push_str(&word);
            used += needed;
        }
    }
    lines
}

/// `1 file`, `1,234 files`.
pub(crate) fn counted(count: u64, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{} {noun}{ending}", grouped(count))
}

/// `1,234,567`.
pub(in crate::report) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `512 B`, `1.5 MB`: powers of 1,000.
pub(in crate::report) fn bytes(count: u64) -> String {
    let mut out = String::new();
    let mut value = count as f64;
    let mut units = ["B", "kB", "MB", "GB", "TB"].iter().peekable();
    while let Some(unit) = units.next() {
        // 999.95 would be written as 1000.0.
        if value < 999.95 || units.peek().is_none() {
            let digits = usize::from(*unit != "B");
            // Writing to a `String` does not fail.
            let _ = write!(out, "{value:.digits$} {unit}");
            break;
        }
        value /= 1000.0;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_a_terminal_acts_on_is_written_out() {
        assert_eq!(printable("a\x1b[2Jb\r\n"), "a\\u{1b}[2Jb\\r\\n");
        assert_eq!(printable("\u{9b}31m\u{202e}txt"), "\\u{9b}31m\\u{202e}txt");
        assert_eq!(printable("größe 大"), "größe 大");
    }

    #[test]
    fn tabs_reach_the_next_stop() {
        assert_eq!(expanded("a\tb", 0), "a   b");
        assert_eq!(expanded("\tb", 3), " b");
        assert_eq!(expanded("大\tb", 0), "大  b");
    }

    #[test]
    fn widths() {
        assert_eq!(width("abc"), 3);
        assert_eq!(width("大き"), 4);
        assert_eq!(width("e\u{301}"), 1);
        assert_eq!(width("\u{1f511}"), 2);
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!(counted(1, "file"), "1 file");
        assert_eq!(counted(1_234_567, "file"), "1,234,567 files");
        assert_eq!(bytes(0), "0 B");
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(1_500_000), "1.5 MB");
        assert_eq!(bytes(999_960), "1.0 MB");
        assert_eq!(bytes(u64::MAX), "18446744.1 TB");
    }

    #[test]
    fn words_wrap() {
        assert_eq!(wrapped("aa bb ccccccc d", 5), ["aa bb", "ccccccc", "d"]);
        assert_eq!(wrapped("", 5), [""]);
    }

    proptest! {
        #[test]
        fn nothing_for_a_terminal_to_act_on_is_left(text in "\\PC*|[\\x00-\\x9f\u{200b}-\u{202e}]*") {
            for out in [printable(&text), expanded(&text, 3)] {
                prop_assert!(!out.chars().any(|c| c.is_control() || lies_in(UNSEEN, c)));
            }
        }

        #[test]
        fn wrapped_lines_fit(text in "[a-z]{1,8}( [a-z]{1,8}){0,20}", columns in 8usize..40) {
            let lines = wrapped(&text, columns);
            prop_assert!(lines.iter().all(|line| line.len() <= columns));
            prop_assert_eq!(lines.join(" "), text);
        }
    }
}
