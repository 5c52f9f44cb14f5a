//! What a script is made of.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A name or a keyword.
    Name,
    /// A number.
    Number,
    /// A string in single or double quotes, with them. The closing one is missing if the line ends before it.
    Text,
    /// A template without substitutions, with its backticks.
    Template,
    /// From a backtick to the first `${`.
    TemplateHead,
    /// From a `}` to the next `${`.
    TemplateMiddle,
    /// From a `}` to the backtick at the end.
    TemplateTail,
    /// A regular expression, with its flags.
    Regex,
    /// An operator, a bracket, or a byte that means nothing.
    Punct,
}

/// A piece of a script that is neither a space nor a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Where it starts, in bytes.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// The line that it starts on, from 1.
    pub line: u32,
}

impl Token {
    /// Whether a bracket of any kind opens with it.
    pub(in crate::site::lex) fn opens(self, text: &str) -> bool {
        match self.kind {
            Kind::TemplateHead | Kind::TemplateMiddle => true,
            Kind::Punct => matches!(text, "(" | "[" | "{"),
            _ => false,
        }
    }

    /// Whether a bracket of any kind closes with it.
    pub(in crate::site::lex) fn closes(self, text: &str) -> bool {
        match self.kind {
            Kind::TemplateMiddle | Kind::TemplateTail => true,
            Kind::Punct => matches!(text, ")" | "]" | "}"),
            _ => false,
        }
    }
}
