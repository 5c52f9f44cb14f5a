//! Ranges of versions, as advisories write them.

use std::cmp::Ordering;
use std::fmt;

use super::{Ecosystem, compare, composer, php};

/// More comparisons than this make no range.
const MAX_BOUNDS: usize = 32;

/// Comparisons that hold all together: `>=2.5.0, <2.5.2`. `*` is every version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Range {
    bounds: Vec<Bound>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Bound {
    operator: Operator,
    version: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Operator {
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
    GreaterOrEqual,
    Greater,
}

/// A text that is no range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RangeError {
    text: String,
}

impl fmt::Display for RangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is no range of versions such as `>=1.0, <1.2.3`",
            self.text.escape_debug()
        )
    }
}

impl std::error::Error for RangeError {}

impl Range {
    /// Every version.
    pub fn all() -> Self {
        Self { bounds: Vec::new() }
    }

    /// Reads comparisons with commas between them.
    ///
    /// # Errors
    /// One of them is none.
    pub fn parse(text: &str) -> Result<Self, RangeError> {
        Self::of(text.split(',').map(str::trim))
    }

    /// From comparisons.
    ///
    /// # Errors
    /// One of them is none, or they are too many.
    pub fn of<'b>(bounds: impl IntoIterator<Item = &'b str>) -> Result<Self, RangeError> {
        let mut range = Self::all();
        for text in bounds {
            let error = || RangeError {
                text: text.chars().take(80).collect(),
            };
            if text == "*" {
                continue;
            }
            let bound = Bound::parse(text).ok_or_else(error)?;
            if range.bounds.len() == MAX_BOUNDS {
                return Err(error());
            }
            range.bounds.push(bound);
        }
        Ok(range)
    }

    /// Whether a version lies in it. One that is no version lies in none but `*`.
    pub fn contains(&self, ecosystem: Ecosystem, version: &str) -> bool {
        self.bounds
            .iter()
            .all(|bound| bound.holds(ecosystem, version))
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.bounds.is_empty() {
            return f.write_str("every version");
        }
        for (at, bound) in self.bounds.iter().enumerate() {
            if at > 0 {
                f.write_str(", ")?;
            }
            write!(
                f,
                "{}{}",
                bound.operator.word(),
                bound.version.escape_debug()
            )?;
        }
        Ok(())
    }
}

impl Operator {
    const ALL: &'static [(&'static str, Self)] = &[
        ("<=", Self::LessOrEqual),
        (">=", Self::GreaterOrEqual),
        ("!=", Self::NotEqual),
        ("==", Self::Equal),
        ("<", Self::Less),
        (">", Self::Greater),
        ("=", Self::Equal),
    ];

    fn word(self) -> &'static str {
        Self::ALL
            .iter()
            .rev()
            .find(|(_, operator)| *operator == self)
            .map_or("", |(word, _)| word)
    }

    fn allows(self, order: Ordering) -> bool {
        match self {
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::GreaterOrEqual => order.is_ge(),
            Self::Greater => order.is_gt(),
        }
    }
}

impl Bound {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let known = Operator::ALL.iter().find_map(|&(word, operator)| {
            text.strip_prefix(word).map(|version| (operator, version))
        });
        let (operator, version) = known.unwrap_or((Operator::Equal, text));
        let version = version.trim();
        let is_version = version.contains(|c: char| c.is_ascii_digit())
            && !version.contains(|c: char| c.is_whitespace() || "<>=|^~".contains(c));
        is_version.then(|| Self {
            operator,
            version: version.to_owned(),
        })
    }

    fn holds(&self, ecosystem: Ecosystem, version: &str) -> bool {
        let order = match ecosystem {
            Ecosystem::Composer => self.composer(version),
            _ => compare(ecosystem, version, &self.version),
        };
        order.is_some_and(|order| self.operator.allows(order))
    }

    /// For Composer the pre-releases of a version lie above `>=` and above `<` it, not below.
    fn composer(&self, version: &str) -> Option<Ordering> {
        let mut bound = composer::normalize(&self.version)?;
        if matches!(self.operator, Operator::Less | Operator::GreaterOrEqual)
            && !bound.contains('-')
        {
            bound.push_str("-dev");
        }
        Some(php::compare(&composer::normalize(version)?, &bound))
    }
}
