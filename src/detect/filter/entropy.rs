//! Simple measures of a value.

use super::alphabet::Profile;

/// Shannon entropy of the value's bytes, in bits a byte: 0 to 8, and 0 for an empty value.
pub fn entropy(value: &[u8]) -> f32 {
    let mut counts = [0_u32; 256];
    for &byte in value {
        counts[usize::from(byte)] += 1;
    }
    let total = value.len() as f32;
    counts
        .iter()
        .filter(|&&count| count > 0)
        .map(|&count| count as f32 / total)
        .map(|share| -share * share.log2())
        .sum::<f32>()
        .max(0.0)
}

/// How many of lower case, upper case, digits and others occur: 0 to 4.
pub fn classes(value: &[u8]) -> u8 {
    Profile::of(value).classes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entropy_of_known_distributions() {
        assert_eq!(entropy(b""), 0.0);
        assert_eq!(entropy(b"aaaa"), 0.0);
        assert!((entropy(b"abab") - 1.0).abs() < 1e-6);
        let every_byte: Vec<u8> = (0..=255).collect();
        assert!((entropy(&every_byte) - 8.0).abs() < 1e-4);
    }

    #[test]
    fn classes_are_counted_once() {
        assert_eq!(classes(b""), 0);
        assert_eq!(classes(b"aa1!?"), 3);
        assert_eq!(classes("aA1\u{e9}".as_bytes()), 4);
    }
}
