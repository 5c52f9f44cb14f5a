//! Where bytes come from, and an account of those that were not read.

mod ledger;
mod text;

pub use ledger::{Coverage, SkipReason, Skipped};
pub use text::{Chunk, Encoding, SourceFile, TextSource};

/// What is done with the text that is read. Called from several threads at once.
pub trait Sink: Sync {
    /// What one chunk gives.
    type Part: Send;

    /// Looks at one chunk.
    fn scan(&self, file: &SourceFile, chunk: Chunk<'_>) -> Self::Part;

    /// Called once for each file, after its last chunk, with the parts in order of offset.
    fn conclude(&self, file: &SourceFile, parts: Vec<Self::Part>, text: &mut dyn TextSource);
}
