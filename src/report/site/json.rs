//! One JSON object: for programs, and for tests of the evaluators.
//!
//! The struct here is the format. Within one [`VERSION`] fields are only ever added.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::SiteReport;
use crate::report::json::Tool;
use crate::site::{DocumentRoot, FileVerdict, Framework, UrlAnswer};

/// Names the schema, which stands in the repository as `schemas/site-1.json`.
const SCHEMA_ID: &str = "urn:spillcheck:schema:site-1";
/// Grows when a reader of the format would have to change.
const VERSION: u32 = 1;

/// The servers of a tree, and what they make of files and URLs.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "spillcheck site", extend("$id" = SCHEMA_ID))]
struct Document<'r> {
    /// Always `urn:spillcheck:schema:site-1`.
    schema: &'static str,
    /// Always 1.
    version: u32,
    /// What wrote it.
    tool: Tool,
    /// Every document root, and every other directory that URLs lead to.
    roots: &'r [DocumentRoot],
    /// Frameworks and applications, by directory.
    frameworks: &'r [Framework],
    /// The files that were asked for, with every URL that leads to them, the worst first.
    files: &'r [FileVerdict],
    /// The URLs that were asked for, each once for every server.
    urls: &'r [UrlAnswer],
    /// What the reader should know, in words.
    notes: &'r [String],
}

pub(super) fn write(report: &SiteReport, out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        schema: SCHEMA_ID,
        version: VERSION,
        tool: Tool::this(),
        roots: &report.roots,
        frameworks: &report.frameworks,
        files: &report.files,
        urls: &report.urls,
        notes: &report.notes,
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

/// The JSON Schema of what `spillcheck site --format json` writes.
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Document<'_>)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_in_the_repository_is_this_one() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/site-1.json");
        let current = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            std::fs::write(path, &current).unwrap();
        }
        let stored = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            stored == current,
            "schemas/site-1.json is stale: run `UPDATE_SCHEMA=1 cargo test --lib schema`"
        );
    }
}
