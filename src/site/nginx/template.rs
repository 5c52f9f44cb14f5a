//! Values with variables in them.

/// A piece of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Text(String),
    Variable(String),
    Capture(usize),
    /// The first `?` as it is written, where what follows are the arguments of a URI.
    Args,
}

/// A value with variables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Template {
    pub(super) parts: Vec<Part>,
}

impl Template {
    /// Nothing, if nginx would refuse it.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::read(text, false)
    }

    /// The replacement of a `rewrite`, with a mark before its arguments.
    pub(super) fn with_args(text: &str) -> Option<Self> {
        Self::read(text, true)
    }

    fn read(text: &str, mut marks_args: bool) -> Option<Self> {
        let mut parts: Vec<Part> = Vec::new();
        let mut rest = text;
        while let Some(char) = rest.chars().next() {
            if let Some(after) = rest.strip_prefix('$') {
                let (part, left) = variable(after)?;
                parts.push(part);
                rest = left;
            } else if char == '?' && marks_args {
                marks_args = false;
                parts.push(Part::Args);
                rest = &rest[1..];
            } else {
                let is_end = |char: char| char == '$' || (char == '?' && marks_args);
                let end = rest.find(is_end).unwrap_or(rest.len());
                parts.push(Part::Text(rest[..end].to_owned()));
                rest = &rest[end..];
            }
        }
        Some(Self { parts })
    }

    /// Its text, if there is no variable in it.
    pub(super) fn text(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }
}

/// What follows a dollar sign, and the rest.
fn variable(after: &str) -> Option<(Part, &str)> {
    let first = after.chars().next()?;
    if let Some(digit) = first.to_digit(10).filter(|&digit| digit > 0) {
        return Some((Part::Capture(digit as usize), &after[1..]));
    }
    let is_name = |char: char| char.is_ascii_alphanumeric() || char == '_';
    if let Some(inside) = after.strip_prefix('{') {
        let end = inside.find(|char| !is_name(char))?;
        let rest = inside[end..].strip_prefix('}')?;
        return named(&inside[..end], rest);
    }
    let end = after.find(|char| !is_name(char)).unwrap_or(after.len());
    named(&after[..end], &after[end..])
}

fn named<'t>(name: &str, rest: &'t str) -> Option<(Part, &'t str)> {
    (!name.is_empty()).then(|| (Part::Variable(name.to_owned()), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_told_from_text() {
        let template = Template::with_args("/a$1${b}c?d=$e?").unwrap();
        let expected = [
            Part::Text("/a".to_owned()),
            Part::Capture(1),
            Part::Variable("b".to_owned()),
            Part::Text("c".to_owned()),
            Part::Args,
            Part::Text("d=".to_owned()),
            Part::Variable("e".to_owned()),
            Part::Text("?".to_owned()),
        ];
        assert_eq!(template.parts, expected);
        assert!(Template::parse("a$").is_none() && Template::parse("${a").is_none());
    }
}
