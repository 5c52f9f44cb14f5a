//! What the header of an archive says: which streams there are, how they are packed, which files are in them.

use std::io;

use super::coders::{Coder, Folder};
use super::fields::{Bits, Fields, broken};

/// Streams that are packed as one; more than this are taken for an attack.
const MAX_FOLDERS: usize = 200_000;
/// 7-Zip itself takes no more.
const MAX_CODERS: u64 = 32;

/// Names of the parts of a header (`7zFormat.txt`, "Property IDs").
const END: u8 = 0x00;
const HEADER: u8 = 0x01;
const ARCHIVE_PROPERTIES: u8 = 0x02;
const MAIN_STREAMS: u8 = 0x04;
const FILES: u8 = 0x05;
const PACK_INFO: u8 = 0x06;
const UNPACK_INFO: u8 = 0x07;
const SUBSTREAMS: u8 = 0x08;
const SIZE: u8 = 0x09;
const CHECKSUM: u8 = 0x0a;
const FOLDER: u8 = 0x0b;
const UNPACKED_SIZE: u8 = 0x0c;
const SUBSTREAM_COUNT: u8 = 0x0d;
const EMPTY_STREAMS: u8 = 0x0e;
const NAMES: u8 = 0x11;
const ATTRIBUTES: u8 = 0x15;
const ENCODED_HEADER: u8 = 0x17;

/// The list of an archive without files.
pub(super) const NOTHING: [u8; 2] = [HEADER, END];

/// A header, or how it is packed.
pub(super) enum Listing<'h> {
    Plain(Streams, Files<'h>),
    Packed(Streams),
}

/// What is packed.
#[derive(Debug, Default)]
pub(super) struct Streams {
    /// In the order in which they stand in the archive.
    pub(super) folders: Vec<Folder>,
    /// How many bytes each file takes, in that order.
    sizes: Vec<u64>,
    /// How many of these each folder has.
    counts: Vec<usize>,
}

impl Streams {
    /// The folder and length of each file that has bytes.
    pub(super) fn files(&self) -> impl Iterator<Item = (usize, u64)> {
        let folders = self.counts.iter().enumerate();
        let folders = folders.flat_map(|(folder, &count)| std::iter::repeat_n(folder, count));
        folders.zip(self.sizes.iter().copied())
    }
}

/// The files, with and without bytes.
#[derive(Debug)]
pub(super) struct Files<'h> {
    names: &'h [u8],
    empty: Option<Bits<'h>>,
    attributes: Option<(Bits<'h>, &'h [u8])>,
}

/// One file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct File {
    pub(super) name: String,
    /// Directories have none.
    pub(super) has_bytes: bool,
    pub(super) is_link: bool,
}

impl<'h> Files<'h> {
    fn read(fields: &mut Fields<'h>) -> io::Result<Self> {
        let count = fields.count()?;
        let mut files = Self {
            names: &[],
            empty: None,
            attributes: None,
        };
        loop {
            let kind = fields.byte()?;
            if kind == END {
                return Ok(files);
            }
            let mut part = Fields(fields.part()?);
            match kind {
                EMPTY_STREAMS => files.empty = Some(part.bits(count)?),
                NAMES => {
                    part.expect(0)?;
                    files.names = part.0;
                }
                ATTRIBUTES => {
                    let known = part.all_or_bits(count)?;
                    part.expect(0)?;
                    files.attributes = Some((known, part.0));
                }
                _ => {}
            }
        }
    }

