//! The fields of a header, each of which is taken from what is left of it.

use std::io;

/// What is left of a header.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'h>(pub(super) &'h [u8]);

/// A bit for each of some things, or all of them set.
#[derive(Debug, Clone, Copy)]
pub(super) enum Bits<'h> {
    All,
    Some(&'h [u8]),
}

impl Bits<'_> {
    /// Beyond the last they are not set.
    pub(super) fn get(&self, index: usize) -> bool {
        match self {
            Self::All => true,
            Self::Some(bytes) => {
                let byte = bytes.get(index / 8).copied().unwrap_or_default();
                byte & (0x80 >> (index % 8)) != 0
            }
        }
    }

    /// How many of the first are set.
    pub(super) fn count(&self, most: usize) -> usize {
        match self {
            Self::All => most,
            Self::Some(bytes) => {
                let most = most.min(bytes.len() * 8);
                (0..most).filter(|&index| self.get(index)).count()
            }
        }
    }
}

impl<'h> Fields<'h> {
    /// So many bytes.
    pub(super) fn bytes(&mut self, len: usize) -> io::Result<&'h [u8]> {
        let (bytes, rest) = self.0.split_at_checked(len).ok_or_else(short)?;
        self.0 = rest;
        Ok(bytes)
    }

    /// One byte.
    pub(super) fn byte(&mut self) -> io::Result<u8> {
        Ok(self.bytes(1)?[0])
    }

    /// A number of up to nine bytes, whose first says by its upper bits how many follow.
    pub(super) fn number(&mut self) -> io::Result<u64> {
        let first = self.byte()?;
        let more = first.leading_ones() as usize;
        let bytes = self.bytes(more)?;
        let low = bytes
            .iter()
            .rev()
            .fold(0, |sum, &byte| (sum << 8) | u64::from(byte));
        if more >= 7 {
            return Ok(low);
        }
        let high = u64::from(first & (0x7f >> more));
        Ok(low | high << (8 * more))
    }

    /// A number of things of which each takes a byte, or a bit, of what follows.
    pub(super) fn count(&mut self) -> io::Result<usize> {
        let number = usize::try_from(self.number()?).unwrap_or(usize::MAX);
        if number / 8 > self.0.len() {
            return Err(short());
        }
        Ok(number)
    }

    /// A part that has its length in front of it.
    pub(super) fn part(&mut self) -> io::Result<&'h [u8]> {
        let len = usize::try_from(self.number()?).unwrap_or(usize::MAX);
        self.bytes(len)
    }

    /// A bit for each.
    pub(super) fn bits(&mut self, count: usize) -> io::Result<Bits<'h>> {
        Ok(Bits::Some(self.bytes(count.div_ceil(8))?))
    }

    /// A byte that says that all are set, or else a bit for each.
    pub(super) fn all_or_bits(&mut self, count: usize) -> io::Result<Bits<'h>> {
        if self.byte()? == 0 {
            self.bits(count)
        } else {
            Ok(Bits::All)
        }
    }

    /// Checksums of some things, which are passed over. Says which have one.
    pub(super) fn checksums(&mut self, count: usize) -> io::Result<Bits<'h>> {
        let known = self.all_or_bits(count)?;
        self.bytes(known.count(count).saturating_mul(4))?;
        Ok(known)
    }

    /// A byte that has to be this.
    pub(super) fn expect(&mut self, byte: u8) -> io::Result<()> {
        if self.byte()? == byte {
            Ok(())
        } else {
            Err(broken("its header is broken"))
        }
    }
}

fn short() -> io::Error {
    broken("its header ends early")
}

/// What is wrong with it.
pub(super) fn broken(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_up_to_nine_bytes() {
        for (bytes, number) in [
            (&[0x7f][..], 0x7f),
            (&[0x80, 0x80], 0x80),
            (&[0xbf, 0xff], 0x3fff),
            (&[0xc1, 2, 3], 0x01_0302),
            (&[0xfe, 1, 2, 3, 4, 5, 6, 7], 0x0007_0605_0403_0201),
            (&[0xff; 9], u64::MAX),
        ] {
            assert_eq!(Fields(bytes).number().unwrap(), number, "{bytes:x?}");
        }
        assert!(Fields(&[0xff; 8]).number().is_err());
    }
}
