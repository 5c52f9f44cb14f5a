//! Numbers in a file, in groups of seven bits: most of them are small.

use super::super::delta;

/// Adds a number.
pub(super) fn put(out: &mut Vec<u8>, value: impl Into<u64>) {
    let mut value = value.into();
    while value > 0x7f {
        out.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0]);
}

/// Adds bytes, and before them how many they are.
pub(super) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// What is left to be read.
pub(super) struct Bytes<'b>(pub(super) &'b [u8]);

impl<'b> Bytes<'b> {
    pub(super) fn number(&mut self) -> Option<u64> {
        let (value, rest) = delta::size(self.0)?;
        self.0 = rest;
        Some(value)
    }

    /// Any eight bytes.
    pub(super) fn whole(&mut self) -> Option<i64> {
        let bytes = self.take(size_of::<i64>())?;
        Some(i64::from_le_bytes(bytes.try_into().ok()?))
    }

    /// A place in a list.
    pub(super) fn small(&mut self) -> Option<u32> {
        self.number()?.try_into().ok()
    }

    /// How many follow, each of at least one byte.
    pub(super) fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(self.number()?).ok()?;
        (count <= self.0.len()).then_some(count)
    }

    pub(super) fn take(&mut self, len: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    /// What [`put_bytes`] added.
    pub(super) fn bytes(&mut self) -> Option<&'b [u8]> {
        let len = self.count()?;
        self.take(len)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_are_read_as_they_were_put(small in any::<u32>(), whole in any::<i64>()) {
            let mut out = Vec::new();
            put(&mut out, small);
            out.extend(whole.to_le_bytes());
            put_bytes(&mut out, b"abc");
            let mut bytes = Bytes(&out);
            prop_assert_eq!(bytes.small(), Some(small));
            prop_assert_eq!(bytes.whole(), Some(whole));
            prop_assert_eq!(bytes.bytes(), Some(&b"abc"[..]));
            prop_assert_eq!(bytes.number(), None);
        }
    }
}
