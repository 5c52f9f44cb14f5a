//! How streams are packed, and what unpacks them.

use std::io::{self, BufReader, Cursor, Read};

use liblzma::bufread::XzDecoder;
use liblzma::stream::{Filters, Stream};

use super::super::packing::{MAX_MEMORY, Packing};

/// What packs a stream (`Methods.txt`).
#[derive(Debug, Clone, PartialEq, Eq)]
enum Method {
    /// Nothing does.
    Copy,
    /// With its five properties.
    Lzma([u8; 5]),
    /// With the size of its dictionary.
    Lzma2(u32),
    /// As in other archives.
    Other(Packing),
    /// Changes addresses in programs, and never a byte of text: it looks for jumps whose last byte is 0 or 255.
    X86,
    Encrypted,
    /// What it is called.
    Unknown(&'static str),
}

/// One step of packing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Coder {
    method: Method,
    is_simple: bool,
}

impl Coder {
    /// `is_simple` where it makes one stream of one.
    pub(super) fn new(id: &[u8], properties: &[u8], is_simple: bool) -> Self {
        let method = match id {
            [0] => Method::Copy,
            [3, 1, 1] => match properties.first_chunk() {
                Some(all) => Method::Lzma(*all),
                None => Method::Unknown("LZMA without properties"),
            },
            [0x21] => match properties.first() {
                Some(&bits @ 0..40) => Method::Lzma2((2 | u32::from(bits & 1)) << (bits / 2 + 11)),
                _ => Method::Unknown("LZMA2 with a dictionary that is too large"),
            },
            [4, 1, 8] => Method::Other(Packing::Deflate),
            [4, 2, 2] => Method::Other(Packing::Bzip2),
            [4, 0xf7, 0x11, 1] => Method::Other(Packing::Zstd),
            [4] | [3, 3, 1, 3] => Method::X86,
            [3, 3, 1, 0x1b] => Method::Unknown("BCJ2"),
            [3, 4, 1] => Method::Unknown("PPMd"),
            [3] => Method::Unknown("Delta"),
            [6, 0xf1, 7, 1] => Method::Encrypted,
            _ => Method::Unknown("a method that is not known"),
        };
        Self { method, is_simple }
    }
}

/// Streams that are packed as one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Folder {
    pub(super) coders: Vec<Coder>,
    /// Which input is fed by which output, where all are counted through the coders.
    pub(super) bound: Vec<(u64, u64)>,
    /// What comes out of each.
    pub(super) sizes: Vec<u64>,
    /// How many packed streams it takes.
    pub(super) streams: u64,
    /// Where the first of these starts, behind the archive's first header.
    pub(super) start: u64,
    /// How long that is.
    pub(super) packed: u64,
}

impl Folder {
    /// What comes out in the end, in bytes.
    pub(super) fn size(&self) -> u64 {
        let is_last = |index: &usize| !self.bound.iter().any(|(_, out)| *out == *index as u64);
        let last = (0..self.sizes.len()).find(is_last);
        last.map_or(0, |index| self.sizes[index])
    }

    /// Whether a password is asked for.
    pub(super) fn is_encrypted(&self) -> bool {
        self.coders
            .iter()
            .any(|coder| coder.method == Method::Encrypted)
    }

    /// Unpacks, from the packed stream.
    ///
    /// # Errors
    /// It is packed in a way that is not known, or wants too much memory.
    pub(super) fn unpack<'r>(&self, packed: impl Read + 'r) -> io::Result<Box<dyn Read + 'r>> {
        let mut bytes: Box<dyn Read + 'r> = Box::new(packed);
        for index in self.chain()? {
            let size = self.sizes.get(index).copied().unwrap_or_default();
            let unpacked: Box<dyn Read + 'r> = match self.coders[index].method {
                Method::Copy | Method::X86 => bytes,
                Method::Lzma(properties) => lzma(properties, size, bytes)?,
                Method::Lzma2(dictionary) => lzma2(dictionary, size, bytes)?,
                Method::Other(packing) => packing.unpack(BufReader::new(bytes)),
                Method::Encrypted => return Err(io::Error::other("it is encrypted")),
                Method::Unknown(name) => {
                    return Err(io::Error::other(format!(
                        "it is packed by {name}, which is not read"
                    )));
                }
            };
            bytes = Box::new(unpacked.take(size));
        }
        Ok(bytes)
    }

    /// The coders in the order in which they unpack.
    fn chain(&self) -> io::Result<Vec<usize>> {
        if let Some(coder) = self.coders.iter().find(|coder| !coder.is_simple) {
            let name = match coder.method {
                Method::Unknown(name) => name,
                _ => "several streams",
            };
            return Err(io::Error::other(format!(
                "it is packed by {name}, which is not read"
            )));
        }
        let is_fed = |index: &usize| self.bound.iter().any(|(input, _)| *input == *index as u64);
        let mut next = (0..self.coders.len()).find(|index| !is_fed(index));
        let mut chain = Vec::new();
        while let Some(index) = next.filter(|&index| index < self.coders.len()) {
            if chain.len() == self.coders.len() {
                break;
            }
            chain.push(index);
            let fed = self.bound.iter().find(|(_, out)| *out == index as u64);
            next = fed.and_then(|(input, _)| usize::try_from(*input).ok());
        }
        if chain.len() == self.coders.len() {
            Ok(chain)
        } else {
            Err(io::Error::other(
                "its header is broken: steps of packing do not follow each other",
            ))
        }
    }
}

/// As a file of the old `.lzma` format, which says how long it is; the stream in an archive does not. A dictionary that
/// is longer than that is not needed.
fn lzma<'r>(
    properties: [u8; 5],
    size: u64,
    packed: impl Read + 'r,
) -> io::Result<Box<dyn Read + 'r>> {
    let [bits, said @ ..] = properties;
    let dictionary = needed(u32::from_le_bytes(said), size);
    let mut header = vec![bits];
    header.extend(dictionary.to_le_bytes());
    header.extend(size.to_le_bytes());
    let stream = Stream::new_lzma_decoder(MAX_MEMORY)?;
    let bytes = BufReader::new(Cursor::new(header).chain(packed));
    Ok(Box::new(XzDecoder::new_stream(bytes, stream)))
}

fn lzma2<'r>(said: u32, size: u64, packed: impl Read + 'r) -> io::Result<Box<dyn Read + 'r>> {
    let wanted = needed(said, size);
    let sizes = (0..40_u8).map(|bits| (bits, (2 | u32::from(bits & 1)) << (bits / 2 + 11)));
    let fitting = sizes.into_iter().find(|(_, size)| *size >= wanted);
    let (bits, _) = fitting
        .filter(|(_, size)| u64::from(*size) <= MAX_MEMORY)
        .ok_or_else(|| io::Error::other("it takes too much memory to unpack"))?;
    let mut filters = Filters::new();
    filters.lzma2_properties(&[bits])?;
    let stream = Stream::new_raw_decoder(&filters)?;
    Ok(Box::new(XzDecoder::new_stream(
        BufReader::new(packed),
        stream,
    )))
}

/// So much of a dictionary is looked into.
fn needed(said: u32, size: u64) -> u32 {
    said.min(u32::try_from(size).unwrap_or(u32::MAX)).max(4096)
}
