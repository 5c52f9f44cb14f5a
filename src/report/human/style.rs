//! Colours, or none.

use anstyle::{AnsiColor, Style};

use crate::finding::Severity;

/// The styles of a report. Without colour all of them are plain.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Styles {
    error: Style,
    warning: Style,
    note: Style,
    /// Line numbers, bars, arrows.
    pub(super) gutter: Style,
    /// What should be read first.
    pub(super) strong: Style,
    /// What went well.
    pub(super) good: Style,
}

/// How a severity is called in front of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Error,
    Warning,
    Note,
}

impl Word {
    pub(super) fn of(severity: Severity) -> Self {
        match severity {
            Severity::Critical | Severity::High => Self::Error,
            Severity::Medium => Self::Warning,
            Severity::Low | Severity::Info => Self::Note,
        }
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl Styles {
    pub(super) fn new(color: bool) -> Self {
        if !color {
            return Self::default();
        }
        let bold = |color: AnsiColor| color.on_default().bold();
        Self {
            error: bold(AnsiColor::BrightRed),
            warning: bold(AnsiColor::Yellow),
            note: bold(AnsiColor::BrightCyan),
            gutter: bold(AnsiColor::BrightBlue),
            strong: Style::new().bold(),
            good: bold(AnsiColor::Green),
        }
    }

    pub(super) fn word(&self, word: Word) -> Style {
        match word {
            Word::Error => self.error,
            Word::Warning => self.warning,
            Word::Note => self.note,
        }
    }
}

/// The text in a style, and nothing of the style after it.
pub(super) fn paint(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}
