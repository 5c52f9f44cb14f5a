//! What the site model and the checks want to hear of.

use super::judge::{Judge, MAX_NEEDLES};

/// A shorter needle would make the search for all of them several times slower, in bytes. It does not compile.
const MIN_NEEDLE: usize = 3;

/// What to look out for. Names are compared without regard to case.
#[derive(Debug, Clone, Copy)]
pub struct Want {
    pub(super) what: What,
    pub(super) deep: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum What {
    Name(&'static str),
    Start(&'static str),
    End(&'static str),
    Text(&'static str, &'static str),
    Judged(&'static Judge),
}

impl Want {
    /// Files, directories and links of this name, in lower case: `artisan`, `.git`.
    pub const fn name(name: &'static str) -> Self {
        Self {
            what: What::Name(name),
            deep: false,
        }
    }

    /// Whose names start so, in lower case: `.env`.
    pub const fn start(start: &'static str) -> Self {
        Self {
            what: What::Start(start),
            deep: false,
        }
    }

    /// Whose names end so, in lower case: `.sql.gz`.
    pub const fn end(end: &'static str) -> Self {
        Self {
            what: What::End(end),
            deep: false,
        }
    }

    /// Text files whose names end so, and that hold a needle, in any case: `.php`, `phpinfo`.
    pub const fn text(end: &'static str, needle: &'static str) -> Self {
        assert!(needle.len() >= MIN_NEEDLE);
        Self {
            what: What::Text(end, needle),
            deep: false,
        }
    }

    /// A [`Want::text`] for each end and needle; `N` is the product of their numbers.
    pub const fn texts<const N: usize>(
        ends: &[&'static str],
        needles: &[&'static str],
    ) -> [Self; N] {
        let mut wants = [Self::name(""); N];
        let mut at = 0;
        while at < N {
            wants[at] = Self::text(ends[at / needles.len()], needles[at % needles.len()]);
            at += 1;
        }
        wants
    }

    /// All of the one list, then of the other; `N` is the sum of their lengths.
    pub const fn both<const N: usize>(one: &[Self], other: &[Self]) -> [Self; N] {
        let mut wants = [Self::name(""); N];
        let mut at = 0;
        while at < N {
            wants[at] = if at < one.len() {
                one[at]
            } else {
                other[at - one.len()]
            };
            at += 1;
        }
        wants
    }

    /// Text files that are worth looking at by a judge, who says itself whether among installed packages as well.
    pub const fn judged(judge: &'static Judge) -> Self {
        assert!(judge.needles.len() <= MAX_NEEDLES);
        let mut at = 0;
        while at < judge.needles.len() {
            assert!(judge.needles[at].len() >= MIN_NEEDLE);
            at += 1;
        }
        Self {
            what: What::Judged(judge),
            deep: judge.is_deep,
        }
    }

    /// Among installed packages as well, where there are very many files.
    #[must_use]
    pub const fn deep(self) -> Self {
        Self { deep: true, ..self }
    }
}
