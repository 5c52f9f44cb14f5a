//! A small reproducible source of characters. Nothing secret is made with it.

/// The generator `splitmix64` of Steele, Lea and Flood, in Vigna's public domain form:
/// <https://prng.di.unimi.it/splitmix64.c>.
pub(super) struct SplitMix64 {
    state: u64,
}

impl SplitMix64 {
    pub(super) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Draws `count` characters of `alphabet`, each as likely as the others.
    pub(super) fn draw(&mut self, alphabet: &[u8], count: usize) -> Vec<u8> {
        (0..count)
            .map(|_| {
                // The high half of the product maps 64 random bits to an index without a division;
                // with at most 64 letters the bias is below 2^-57.
                let scaled = u128::from(self.next()) * alphabet.len() as u128;
                alphabet[(scaled >> 64) as usize]
            })
            .collect()
    }
}

/// The letters of a class, or `None` if there is no such class.
pub(super) fn alphabet(class: &str) -> Option<&'static [u8]> {
    let letters: &[u8] = match class {
        "hex" => b"0123456789abcdef",
        "HEX" => b"0123456789ABCDEF",
        "digit" => b"0123456789",
        "lower" => b"abcdefghijklmnopqrstuvwxyz",
        "upper" => b"ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "base36" => b"0123456789abcdefghijklmnopqrstuvwxyz",
        "BASE36" => b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "base62" => b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        "base64" => b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
        "base64url" => b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
        "base58" => b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
        "base32" => b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
        _ => return None,
    };
    Some(letters)
}