    /// In order.
    pub(super) fn iter(&self) -> impl Iterator<Item = File> {
        let mut attributes = self.attributes.map_or(&[][..], |(_, numbers)| numbers);
        let mut names = self.names;
        let mut index = 0;
        std::iter::from_fn(move || {
            let name = next_name(&mut names)?;
            let mut mode = 0;
            if self.attributes.is_some_and(|(known, _)| known.get(index))
                && let Some((number, rest)) = attributes.split_first_chunk()
            {
                mode = u32::from_le_bytes(*number) >> 16;
                attributes = rest;
            }
            let has_bytes = !self.empty.is_some_and(|empty| empty.get(index));
            index += 1;
            Some(File {
                name,
                has_bytes,
                // The upper half is a mode of Unix, where p7zip or 7-Zip for Unix wrote it.
                is_link: mode & 0o170_000 == 0o120_000,
            })
        })
    }
}

/// UTF-16 up to a zero.
fn next_name(names: &mut &[u8]) -> Option<String> {
    if names.is_empty() {
        return None;
    }
    let mut units = Vec::new();
    while let Some((unit, rest)) = names.split_first_chunk() {
        *names = rest;
        match u16::from_le_bytes(*unit) {
            0 => return Some(String::from_utf16_lossy(&units)),
            unit => units.push(unit),
        }
    }
    *names = &[];
    Some(String::from_utf16_lossy(&units))
}

/// Takes a header apart.
///
/// # Errors
/// It is broken, or has what no known program writes.
pub(super) fn read(header: &[u8]) -> io::Result<Listing<'_>> {
    let mut fields = Fields(header);
    match fields.byte()? {
        ENCODED_HEADER => return Ok(Listing::Packed(streams(&mut fields)?)),
        HEADER => {}
        _ => return Err(broken("its header is none")),
    }
    let mut all = Streams::default();
    let mut files = Files {
        names: &[],
        empty: None,
        attributes: None,
    };
    loop {
        match fields.byte()? {
            END => return Ok(Listing::Plain(all, files)),
            ARCHIVE_PROPERTIES => {
                while fields.byte()? != END {
                    fields.part()?;
                }
            }
            MAIN_STREAMS => all = streams(&mut fields)?,
            FILES => files = Files::read(&mut fields)?,
            _ => return Err(broken("its header has a part that is not known")),
        }
    }
}

fn streams(fields: &mut Fields<'_>) -> io::Result<Streams> {
    let mut streams = Streams::default();
    let mut packed = Packed::default();
    let mut checked = Vec::new();
    let mut has_substreams = false;
    loop {
        match fields.byte()? {
            END => break,
            PACK_INFO => packed = Packed::read(fields)?,
            UNPACK_INFO => (streams.folders, checked) = folders(fields)?,
            SUBSTREAMS => {
                substreams(fields, &mut streams, &checked)?;
                has_substreams = true;
            }
            _ => return Err(broken("its header has a part that is not known")),
        }
    }
    if !has_substreams {
        streams.counts = vec![1; streams.folders.len()];
        streams.sizes = streams.folders.iter().map(Folder::size).collect();
    }
    packed.place(&mut streams.folders)?;
    Ok(streams)
}

/// Where the packed bytes stand.
#[derive(Default)]
struct Packed {
    start: u64,
    sizes: Vec<u64>,
}

impl Packed {
    fn read(fields: &mut Fields<'_>) -> io::Result<Self> {
        let start = fields.number()?;
        let count = fields.count()?;
        let mut packed = Self {
            start,
            sizes: Vec::new(),
        };
        loop {
            match fields.byte()? {
                END => return Ok(packed),
                SIZE => {
                    for _ in 0..count {
                        packed.sizes.push(fields.number()?);
                    }
                }
                CHECKSUM => {
                    fields.checksums(count)?;
                }
                _ => return Err(broken("its header has a part that is not known")),
            }
        }
    }

    /// Tells each folder where its bytes stand.
    fn place(self, folders: &mut [Folder]) -> io::Result<()> {
        let mut at = self.start;
        let mut sizes = self.sizes.into_iter();
        for folder in folders {
            folder.start = at;
            for stream in 0..folder.streams {
                let size = sizes
                    .next()
                    .ok_or_else(|| broken("its header lists too few streams"))?;
                if stream == 0 {
                    folder.packed = size;
                }
                at = at.saturating_add(size);
            }
        }
        Ok(())
    }
}

