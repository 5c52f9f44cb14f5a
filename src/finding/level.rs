//! The two axes on which a finding is judged: how bad it is if true, and how sure the tool is.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A word that is not one of a level's names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseLevelError {
    word: String,
    expected: &'static [&'static str],
}

impl fmt::Display for ParseLevelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not one of {}",
            self.word.escape_debug(),
            self.expected.join(", ")
        )
    }
}

impl std::error::Error for ParseLevelError {}

macro_rules! level {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
            schemars::JsonSchema,
        )]
        #[serde(rename_all = "lowercase")]
        pub enum $name {
            $($(#[$variant_doc])* $variant),+
        }

        impl $name {
            /// Every level, lowest first.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The names of [`Self::ALL`], in the same order.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The lower-case name that every format and option uses.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.word())
            }
        }

        impl FromStr for $name {
            type Err = ParseLevelError;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(ParseLevelError { word: word.to_owned(), expected: Self::WORDS }),
                }
            }
        }
    };
}

level! {
    /// How bad a finding is, if it is what it seems to be.
    Severity {
        /// Context that helps an investigation, such as a public key.
        Info = "info",
        /// Worth tidying; no one gets in with it alone.
        Low = "low",
        /// Gives access to one thing of limited worth.
        Medium = "medium",
        /// Gives access in someone's name, such as sending mail from a domain.
        High = "high",
        /// Gives control of an account or of the application.
        Critical = "critical",
    }
}

level! {
    /// How sure the tool is that a finding is a credential in use.
    Confidence {
        /// Shape or name fits, and so do many harmless values.
        Low = "low",
        /// Shape and name fit.
        Medium = "medium",
        /// Shape or context leaves little else that it could be.
        High = "high",
    }
}

impl Confidence {
    /// One level lower; `Low` stays.
    #[must_use]
    pub fn lowered(self) -> Self {
        match self {
            Self::High => Self::Medium,
            Self::Medium | Self::Low => Self::Low,
        }
    }
}
