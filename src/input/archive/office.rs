//! The text of documents of office programs, which are zips of XML: a paragraph, or a row or text of a table, is a
//! line.
//!
//! A word is often cut in the middle, by a change of the font or by the spelling checker; here it is whole again.

use std::io::{self, BufRead, BufReader, Read};

/// How many bytes of a file are looked at for its root.
const MAX_HEAD: usize = 2048;
/// Roots of parts with text: of Word, Excel and PowerPoint (ECMA-376, part 1), and of OpenDocument.
const ROOTS: [&[u8]; 12] = [
    b"<w:document ",
    b"<w:hdr ",
    b"<w:ftr ",
    b"<w:comments ",
    b"<w:footnotes ",
    b"<w:endnotes ",
    b"<sst ",
    b"<worksheet ",
    b"<p:sld ",
    b"<p:notes ",
    b"<p:cmLst ",
    b"<office:document-content ",
];
/// Of the name of an element so many bytes are kept, and of a reference to a character.
const MAX_NAME: usize = 32;

/// Whether a file starts like a part that holds text.
pub(super) fn is_text(head: &[u8]) -> bool {
    let head = &head[..head.len().min(MAX_HEAD)];
    let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    // Some writers leave the declaration out.
    if !start.starts_with(b"<?xml") {
        return ROOTS.iter().any(|root| start.starts_with(root));
    }
    ROOTS
        .iter()
        .any(|root| memchr::memmem::find(head, root).is_some())
}

/// Gives the text of a part, and no more bytes than the part has.
pub(super) struct Paragraphs<R> {
    xml: BufReader<R>,
    /// What has not been handed out.
    text: Vec<u8>,
    given: usize,
}

impl<R: Read> Paragraphs<R> {
    /// Of this XML.
    pub(super) fn new(xml: R) -> Self {
        Self {
            xml: BufReader::new(xml),
            text: Vec::new(),
            given: 0,
        }
    }

    /// Reads on to the end of a text or of a tag. False at the end.
    fn step(&mut self) -> io::Result<bool> {
        let buffer = self.xml.fill_buf()?;
        let len = match buffer.first() {
            None => return Ok(false),
            Some(b'<') => return self.tag().map(|()| true),
            Some(b'&') => return self.character().map(|()| true),
            Some(_) => memchr::memchr2(b'<', b'&', buffer).unwrap_or(buffer.len()),
        };
        let text = &buffer[..len];
        // What indents tags is no text.
        if !text.iter().all(u8::is_ascii_whitespace) || !text.contains(&b'\n') {
            let is_end = |byte: u8| matches!(byte, b'\n' | b'\r');
            let one_line = text
                .iter()
                .map(|&byte| if is_end(byte) { b' ' } else { byte });
            self.text.extend(one_line);
        }
        self.xml.consume(len);
        Ok(true)
    }

    fn tag(&mut self) -> io::Result<()> {
        let mut name = Vec::new();
        let mut quote = None;
        let mut is_named = false;
        self.xml.consume(1);
        loop {
            let Some(&byte) = self.xml.fill_buf()?.first() else {
                return Ok(());
            };
            self.xml.consume(1);
            match (quote, byte) {
                (None, b'>') => break,
                (None, b'"' | b'\'') => quote = Some(byte),
                (Some(open), byte) if open == byte => quote = None,
                (Some(_), _) => {}
                (None, byte) => {
                    is_named |= byte.is_ascii_whitespace();
                    if !is_named && name.len() < MAX_NAME {
                        name.push(byte);
                    }
                }
            }
        }
        self.text.extend(written_for(&name));
        Ok(())
    }

    fn character(&mut self) -> io::Result<()> {
        let mut name = Vec::new();
        self.xml.consume(1);
        while name.len() < MAX_NAME {
            match self.xml.fill_buf()?.first() {
                Some(b';') => {
                    let Some(character) = character(&name) else {
                        break;
                    };
                    self.xml.consume(1);
                    let mut room = [0; 4];
                    self.text
                        .extend(character.encode_utf8(&mut room).as_bytes());
                    return Ok(());
                }
                Some(&byte) if byte.is_ascii_alphanumeric() || byte == b'#' => name.push(byte),
                _ => break,
            }
            self.xml.consume(1);
        }
        self.text.push(b'&');
        self.text.extend(name);
        Ok(())
    }
}

