//! The statements of a Python file, one after the other.

/// A statement: a logical line, <https://docs.python.org/3/reference/lexical_analysis.html#logical-lines>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement<'t> {
    /// How far it is indented, in characters.
    pub indent: usize,
    /// Without comments; what brackets hold together is on one line.
    pub text: String,
    /// Its texts, without quotes, in order.
    pub strings: Vec<&'t str>,
    /// Where it starts, from 1.
    pub line: u32,
    /// Where it ends.
    pub end_line: u32,
}

impl Statement<'_> {
    /// The name and the value of `NAME = value` and `NAME: type = value`.
    pub fn assignment(&self) -> Option<(&str, &str)> {
        let (left, value) = self.text.split_once('=')?;
        let name = left.split(':').next()?.trim();
        let is_name = !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let is_plain = !value.starts_with('=');
        (is_name && is_plain).then(|| (name, value.trim()))
    }
}

/// The statements of a file, in order.
pub fn statements(text: &str) -> Vec<Statement<'_>> {
    let mut reader = Reader {
        text,
        at: 0,
        line: 1,
        depth: 0,
        found: Vec::new(),
        open: None,
    };
    reader.run();
    reader.found
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    line: u32,
    depth: usize,
    found: Vec<Statement<'t>>,
    open: Option<Statement<'t>>,
}

impl<'t> Reader<'t> {
    fn run(&mut self) {
        let bytes = self.text.as_bytes();
        let mut line_start = 0;
        while let Some(&byte) = bytes.get(self.at) {
            match byte {
                b'#' => {
                    let rest = &bytes[self.at..];
                    self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                }
                b'\'' | b'"' => self.string(line_start),
                b'\\' if bytes.get(self.at + 1) == Some(&b'\n') => {
                    self.at += 2;
                    self.line += 1;
                }
                b'\n' => {
                    if self.depth == 0 {
                        self.close();
                    } else {
                        self.push(" ", line_start);
                    }
                    self.at += 1;
                    self.line += 1;
                    line_start = self.at;
                }
                b';' if self.depth == 0 => {
                    self.close();
                    self.at += 1;
                }
                _ => self.plain(byte, line_start),
            }
        }
        self.close();
    }

    /// A character, and whatever brackets it opens or closes.
    fn plain(&mut self, byte: u8, line_start: usize) {
        match byte {
            b'(' | b'[' | b'{' => self.depth += 1,
            b')' | b']' | b'}' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        let length = self.text[self.at..]
            .chars()
            .next()
            .map_or(1, char::len_utf8);
        let piece = &self.text[self.at..self.at + length];
        if self.open.is_some() || !piece.trim().is_empty() {
            self.push(piece, line_start);
        }
        self.at += length;
    }

    /// A text in one or three quotes. One that is not closed ends with its line, or with the file.
    fn string(&mut self, line_start: usize) {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let quote = bytes[start];
        let triple = [quote; 3];
        let width = if bytes[start..].starts_with(&triple) {
            3
        } else {
            1
        };
        let mut at = start + width;
        let mut end = bytes.len();
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'\\' => at += 2,
                b'\n' if width == 1 => {
                    end = at;
                    break;
                }
                _ if bytes[at..].starts_with(&triple[..width]) => {
                    end = at + width;
                    break;
                }
                _ => at += 1,
            }
        }
        let whole = self.text.get(start..end).unwrap_or_default();
        let inside = whole
            .get(width..whole.len().saturating_sub(width))
            .unwrap_or_default();
        self.push(whole, line_start);
        if let Some(open) = &mut self.open {
            open.strings.push(inside);
        }
        let lines = memchr::memchr_iter(b'\n', whole.as_bytes()).count();
        self.line += u32::try_from(lines).unwrap_or(u32::MAX);
        self.at = end;
    }

    fn push(&mut self, piece: &str, line_start: usize) {
        let (at, line) = (self.at, self.line);
        let open = self.open.get_or_insert_with(|| Statement {
            indent: at.saturating_sub(line_start),
            text: String::new(),
            strings: Vec::new(),
            line,
            end_line: line,
        });
        open.text.push_str(piece);
    }

    fn close(&mut self) {
        if let Some(mut open) = self.open.take() {
            open.end_line = self.line;
            open.text.truncate(open.text.trim_end().len());
            self.found.push(open);
        }
        self.depth = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_quotes_and_comments_are_what_they_are() {
        let text = "A = [  # one\n  'x', \"y\"\n]\nif B:\n    C: str = '''#\n;''' ; D = 1 \\\n + 2\n# E = 1\nF == 1\n";
        let found = statements(text);
        let short: Vec<(usize, &str, u32, u32)> = found
            .iter()
            .map(|one| (one.indent, one.text.as_str(), one.line, one.end_line))
            .collect();
        assert_eq!(short[0], (0, "A = [     'x', \"y\" ]", 1, 3));
        assert_eq!(found[0].strings, ["x", "y"]);
        assert_eq!(short[1], (0, "if B:", 4, 4));
        assert_eq!(found[2].assignment(), Some(("C", "'''#\n;'''")));
        assert_eq!(
            (found[2].indent, found[2].line, found[2].end_line),
            (4, 5, 6)
        );
        assert_eq!(found[3].assignment(), Some(("D", "1  + 2")));
        assert_eq!(found[4].line, 9);
        assert_eq!(found[4].assignment(), None);
        assert_eq!(found.len(), 5);
    }

    #[test]
    fn any_text_reads() {
        for text in [
            "'", "'''", "\\", "'\\", "(((", ")))", "é = 'ü", "a\r\nb", "'\\é'",
        ] {
            statements(text);
        }
        let long = "('\\\n".repeat(100_000);
        assert!(statements(&long).len() <= 100_001);
    }
}
