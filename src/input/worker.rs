//! One thread's reading of files that fit into one chunk.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use super::Sink;
use super::large::Large;
use super::ledger::SkipReason;
use super::open::{self, Refusal};
use super::run::Run;
use super::sniff::{self, Content};
use super::source::{Held, Source};
use super::text::{Chunk, Encoding, SourceFile};
use super::utf16::Decoder;

/// So much is read at first: many files as a whole, and of a binary little more than its head.
const FIRST_READ: usize = 16 * 1024;

/// A file by all its names, before it is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    /// As [`SourceFile::path`].
    pub(super) path: String,
    /// As [`SourceFile::relative`].
    pub(super) relative: String,
    /// As [`SourceFile::real`].
    pub(super) real: PathBuf,
}

/// Room for nearly every file. A larger one makes the buffer as large as it may get.
const SMALL: usize = 64 * 1024;

/// A buffer that is zeroed once or twice, when it is made; pages that no file reaches are never touched.
struct Buffer {
    bytes: Vec<u8>,
    len: usize,
    capacity: usize,
}

impl Buffer {
    fn new(capacity: usize) -> Self {
        Self {
            bytes: vec![0; SMALL.min(capacity)],
            len: 0,
            capacity,
        }
    }

    /// Makes room for so many bytes, which must not be more than its capacity.
    fn reach(&mut self, upto: usize) {
        if self.bytes.len() < upto {
            let mut larger = vec![0; self.capacity];
            larger[..self.len].copy_from_slice(&self.bytes[..self.len]);
            self.bytes = larger;
        }
    }

