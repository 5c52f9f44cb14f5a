//! In what the languages differ.

/// A language of programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// Python 3.
    Python,
    /// Ruby.
    Ruby,
    /// Go.
    Go,
    /// C#.
    CSharp,
    /// Rust.
    Rust,
    /// Java, Kotlin and Scala.
    Java,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Python,
        Self::Ruby,
        Self::Go,
        Self::CSharp,
        Self::Rust,
        Self::Java,
    ];

    /// Whether `#` starts a comment. In C# it starts a line for the compiler, which is as good as one.
    pub(super) fn has_hash_comments(self) -> bool {
        matches!(self, Self::Python | Self::Ruby | Self::CSharp)
    }

    /// Whether `//` and `/*` start comments.
    pub(super) fn has_slash_comments(self) -> bool {
        !matches!(self, Self::Python | Self::Ruby)
    }

    /// Whether a statement ends with its line.
    pub(super) fn ends_with_line(self) -> bool {
        matches!(self, Self::Python | Self::Ruby | Self::Go)
    }
}
