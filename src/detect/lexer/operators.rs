//! What stands between a name and its value.

use super::Syntax;
use super::source::Source;

/// What kind of assignment an operator makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `=`, `:=`, `?=`, `||=`, `??=`
    Equals,
    /// `:`
    Colon,
    /// `=>`
    Arrow,
    /// `==`, `===`, `!=`, `!==` in program source: what is compared with a literal is expected to be it.
    Compare,
    /// `||`, `??`, `?:`, `or`: what follows holds when the name has no value.
    Default,
}

/// An operator and where it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Operator {
    pub(super) kind: Kind,
    pub(super) end: usize,
}

/// The arrow of what PHP prints of an array, on a page.
const ARROW_IN_HTML: &[u8] = b"=&gt;";

fn is_arrow_in_html(source: Source<'_>, at: usize) -> bool {
    matches!(source.syntax, Syntax::Xml | Syntax::Text) && source.starts(at, ARROW_IN_HTML)
}

/// `->` of Scala, `to` of Kotlin: what makes a pair.
fn is_pair_arrow(source: Source<'_>, at: usize) -> bool {
    source.syntax == Syntax::Code && (source.starts(at, b"->") || source.starts(at, b"to "))
}

/// `==`, `===`, `!=`, `!==`, as far as a literal may stand after it.
fn comparison(source: Source<'_>, at: usize) -> Option<Operator> {
    let length = 2 + usize::from(source.at(at + 2) == b'=');
    source.syntax.is_code().then_some(Operator {
        kind: Kind::Compare,
        end: at + length,
    })
}

/// The operator at the offset. Matches (`=~`) and scopes (`::`) are none.
pub(super) fn operator_at(source: Source<'_>, at: usize) -> Option<Operator> {
    let next = source.at(at + 1);
    let (kind, length) = match source.at(at) {
        b'=' => match next {
            b'>' => (Kind::Arrow, 2),
            b'&' if is_arrow_in_html(source, at) => (Kind::Arrow, ARROW_IN_HTML.len()),
            b'=' => return comparison(source, at),
            b'~' => return None,
            _ => (Kind::Equals, 1),
        },
        b':' => match next {
            b'=' => (Kind::Equals, 2),
            b':' => return None,
            _ => (Kind::Colon, 1),
        },
        b'?' => match next {
            b'?' if source.at(at + 2) == b'=' => (Kind::Equals, 3),
            b':' | b'?' => (Kind::Default, 2),
            b'=' => (Kind::Equals, 2),
            _ => return None,
        },
        b'|' if next == b'|' && source.at(at + 2) == b'=' => (Kind::Equals, 3),
        b'|' if next == b'|' => (Kind::Default, 2),
        b'!' if next == b'=' => return comparison(source, at),
        b'-' | b't' if is_pair_arrow(source, at) => (Kind::Arrow, 2),
        b'o' if source.starts(at, b"or ") => (Kind::Default, 3),
        _ => return None,
    };
    Some(Operator {
        kind,
        end: at + length,
    })
}

/// The operator that ends at the offset, as far as a label before a name needs it: `:`, `=` or `=>`.
pub(super) fn operator_before(source: Source<'_>, end: usize) -> Option<usize> {
    match source.before(end) {
        b':' | b'=' => Some(end - 1),
        b'>' if source.before(end - 1) == b'=' => Some(end - 2),
        _ => None,
    }
}