    /// Reads on until so many bytes are there, or the file ends.
    fn fill(&mut self, mut file: &File, upto: usize) -> io::Result<()> {
        self.reach(upto);
        while self.len < upto {
            match file.read(&mut self.bytes[self.len..upto]) {
                Ok(0) => break,
                Ok(read) => self.len += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// What is not in the buffer.
enum Rest {
    /// Nothing.
    Nothing,
    /// All but the head; the file is large and comes later.
    Later,
    /// An unknown amount, which the size did not announce.
    Unannounced,
}

/// A file of which at least the head is in the buffer.
struct Taken {
    content: Content,
    size: u64,
    rest: Rest,
}

/// One thread's means of reading.
pub(super) struct Worker<'r, 's, S> {
    run: &'r Run<'s, S>,
    buffer: Buffer,
    decoded: String,
}

impl<'r, 's, S: Sink> Worker<'r, 's, S> {
    /// With a buffer for the largest chunk.
    pub(super) fn new(run: &'r Run<'s, S>) -> Self {
        let limits = run.limits;
        let capacity = limits.one_chunk.max(limits.owned + 2 * limits.overlap);
        Self {
            run,
            buffer: Buffer::new(capacity),
            decoded: String::new(),
        }
    }

    /// Room for a chunk, with anything in it.
    pub(super) fn room(&mut self, len: usize) -> &mut [u8] {
        self.buffer.len = 0;
        self.buffer.reach(len);
        &mut self.buffer.bytes[..len]
    }

    /// Reads a file that seems to be a regular one.
    pub(super) fn read(&mut self, name: Name) {
        let opened = open::open(&name.real);
        let taken = opened.and_then(|(file, size)| self.take(&file, size));
        match taken {
            Ok(taken) => self.look(name, &taken),
            Err(refusal) => self.run.refuse(&name.path, &refusal),
        }
    }

    fn take(&mut self, file: &File, size: u64) -> Result<Taken, Refusal> {
        let limit = self.run.limits.one_chunk;
        self.buffer.len = 0;
        let Some(len) = usize::try_from(size).ok().filter(|&len| len <= limit) else {
            self.buffer.fill(file, sniff::HEAD_LEN.min(limit))?;
            return Ok(self.taken(size, Rest::Later));
        };
        // Files made up by the kernel, as under /proc, say that they are empty.
        let len = if len == 0 { limit } else { len };
        self.buffer.fill(file, len.min(FIRST_READ))?;
        let head = self.taken(size, Rest::Nothing);
        if !matches!(head.content, Content::Text(..)) {
            return Ok(head);
        }
        if self.buffer.len == FIRST_READ.min(len) {
            self.buffer.fill(file, len)?;
        }
        let unannounced = size == 0 && self.buffer.len == limit;
        Ok(Taken {
            size: self.buffer.len as u64,
            rest: if unannounced {
                Rest::Unannounced
            } else {
                Rest::Nothing
            },
            ..head
        })
    }

    fn taken(&self, size: u64, rest: Rest) -> Taken {
        Taken {
            content: sniff::judge(
                &self.buffer.bytes[..self.buffer.len],
                self.run.archives.is_some(),
            ),
            size,
            rest,
        }
    }

    fn look(&mut self, name: Name, taken: &Taken) {
        let ledger = &self.run.ledger;
        let (encoding, text_start) = match taken.content {
            Content::Text(encoding, text_start) => (encoding, text_start),
            Content::Archive(_) => (Encoding::Bytes, 0),
            Content::Binary(kind) => {
                return ledger.skip(&name.path, SkipReason::Binary, kind.to_owned());
            }
        };
        let file = SourceFile {
            path: name.path,
            relative: name.relative,
            size: taken.size,
            encoding,
            text_start,
            real: Some(name.real),
            archive: None,
        };
        if let Content::Archive(format) = taken.content {
            return self.run.put_archive_aside(format, Large::on_disk(file));
        }
        match taken.rest {
            Rest::Later => return self.run.put_aside(Large::on_disk(file)),
            Rest::Nothing => ledger.add_file(),
            Rest::Unannounced => {
                let detail = format!(
                    "it has no size and gives more than {} bytes; what comes after them was not \
                     read: scan a copy of it",
                    self.buffer.len
                );
                ledger.skip(&file.path, SkipReason::Capped, detail);
            }
        }
        let bytes = &self.buffer.bytes[..self.buffer.len];
        scan_whole(self.run, &file, bytes, &mut self.decoded);
    }
}

/// Looks at a file whose bytes are in memory, now or, if it is large, in the round of large files. `decoded` is room
/// for its text.
pub(super) fn scan_held<S: Sink>(
    run: &Run<'_, S>,
    name: Name,
    bytes: Vec<u8>,
    decoded: &mut String,
) {
    let Name {
        path,
        relative,
        real,
    } = name;
    let content = sniff::judge(&bytes, run.archives.is_some());
    let (encoding, text_start) = match content {
        Content::Text(encoding, text_start) => (encoding, text_start),
        Content::Archive(_) => (Encoding::Bytes, 0),
        Content::Binary(kind) => {
            return run.ledger.skip(&path, SkipReason::Binary, kind.to_owned());
        }
    };
    let file = SourceFile {
        path,
        relative,
        size: bytes.len() as u64,
        encoding,
        text_start,
        real: Some(real),
        archive: None,
    };
    if let Content::Archive(format) = content {
        run.put_archive_aside(format, Large::at_hand(file, Source::Memory(bytes)));
    } else if bytes.len() <= run.limits.one_chunk {
        run.ledger.add_file();
        scan_whole(run, &file, &bytes, decoded);
    } else {
        run.put_aside(Large::at_hand(file, Source::Memory(bytes)));
    }
}

/// Looks at a file that lies in no directory, at once. There may be many large ones, and of some of them it is not known
/// where they belong before it is known what they hold; so archives among them stay closed. Tells what it is if it holds
/// no text.
pub(super) fn scan_blob<S: Sink>(
    run: &Run<'_, S>,
    (path, relative): (String, String),
    bytes: &[u8],
    decoded: &mut String,
) -> Option<&'static str> {
    let (encoding, text_start) = match sniff::sniff(bytes) {
        Content::Text(encoding, text_start) => (encoding, text_start),
        Content::Binary(kind) => {
            run.ledger.skip(&path, SkipReason::Binary, kind.to_owned());
            return Some(kind);
        }
        Content::Archive(_) => return Some("archive"),
    };
    let file = SourceFile {
        path,
        relative,
        size: bytes.len() as u64,
        encoding,
        text_start,
        real: None,
        archive: None,
    };
    run.ledger.add_file();
    scan_whole(run, &file, bytes, decoded);
    None
}

/// Hands a file that is in memory to the sink as one chunk. `decoded` is room for its text.
pub(super) fn scan_whole<S: Sink>(
    run: &Run<'_, S>,
    file: &SourceFile,
    bytes: &[u8],
    decoded: &mut String,
) {
    run.ledger.add_bytes(bytes.len() as u64);
    let text = match Decoder::new(file.encoding) {
        None => bytes,
        Some(mut decoder) => {
            let start =
                usize::try_from(file.text_start).map_or(bytes.len(), |s| s.min(bytes.len()));
            decoded.clear();
            decoder.feed(&bytes[start..], true, decoded);
            decoded.as_bytes()
        }
    };
    let chunk = Chunk {
        text,
        offset: 0,
        owned: 0..text.len(),
    };
    let part = run.sink.scan(file, chunk);
    run.sink.conclude(file, vec![part], &mut Held(text));
}
