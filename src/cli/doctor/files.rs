//! What would become of each file below the given paths: the same walk as a scan's, with nothing looked for.

use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use crate::input::{self, Chunk, Encoding, Sink, SourceFile, TextSource};

use super::super::args::ReadArgs;
use super::super::options::Options;
use super::super::scan::input_options;
use super::super::{Failure, printable};

/// Remembers what is read.
#[derive(Default)]
struct Witness(Mutex<Vec<(String, String)>>);

impl Sink for Witness {
    type Part = ();

    fn scan(&self, _: &SourceFile, _: Chunk<'_>) {}

    fn conclude(&self, file: &SourceFile, _: Vec<()>, _: &mut dyn TextSource) {
        let encoding = match file.encoding {
            Encoding::Bytes => "text",
            Encoding::Utf16Le | Encoding::Utf16Be => "text in UTF-16",
        };
        let what = match &file.archive {
            None => format!("{encoding}, {} bytes", file.size),
            Some(archive) => format!("{encoding}, {} bytes, unpacked from {archive}", file.size),
        };
        let mut read = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        read.push((file.path.clone(), what));
    }
}

/// One line for each file, sorted by path.
pub(super) fn describe(
    args: &ReadArgs,
    options: &Options,
    out: &mut String,
) -> Result<(), Failure> {
    let witness = Witness::default();
    let coverage = input::read(&options.roots, &input_options(args, options), &witness)
        .map_err(Failure::usage)?;
    let read = witness
        .0
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    let mut lines: Vec<(String, &str, String)> = Vec::new();
    lines.extend(read.into_iter().map(|(path, what)| (path, "read", what)));
    for skipped in coverage.skipped {
        let reason = skipped.reason.word();
        let why = match skipped.detail {
            Some(detail) => format!("{reason}: {detail}"),
            None => reason.to_owned(),
        };
        let word = if skipped.reason.is_incomplete() {
            "missed"
        } else {
            "left out"
        };
        lines.push((skipped.path, word, why));
    }
    lines.sort();
    for (path, word, why) in lines {
        let _ = writeln!(out, "{word:9} {} ({})", printable(&path), printable(&why));
    }
    Ok(())
}
