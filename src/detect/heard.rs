//! What an engine listens for beside what its rules need.

/// Which needles stand in a text, by their numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heard(Vec<u64>);

impl Heard {
    /// Takes one in.
    pub fn insert(&mut self, needle: usize) {
        let word = needle / 64;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (needle % 64);
    }

    /// Whether this one stands there.
    pub fn contains(&self, needle: usize) -> bool {
        let word = self.0.get(needle / 64);
        word.is_some_and(|word| word >> (needle % 64) & 1 == 1)
    }

    /// Whether none does.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_that_were_put_in_are_there() {
        let mut heard = Heard::default();
        assert!(heard.is_empty() && !heard.contains(0));
        heard.insert(64);
        assert!(heard.contains(64) && !heard.contains(0) && !heard.contains(128));
        assert!(!heard.is_empty());
    }
}
