//! Which 4-grams stand for a literal.
//!
//! Text is looked at in every second position, so a literal has two probes: one that falls on an
//! even position when the literal itself does, and one for when it does not.

use super::rarity::frequency;

/// No probe begins farther into its literal than this: it bounds how far from their order hits are
/// found.
pub(super) const FARTHEST: usize = 28;

/// A 4-gram that a literal has at some offset, or all that are like it but for one byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Probe {
    /// Its bytes, the first one lowest; zero where unknown.
    pub(super) gram: u32,
    /// Which of the bytes are known.
    pub(super) known: Known,
    /// Where in the literal it stands: -1 for the one that begins with the byte before.
    pub(super) offset: i32,
}

/// The better ones come first: a gram of which all is known is the rarest, and an unknown first
/// byte makes many grams of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Known {
    All,
    FirstThree,
    LastThree,
}

impl Known {
    /// `ff` for each byte that is known, as in [`Probe::gram`].
    pub(super) fn mask(self) -> u32 {
        match self {
            Self::All => u32::MAX,
            Self::FirstThree => 0x00ff_ffff,
            Self::LastThree => 0xffff_ff00,
        }
    }
}

/// The best probe at an even offset, and that at an odd one.
///
/// `None` when the literal has fewer than three bytes.
pub(super) fn choose(literal: &[u8]) -> Option<[Probe; 2]> {
    let parity = |wanted| all(literal).filter(move |probe| probe.offset & 1 == wanted);
    let rank = |probe: &Probe| (probe.known, frequency(probe.gram.to_le_bytes()));
    Some([parity(0).min_by_key(rank)?, parity(1).min_by_key(rank)?])
}

/// Every probe of which three bytes or more are known.
fn all(literal: &[u8]) -> impl Iterator<Item = Probe> {
    let near = &literal[..literal.len().min(FARTHEST + 4)];
    let whole = near.windows(4).enumerate().map(|(offset, bytes)| Probe {
        gram: u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]),
        known: Known::All,
        offset: offset as i32,
    });
    let before = near.first_chunk().map(|&[a, b, c]| Probe {
        gram: u32::from_le_bytes([0, a, b, c]),
        known: Known::LastThree,
        offset: -1,
    });
    let after = near.last_chunk().map(|&[a, b, c]| Probe {
        gram: u32::from_le_bytes([a, b, c, 0]),
        known: Known::FirstThree,
        offset: near.len() as i32 - 3,
    });
    whole.chain(before).chain(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offsets(literal: &[u8]) -> Option<[(i32, Known); 2]> {
        choose(literal).map(|probes| probes.map(|probe| (probe.offset, probe.known)))
    }

    #[test]
    fn short_literals_borrow_a_byte() {
        assert_eq!(offsets(b"ke"), None);
        assert_eq!(
            offsets(b"key"),
            Some([(0, Known::FirstThree), (-1, Known::LastThree)])
        );
        assert_eq!(
            offsets(b"pass"),
            Some([(0, Known::All), (1, Known::FirstThree)])
        );
    }

    #[test]
    fn the_rarest_grams_are_chosen_near_the_start() {
        assert_eq!(
            offsets(b"typexqzfile"),
            Some([(4, Known::All), (3, Known::All)])
        );
        let far = [&[b'a'; 100][..], b"xqzj"].concat();
        let farthest = choose(&far)
            .into_iter()
            .flatten()
            .map(|probe| probe.offset)
            .max();
        assert!(farthest.is_some_and(|offset| offset <= FARTHEST as i32));
    }
}
