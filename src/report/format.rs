//! The list of formats, and the one way to write any of them.

use std::fmt;
use std::io::{self, BufWriter, Write};
use std::str::FromStr;

use super::clean::{Clean, Plain};
use super::{Report, Saved, csv, github, gitlab, html, human, json, jsonl, junit, markdown, sarif};
use crate::finding::{Moment, Severity};

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, clap::ValueEnum)]
pub enum Format {
    /// For people, on a terminal.
    Human,
    /// One JSON object, described by [`schema`](super::schema).
    Json,
    /// One JSON object a line: the findings, then the summary.
    Jsonl,
    /// SARIF 2.1.0, for code hosts and editors.
    Sarif,
    /// A table for spreadsheets.
    Csv,
    /// For job summaries and merge requests.
    Markdown,
    /// A page for browsers.
    Html,
    /// Test results, as CI servers show them.
    Junit,
    /// Annotations of a GitHub workflow.
    Github,
    /// The secret detection report of GitLab.
    Gitlab,
    /// The code quality report of GitLab.
    GitlabCodequality,
}

impl Format {
    /// Every format.
    pub const ALL: &'static [Self] = &[
        Self::Human,
        Self::Json,
        Self::Jsonl,
        Self::Sarif,
        Self::Csv,
        Self::Markdown,
        Self::Html,
        Self::Junit,
        Self::Github,
        Self::Gitlab,
        Self::GitlabCodequality,
    ];

    /// The name that options use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Sarif => "sarif",
            Self::Csv => "csv",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Junit => "junit",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::GitlabCodequality => "gitlab-codequality",
        }
    }
}

/// A word that names no format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseFormatError {
    word: String,
}

impl fmt::Display for ParseFormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = Format::ALL.iter().map(|format| format.word()).collect();
        write!(
            f,
            "`{}` is not a format; use one of {}",
            self.word.escape_debug(),
            words.join(", ")
        )
    }
}

impl std::error::Error for ParseFormatError {}

impl FromStr for Format {
    type Err = ParseFormatError;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|format| format.word() == word)
            .ok_or_else(|| ParseFormatError {
                word: word.to_owned(),
            })
    }
}

/// What a reader wants to see, of [`Format::Human`] for the most part. The other formats always hold everything, and
/// never a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RenderOptions {
    /// Use terminal colours.
    pub color: bool,
    /// Columns to wrap explanations at; source lines are not wrapped.
    pub width: usize,
    /// Name each file that was not looked at.
    pub show_skipped: bool,
    /// Write the credentials themselves.
    pub show_secrets: bool,
    /// One line for each finding, and the summary.
    pub quiet: bool,
    /// Say how many findings are at or over this severity.
    pub fail_on: Option<Severity>,
    /// When the scan ended, for the one format that has to say so, [`Format::Gitlab`].
    pub ended: Option<Moment>,
}

impl Default for RenderOptions {
    fn default() -> Self {
        Self {
            color: false,
            width: 100,
            show_skipped: false,
            show_secrets: false,
            quiet: false,
            fail_on: None,
            ended: None,
        }
    }
}

/// Writes a report.
///
/// # Errors
/// `out` cannot be written to, or the secrets are too many to be masked, in which case nothing is
/// written.
pub fn write(
    report: &Report,
    format: Format,
    options: &RenderOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    let plain = if format == Format::Human && options.show_secrets {
        Plain::Shown
    } else {
        Plain::Hidden
    };
    let clean = Clean::new(report, plain).map_err(io::Error::other)?;
    write_clean(&clean, format, options, out)
}

/// Writes a report that was saved as JSON.
///
/// # Errors
/// `out` cannot be written to.
pub fn write_saved(
    saved: &Saved,
    format: Format,
    options: &RenderOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    write_clean(&saved.clean(), format, options, out)
}

fn write_clean(
    clean: &Clean<'_>,
    format: Format,
    options: &RenderOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    match format {
        Format::Human => human::write(clean, options, &mut out),
        Format::Json => json::write(clean, &mut out),
        Format::Jsonl => jsonl::write(clean, &mut out),
        Format::Sarif => sarif::write(clean, &mut out),
        Format::Csv => csv::write(clean, &mut out),
        Format::Markdown => markdown::write(clean, &mut out),
        Format::Html => html::write(clean, &mut out),
        Format::Junit => junit::write(clean, &mut out),
        Format::Github => github::write(clean, &mut out),
        Format::Gitlab => gitlab::write_secrets(clean, options, &mut out),
        Format::GitlabCodequality => gitlab::write_code_quality(clean, &mut out),
    }?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_parse_back() {
        for &format in Format::ALL {
            assert_eq!(format.word().parse(), Ok(format));
        }
    }

    #[test]
    fn clap_uses_the_same_words() {
        for format in Format::ALL {
            let value = clap::ValueEnum::to_possible_value(format).unwrap();
            assert_eq!(value.get_name(), format.word());
        }
    }

    #[test]
    fn an_unknown_word_is_answered_with_the_known_ones() {
        let error = "xml".parse::<Format>().unwrap_err().to_string();
        assert_eq!(
            error,
            "`xml` is not a format; use one of human, json, jsonl, sarif, csv, markdown, html, junit, github, gitlab, gitlab-codequality"
        );
    }
}
