//! Puts hits that are found nearly in order into order.

use super::Hit;

/// Hits that another one could still come before.
///
/// It holds no more than the hits that start within one window of text (see [`Reorder::settle`]),
/// and takes no memory from the heap before the first one.
#[derive(Default)]
pub(super) struct Reorder {
    sorted: Vec<Hit>,
}

impl Reorder {
    /// Takes a hit, which must not start before the last settled offset.
    pub(super) fn push(&mut self, hit: Hit) {
        let after = self.sorted.iter().rposition(|held| *held < hit);
        self.sorted.insert(after.map_or(0, |index| index + 1), hit);
    }

    /// Hands on the hits that start before `offset`; none such may be pushed any more.
    pub(super) fn settle(&mut self, offset: usize, on_hit: &mut dyn FnMut(Hit)) {
        if self
            .sorted
            .first()
            .is_none_or(|first| first.start >= offset)
        {
            return;
        }
        let count = self.sorted.partition_point(|hit| hit.start < offset);
        self.sorted.drain(..count).for_each(on_hit);
    }

    /// Hands on all that are left.
    pub(super) fn finish(self, on_hit: &mut dyn FnMut(Hit)) {
        self.sorted.into_iter().for_each(on_hit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(start: usize, literal: u32) -> Hit {
        Hit { start, literal }
    }

    #[test]
    fn hands_on_in_order_and_only_what_is_settled() {
        let mut reorder = Reorder::default();
        for held in [hit(5, 1), hit(7, 0), hit(5, 0), hit(6, 9)] {
            reorder.push(held);
        }
        let mut seen = Vec::new();
        reorder.settle(6, &mut |hit| seen.push(hit));
        assert_eq!(seen, [hit(5, 0), hit(5, 1)]);
        reorder.push(hit(6, 2));
        reorder.finish(&mut |hit| seen.push(hit));
        assert_eq!(seen[2..], [hit(6, 2), hit(6, 9), hit(7, 0)]);
    }
}