/// The folders, and which of them have a checksum.
fn folders(fields: &mut Fields<'_>) -> io::Result<(Vec<Folder>, Vec<bool>)> {
    fields.expect(FOLDER)?;
    let count = fields.count()?;
    if count > MAX_FOLDERS {
        return Err(broken("its header lists too many streams"));
    }
    fields.expect(0)?;
    let mut folders = Vec::new();
    let mut outputs = Vec::new();
    for _ in 0..count {
        let (folder, out) = folder(fields)?;
        folders.push(folder);
        outputs.push(out);
    }
    fields.expect(UNPACKED_SIZE)?;
    for (folder, outputs) in folders.iter_mut().zip(outputs) {
        for _ in 0..outputs {
            folder.sizes.push(fields.number()?);
        }
    }
    let mut checked = vec![false; count];
    loop {
        match fields.byte()? {
            END => return Ok((folders, checked)),
            CHECKSUM => {
                let known = fields.checksums(count)?;
                checked = (0..count).map(|index| known.get(index)).collect();
            }
            _ => return Err(broken("its header has a part that is not known")),
        }
    }
}

/// One folder, and how many streams come out of all its coders.
fn folder(fields: &mut Fields<'_>) -> io::Result<(Folder, u64)> {
    let count = fields.number()?;
    let mut folder = Folder::default();
    let (mut inputs, mut outputs) = (0_u64, 0_u64);
    if count == 0 {
        return Err(broken("a stream is packed by nothing"));
    }
    for _ in 0..count {
        let bits = fields.byte()?;
        let id = fields.bytes(usize::from(bits & 0xf))?;
        let (input, output) = if bits & 0x10 == 0 {
            (1, 1)
        } else {
            (fields.number()?, fields.number()?)
        };
        inputs = inputs.saturating_add(input);
        outputs = outputs.saturating_add(output);
        if inputs.max(outputs) > MAX_CODERS {
            return Err(broken("a stream is packed too many times"));
        }
        let properties = if bits & 0x20 == 0 {
            &[]
        } else {
            fields.part()?
        };
        folder
            .coders
            .push(Coder::new(id, properties, input == 1 && output == 1));
    }
    let bound = outputs.saturating_sub(1);
    for _ in 0..bound {
        folder.bound.push((fields.number()?, fields.number()?));
    }
    folder.streams = inputs.saturating_sub(bound);
    if folder.streams > 1 {
        for _ in 0..folder.streams {
            fields.number()?;
        }
    }
    Ok((folder, outputs))
}

fn substreams(fields: &mut Fields<'_>, streams: &mut Streams, checked: &[bool]) -> io::Result<()> {
    let folders = &streams.folders;
    streams.counts = vec![1; folders.len()];
    let mut kind = fields.byte()?;
    if kind == SUBSTREAM_COUNT {
        for count in &mut streams.counts {
            *count = fields.count()?;
        }
        kind = fields.byte()?;
    }
    let mut unchecked = 0_usize;
    for ((folder, &count), &checked) in folders.iter().zip(&streams.counts).zip(checked) {
        let mut left = folder.size();
        for _ in 1..count {
            if kind != SIZE {
                return Err(broken("its header does not say how long files are"));
            }
            let size = fields.number()?;
            left = left
                .checked_sub(size)
                .ok_or_else(|| broken("files are longer than their stream"))?;
            streams.sizes.push(size);
        }
        if count > 0 {
            streams.sizes.push(left);
        }
        if count != 1 || !checked {
            unchecked = unchecked.saturating_add(count);
        }
    }
    if kind == SIZE {
        kind = fields.byte()?;
    }
    if kind == CHECKSUM {
        fields.checksums(unchecked)?;
        kind = fields.byte()?;
    }
    if kind == END {
        Ok(())
    } else {
        Err(broken("its header has a part that is not known"))
    }
}
