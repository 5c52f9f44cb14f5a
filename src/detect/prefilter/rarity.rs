//! How often source text has a 4-gram.
//!
//! Counted over 25 MB of PHP, JavaScript, Python, C headers and their documentation. Only how well
//! the prefilter performs hangs on these figures, never what it finds.

/// The 1,500 most frequent grams of letters, digits and `-_./:`, in ascending order, a line each:
/// the gram, then a letter for the power of two of how often 2^24 bytes have it (`a` for 1).
const FREQUENT: &[u8] = include_bytes!("frequent_grams.txt");
const LINE: usize = 6;

/// A gram and how often it stands in 2^40 bytes; zero in a free place.
type Place = (u32, u64);
const PLACE_BITS: u32 = 12;

/// The same by hash, each in its place or the next free one behind it.
static PLACES: [Place; 1 << PLACE_BITS] = places();

const fn places() -> [Place; 1 << PLACE_BITS] {
    let mut places = [(0, 0); 1 << PLACE_BITS];
    let lines = FREQUENT.as_chunks::<LINE>().0;
    let mut index = 0;
    while index < lines.len() {
        let [a, b, c, d, power, _] = lines[index];
        let gram = u32::from_le_bytes([a, b, c, d]);
        let mut place = first_place(gram);
        while places[place].1 != 0 {
            place = next_place(place);
        }
        places[place] = (gram, 1 << (16 + power - b'a'));
        index += 1;
    }
    places
}

const fn first_place(gram: u32) -> usize {
    (gram.wrapping_mul(0x9e37_79b1) >> (u32::BITS - PLACE_BITS)) as usize
}

const fn next_place(place: usize) -> usize {
    (place + 1) % (1 << PLACE_BITS)
}

/// How often a gram stands in 2^40 bytes, letters in either case; at least one.
pub(super) fn frequency(gram: [u8; 4]) -> u64 {
    let gram = gram.map(|byte| byte.to_ascii_lowercase());
    let wanted = u32::from_le_bytes(gram);
    let mut place = first_place(wanted);
    loop {
        match PLACES[place] {
            // As if its bytes did not depend on each other.
            (_, 0) => return gram.iter().map(|&byte| weight(byte)).product(),
            (known, frequency) if known == wanted => return frequency,
            _ => place = next_place(place),
        }
    }
}

/// How many in 1,024 bytes are this byte, letters in either case; at least one.
fn weight(byte: u8) -> u64 {
    const LETTERS: [u8; 26] = [
        43, 10, 28, 22, 72, 16, 12, 14, 41, 2, 7, 28, 18, 41, 39, 22, 2, 41, 45, 55, 18, 7, 6, 6,
        8, 2,
    ];
    match byte {
        b' ' => 175,
        b'\n' | b'*' => 33,
        b'_' | b')' => 21,
        b',' => 14,
        b'.' | b'(' => 12,
        b'-' | b'"' => 8,
        b'\'' | b':' | b'/' | b'=' => 7,
        b'0' | b'1' | b';' | b'{' | b'}' => 5,
        b'2'..=b'9' => 2,
        b'a'..=b'z' => u64::from(LETTERS[usize::from(byte - b'a')]),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_well_formed() {
        let (lines, rest) = FREQUENT.as_chunks::<LINE>();
        assert_eq!((lines.len(), rest.len()), (1500, 0));
        assert!(lines.is_sorted_by(|one, next| one[..4] < next[..4]));
        assert!(
            lines
                .iter()
                .all(|line| line[4].is_ascii_lowercase() && line[5] == b'\n')
        );
    }

    #[test]
    fn each_gram_of_the_list_is_found() {
        for line in FREQUENT.as_chunks::<LINE>().0 {
            let [a, b, c, d, power, _] = *line;
            assert_eq!(frequency([a, b, c, d]), 1 << (16 + power - b'a'));
        }
    }

    #[test]
    fn common_words_are_more_frequent_than_vendors_prefixes() {
        assert!(frequency(*b"Type") > frequency(*b"auth"));
        assert!(frequency(*b"auth") > frequency(*b"xoxb"));
        assert_eq!(frequency(*b"\xff~^%"), 1);
    }
}
