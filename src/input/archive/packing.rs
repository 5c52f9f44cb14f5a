//! One stream that is packed: on its own, around a tar, or as an entry of a zip.

use std::io::{self, BufRead, BufReader, Read};

use bzip2::read::MultiBzDecoder;
use flate2::read::{DeflateDecoder, MultiGzDecoder};
use liblzma::read::XzDecoder;
use liblzma::stream::{CONCATENATED, Stream};
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// The memory that a packer may ask for: more than any preset of xz and zstd takes to unpack, in bytes.
pub(super) const MAX_MEMORY: u64 = 256 * 1024 * 1024;

/// How a stream is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::input) enum Packing {
    /// Inside of zip and phar.
    Deflate,
    /// .gz
    Gzip,
    /// .bz2
    Bzip2,
    /// .xz
    Xz,
    /// .zst
    Zstd,
}

impl Packing {
    /// Unpacks to the end, over as many streams as stand one behind the other.
    pub(super) fn unpack<'r>(self, bytes: impl Read + 'r) -> Box<dyn Read + 'r> {
        match self {
            Self::Deflate => Box::new(DeflateDecoder::new(bytes)),
            Self::Gzip => Box::new(MultiGzDecoder::new(bytes)),
            Self::Bzip2 => Box::new(MultiBzDecoder::new(bytes)),
            Self::Xz => match Stream::new_stream_decoder(MAX_MEMORY, CONCATENATED) {
                Ok(stream) => Box::new(XzDecoder::new_stream(bytes, stream)),
                Err(error) => Box::new(Failed(error)),
            },
            Self::Zstd => Box::new(Frames::new(BufReader::new(bytes))),
        }
    }
}

/// What could not be started to be unpacked.
struct Failed(liblzma::stream::Error);

impl Read for Failed {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(self.0.into())
    }
}

/// The frames of zstd, of which the library reads one.
struct Frames<R> {
    source: R,
    decoder: FrameDecoder,
    is_inside: bool,
}

impl<R: BufRead> Frames<R> {
    fn new(source: R) -> Self {
        Self {
            source,
            decoder: FrameDecoder::new(),
            is_inside: false,
        }
    }

    /// Goes to the next frame that holds anything. Says whether there is one.
    fn enter(&mut self) -> io::Result<bool> {
        while !self.is_inside {
            if self.source.fill_buf()?.is_empty() {
                return Ok(false);
            }
            match self.decoder.reset(&mut self.source) {
                Ok(()) => self.is_inside = true,
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    let mut skipped = (&mut self.source).take(u64::from(length));
                    io::copy(&mut skipped, &mut io::sink())?;
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        }
        Ok(true)
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !buffer.is_empty() && self.enter()? {
            if self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                let some = BlockDecodingStrategy::UptoBlocks(1);
                let decoded = self.decoder.decode_blocks(&mut self.source, some);
                decoded.map_err(io::Error::other)?;
            }
            let read = self.decoder.read(buffer)?;
            if read > 0 {
                return Ok(read);
            }
            self.is_inside = !self.decoder.is_finished();
        }
        Ok(0)
    }
}
