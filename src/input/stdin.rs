//! Standard input: a stream, which cannot be read twice.

use std::fs::File;
use std::io::{self, Read, Write};

use super::Sink;
use super::large::Large;
use super::ledger::SkipReason;
use super::run::{Limits, Run};
use super::sniff::{self, Content};
use super::source::Source;
use super::text::{Encoding, SourceFile};
use super::worker::scan_whole;

/// Reads a stream to its end. An empty one leaves no trace: nothing was looked at.
pub(super) fn read<S: Sink>(run: &Run<'_, S>, name: &str, stream: &mut impl Read) {
    if let Err(error) = try_read(run, name, stream) {
        run.ledger
            .skip(name, SkipReason::Unreadable, error.to_string());
    }
}

fn try_read<S: Sink>(run: &Run<'_, S>, name: &str, stream: &mut impl Read) -> io::Result<()> {
    let Limits {
        memory, one_chunk, ..
    } = run.limits;
    let mut bytes = Vec::new();
    stream
        .by_ref()
        .take(memory as u64 + 1)
        .read_to_end(&mut bytes)?;
    if bytes.is_empty() {
        return Ok(());
    }
    let content = sniff::judge(&bytes, run.archives.is_some());
    let (encoding, text_start) = match content {
        Content::Text(encoding, text_start) => (encoding, text_start),
        Content::Archive(_) => (Encoding::Bytes, 0),
        Content::Binary(kind) => {
            run.ledger.skip(name, SkipReason::Binary, kind.to_owned());
            return Ok(());
        }
    };
    let file = SourceFile {
        path: name.to_owned(),
        relative: name.to_owned(),
        size: bytes.len() as u64,
        encoding,
        text_start,
        real: None,
        archive: None,
    };
    if let Content::Archive(format) = content {
        let large = if bytes.len() <= memory {
            Large::at_hand(file, Source::Memory(bytes))
        } else {
            spool(file, &bytes, stream)?
        };
        run.put_archive_aside(format, large);
    } else if bytes.len() <= one_chunk {
        run.ledger.add_file();
        scan_whole(run, &file, &bytes, &mut String::new());
    } else if bytes.len() <= memory {
        run.put_aside(Large::at_hand(file, Source::Memory(bytes)));
    } else {
        run.put_aside(spool(file, &bytes, stream)?);
    }
    Ok(())
}

/// Moves a stream that is too long for memory to a file without a name.
fn spool(mut file: SourceFile, start: &[u8], stream: &mut impl Read) -> io::Result<Large> {
    let (spooled, size) = write_out(start, stream).map_err(|error| {
        let advice = "standard input cannot be copied to the temporary directory; make room there \
                      or set TMPDIR to a directory with room";
        io::Error::new(error.kind(), format!("{advice}: {error}"))
    })?;
    file.size = size;
    Ok(Large::at_hand(file, Source::File(spooled)))
}

fn write_out(start: &[u8], stream: &mut impl Read) -> io::Result<(File, u64)> {
    let mut spooled = tempfile::tempfile()?;
    spooled.write_all(start)?;
    let rest = io::copy(stream, &mut spooled)?;
    Ok((spooled, start.len() as u64 + rest))
}
