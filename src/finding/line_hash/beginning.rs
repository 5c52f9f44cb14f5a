//! How a line begins: what tells most lines apart from a wanted one without their hashes.

/// The first characters of a line but its spaces and tabs. Lines with the same units have the same
/// beginning, or one of them is [`Beginning::Unknown`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Beginning {
    /// Up to eight of them with their end, if it comes before: as far as they are ASCII, since
    /// different broken bytes are the same character.
    Known(u64),
    /// Too little of the line is at hand.
    Unknown,
}

impl Beginning {
    /// The beginning of a line from what is at hand of the text from its start on.
    pub(super) fn of(rest: &[u8]) -> Self {
        let mut known = 0;
        let mut count = 0;
        for &byte in rest {
            match byte {
                b' ' | b'\t' => continue,
                b'\n' | b'\r' => return Self::Known(known << 8 | u64::from(b'\n')),
                0x80.. => return Self::Known(known),
                _ => known = known << 8 | u64::from(byte),
            }
            count += 1;
            if count == 7 {
                return Self::Known(known);
            }
        }
        Self::Unknown
    }
}