/// What an element means for the text around it, by its name without its namespace: the end of a paragraph, a heading,
/// a text or a row of a table; a break; a tabulator, or the end of a cell; a space.
fn written_for(tag: &[u8]) -> Option<u8> {
    let local = |tag: &[u8]| {
        let colon = memchr::memchr(b':', tag).map_or(0, |colon| colon + 1);
        tag[colon..].to_vec()
    };
    if let Some(closed) = tag.strip_prefix(b"/") {
        return match local(closed).as_slice() {
            b"p" | b"h" | b"si" | b"row" => Some(b'\n'),
            b"c" => Some(b'\t'),
            _ => None,
        };
    }
    match local(tag.strip_suffix(b"/").unwrap_or(tag)).as_slice() {
        b"br" | b"cr" | b"line-break" => Some(b'\n'),
        b"tab" => Some(b'\t'),
        b"s" => Some(b' '),
        // An empty paragraph is one element.
        b"p" | b"h" | b"si" if tag.ends_with(b"/") => Some(b'\n'),
        _ => None,
    }
}

/// What a reference stands for.
fn character(name: &[u8]) -> Option<char> {
    let number = |digits: &[u8], radix| {
        let digits = std::str::from_utf8(digits).ok()?;
        char::from_u32(u32::from_str_radix(digits, radix).ok()?)
    };
    match name {
        b"amp" => Some('&'),
        b"lt" => Some('<'),
        b"gt" => Some('>'),
        b"quot" => Some('"'),
        b"apos" => Some('\''),
        [b'#', b'x', digits @ ..] => number(digits, 16),
        [b'#', digits @ ..] => number(digits, 10),
        _ => None,
    }
}

impl<R: Read> Read for Paragraphs<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() {
            self.text.clear();
            self.given = 0;
            if !self.step()? {
                return Ok(0);
            }
        }
        let rest = &self.text[self.given..];
        let len = rest.len().min(buffer.len());
        buffer[..len].copy_from_slice(&rest[..len]);
        self.given += len;
        Ok(len)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(xml: &str) -> String {
        let mut text = String::new();
        let mut paragraphs = Paragraphs::new(xml.as_bytes());
        paragraphs.read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn runs_are_joined_and_paragraphs_are_lines() {
        let xml = "<?xml version=\"1.0\"?>\r\n<w:document xmlns:w='a>b'><w:body>\n  <w:p w:id=\"1\"><w:r><w:t>key-12\
                   </w:t></w:r>\n   <w:proofErr w:type=\"x\"/><w:r><w:t xml:space='preserve'>34 &amp;&#x41;&#66;&lt;</w:t>\
                   <w:tab/><w:t>z</w:t></w:r></w:p><w:p/><w:p><w:r><w:t>two\nlines</w:t><w:br/><w:t>x</w:t></w:r></w:p>";
        assert_eq!(text(xml), "key-1234 &AB<\tz\n\ntwo lines\nx\n");
    }

    #[test]
    fn tables_and_slides_and_open_documents_are_known() {
        assert_eq!(
            text("<sst><si><t>a</t></si><si><r><t>b</t></r><r><t>c</t></r></si></sst>"),
            "a\nbc\n"
        );
        let row = "<row r='1'><c t='inlineStr'><is><t>a</t></is></c><c><v>7</v></c></row><row/>";
        assert_eq!(text(row), "a\t7\t\n");
        assert_eq!(text("<a:p><a:r><a:t>a</a:t></a:r></a:p>"), "a\n");
        let open = "<text:h>A</text:h><text:p>b<text:s/>c<text:span>d</text:span><text:line-break/>e</text:p>";
        assert_eq!(text(open), "A\nb cd\ne\n");
    }

    #[test]
    fn only_documents_are_taken_for_one() {
        assert!(is_text(
            b"<?xml version=\"1.0\"?>\n<w:document xmlns:w=\"x\">"
        ));
        assert!(is_text(
            b"\xef\xbb\xbf<?xml version=\"1.0\"?><sst count=\"1\">"
        ));
        assert!(!is_text(b"<?xml version=\"1.0\"?><configuration/>"));
        assert!(is_text(b"<worksheet xmlns=\"x\">"));
        assert!(!is_text(b"<?php echo '<w:document a=\"b\">';"));
        assert!(!is_text(b"# A `<w:document ` is the root"));
    }

    proptest! {
        #[test]
        fn any_xml_gives_no_more_than_it_has(xml in "([<>&;#a-z:/'\"\n -]|<w:p/>|&amp;|&#9999;){0,60}") {
            let mut text = Vec::new();
            Paragraphs::new(xml.as_bytes()).read_to_end(&mut text).unwrap();
            prop_assert!(text.len() <= xml.len());
        }
    }
}
