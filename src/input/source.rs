//! Bytes that can be read again, from anywhere.

use std::fs::File;
use std::io;
use std::ops::ControlFlow;

use super::text::{SourceFile, TextSource};
use super::utf16::Decoder;

/// Where the bytes of a text are while it is looked at.
#[derive(Debug)]
pub(super) enum Source {
    /// In memory, because standard input cannot be read twice.
    Memory(Vec<u8>),
    /// On disk.
    File(File),
}

impl Source {
    /// Fills `buffer` with the bytes from `offset` on. Tells how many there were: fewer than fit
    /// only at the end.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(super) fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        match self {
            Self::Memory(bytes) => {
                let start = usize::try_from(offset)
                    .unwrap_or(usize::MAX)
                    .min(bytes.len());
                let len = buffer.len().min(bytes.len() - start);
                buffer[..len].copy_from_slice(&bytes[start..start + len]);
                Ok(len)
            }
            Self::File(file) => fill_at(file, buffer, offset),
        }
    }
}

/// Bytes that are read in order.
pub(super) struct Cursored<'s> {
    source: &'s Source,
    /// Where the next byte stands.
    pub(super) offset: u64,
}

impl<'s> Cursored<'s> {
    /// From the start.
    pub(super) fn new(source: &'s Source) -> Self {
        Self { source, offset: 0 }
    }
}

impl io::Read for Cursored<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read_at(buffer, self.offset)?;
        self.offset += read as u64;
        Ok(read)
    }
}

fn fill_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut len = 0;
    while len < buffer.len() {
        match positional_read(file, &mut buffer[len..], offset + len as u64) {
            Ok(0) => break,
            Ok(read) => len += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(len)
}

#[cfg(unix)]
fn positional_read(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn positional_read(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

/// The text of a file that is in memory as a whole.
pub(super) struct Held<'t>(pub(super) &'t [u8]);

impl TextSource for Held<'_> {
    fn pieces(&mut self, visit: &mut dyn FnMut(&[u8]) -> ControlFlow<()>) -> io::Result<()> {
        let _ = visit(self.0);
        Ok(())
    }
}

/// The text of a file that is read again.
pub(super) struct Reread<'s> {
    /// Its bytes.
    pub(super) source: &'s Source,
    /// What is known of it.
    pub(super) file: &'s SourceFile,
    /// So many bytes are read at once.
    pub(super) piece: usize,
}

impl Reread<'_> {
    /// Visits the text like [`TextSource::pieces`], and each time tells how many bytes of the file
    /// were read up to there.
    pub(super) fn visit(
        &self,
        visit: &mut dyn FnMut(&[u8], u64) -> ControlFlow<()>,
    ) -> io::Result<()> {
        let SourceFile {
            size,
            text_start,
            encoding,
            ..
        } = *self.file;
        let mut buffer = vec![0; self.piece];
        let mut decoder = Decoder::new(encoding);
        let mut decoded = String::new();
        let mut offset = text_start.min(size);
        loop {
            let want =
                usize::try_from(size - offset).map_or(self.piece, |rest| rest.min(self.piece));
            let len = self.source.read_at(&mut buffer[..want], offset)?;
            offset += len as u64;
            let is_last = len < self.piece || offset == size;
            let text = match &mut decoder {
                None => &buffer[..len],
                Some(decoder) => {
                    decoded.clear();
                    decoder.feed(&buffer[..len], is_last, &mut decoded);
                    decoded.as_bytes()
                }
            };
            if visit(text, offset).is_break() || is_last {
                return Ok(());
            }
        }
    }
}

impl TextSource for Reread<'_> {
    fn pieces(&mut self, visit: &mut dyn FnMut(&[u8]) -> ControlFlow<()>) -> io::Result<()> {
        self.visit(&mut |text, _| visit(text))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::super::text::Encoding;
    use super::*;

    fn file(size: u64, encoding: Encoding, text_start: u64) -> SourceFile {
        SourceFile {
            path: "a".to_owned(),
            relative: "a".to_owned(),
            size,
            encoding,
            text_start,
            real: None,
            archive: None,
        }
    }

    fn pieces(source: &Source, file: &SourceFile, piece: usize) -> Vec<Vec<u8>> {
        let mut pieces = Vec::new();
        let mut text = Reread {
            source,
            file,
            piece,
        };
        text.pieces(&mut |piece| {
            pieces.push(piece.to_vec());
            ControlFlow::Continue(())
        })
        .unwrap();
        pieces
    }

    #[test]
    fn pieces_make_the_text_up_to_the_size_that_was_seen() {
        let mut temporary = tempfile::tempfile().unwrap();
        temporary.write_all(b"0123456789").unwrap();
        for source in [
            Source::Memory(b"0123456789".to_vec()),
            Source::File(temporary),
        ] {
            for size in [0, 1, 3, 4, 8, 9, 10] {
                let seen = pieces(&source, &file(size, Encoding::Bytes, 0), 4);
                assert!(seen.iter().all(|piece| piece.len() <= 4));
                assert_eq!(
                    seen.concat(),
                    &b"0123456789"[..usize::try_from(size).unwrap()]
                );
            }
            let shrunk = pieces(&source, &file(50, Encoding::Bytes, 0), 4);
            assert_eq!(shrunk.concat(), b"0123456789");
        }
    }

    #[test]
    fn utf16_is_decoded_across_pieces() {
        let bytes: Vec<u8> = "\u{feff}a\u{1f511}b"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let file = file(bytes.len() as u64, Encoding::Utf16Le, 2);
        for piece in 1..12 {
            let text = pieces(&Source::Memory(bytes.clone()), &file, piece).concat();
            assert_eq!(text, "a\u{1f511}b".as_bytes());
        }
    }

    #[test]
    fn a_visit_can_be_stopped() {
        let source = Source::Memory(vec![b'x'; 100]);
        let file = file(100, Encoding::Bytes, 0);
        let mut visits = 0;
        let mut text = Reread {
            source: &source,
            file: &file,
            piece: 10,
        };
        text.pieces(&mut |_| {
            visits += 1;
            ControlFlow::Break(())
        })
        .unwrap();
        assert_eq!(visits, 1);
    }
}
