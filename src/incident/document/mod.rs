//! What is told of a case: the same sections for a person at a terminal and for the provider's support.

mod html;
mod markdown;
mod sections;
mod text;

use super::case::Case;

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    /// A heading: 1 for the document's own, 2 for a section's.
    Heading(u8, String),
    /// A paragraph.
    Text(String),
    /// Names with values.
    Fields(Vec<(String, String)>),
    /// Lines, each with more lines about it.
    List(Vec<Item>),
}

/// A line of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) text: String,
    pub(super) details: Vec<String>,
}

impl Item {
    fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            details: Vec::new(),
        }
    }
}

/// A form of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ReportForm {
    /// Markdown, to be pasted into a ticket
    Md,
    /// A page that needs nothing beside it
    Html,
    /// The case without its key, for programs
    Json,
}

/// The answer of an investigation, for a terminal.
pub fn answer(case: &Case) -> String {
    text::render(&sections::answer(case))
}

/// The report for the provider's support.
///
/// # Errors
/// The case cannot be written as JSON.
pub fn report(case: &Case, form: ReportForm) -> Result<String, serde_json::Error> {
    Ok(match form {
        ReportForm::Md => markdown::render(&sections::report(case)),
        ReportForm::Html => html::render(&sections::report(case)),
        ReportForm::Json => json(case)?,
    })
}

fn json(case: &Case) -> Result<String, serde_json::Error> {
    let mut value = serde_json::to_value(case)?;
    if let Some(fields) = value.as_object_mut() {
        // Who has it could test guesses against the fingerprints.
        fields.remove("fingerprint_key");
        let steps = case.steps().into_iter().map(|step| {
            serde_json::json!({
                "id": step.id,
                "number": step.number,
                "title": step.title,
                "state": sections::state(&step.state),
            })
        });
        fields.insert("steps".to_owned(), steps.collect());
    }
    Ok(serde_json::to_string_pretty(&value)? + "\n")
}

#[cfg(test)]
mod tests;
