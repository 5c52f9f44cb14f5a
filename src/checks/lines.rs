//! Lines around a place in a text.

/// A line is looked at so far back, in bytes: a text may be one line.
const MOST: usize = 512;

/// What stands before the end of a text in its last line, if the line begins near.
pub(super) fn line_before(text: &str) -> Option<&str> {
    let start = text.len().saturating_sub(MOST);
    let start = (start..=text.len()).find(|&at| text.is_char_boundary(at))?;
    let near = &text[start..];
    match near.rsplit_once(['\n', '\r']) {
        Some((_, line)) => Some(line),
        None => (start == 0).then_some(near),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_begin_near_are_given() {
        assert_eq!(line_before(""), Some(""));
        assert_eq!(line_before("a b"), Some("a b"));
        assert_eq!(line_before("a\r\n  b"), Some("  b"));
        assert_eq!(line_before(&"ä".repeat(MOST)), None);
        assert_eq!(line_before(&format!("{}\nb", "ä".repeat(MOST))), Some("b"));
    }
}
