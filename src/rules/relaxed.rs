//! Patterns that match wherever another one does, and are compiled in a fraction of the time.
//!
//! A repetition with a bound is compiled to as many copies, and many patterns allow a credential hundreds of bytes. Most
//! places around an anchor are told apart from a credential by what stands around it.

use regex_syntax::hir::{Capture, Hir, HirKind, Repetition};

/// Fewer copies than this are kept.
const FEW: u32 = 8;
/// A pattern of fewer bytes, classes and copies of them is compiled as fast itself.
const LARGE: usize = 128;

/// A pattern, if it pays to ask it first: where it finds nothing, `hir` finds nothing.
pub(super) fn relaxed(hir: &Hir) -> Option<String> {
    (size(hir) >= LARGE).then(|| without_bounds(hir).to_string())
}

/// About how many states it is compiled to.
fn size(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 0,
        HirKind::Literal(literal) => literal.0.len(),
        HirKind::Class(_) => 1,
        HirKind::Capture(Capture { sub, .. }) => size(sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().map(size).sum(),
        HirKind::Repetition(repetition) => {
            let copies = repetition.max.unwrap_or(repetition.min).max(1);
            size(&repetition.sub).saturating_mul(copies as usize)
        }
    }
}

/// Repetitions go on for as long as they can, and begin to count late. Nothing is captured.
fn without_bounds(hir: &Hir) -> Hir {
    let all = |parts: &[Hir]| parts.iter().map(without_bounds).collect();
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) | HirKind::Literal(_) | HirKind::Class(_) => hir.clone(),
        HirKind::Capture(Capture { sub, .. }) => without_bounds(sub),
        HirKind::Concat(parts) => Hir::concat(all(parts)),
        HirKind::Alternation(parts) => Hir::alternation(all(parts)),
        HirKind::Repetition(repetition) => Hir::repetition(Repetition {
            min: repetition.min.min(FEW),
            max: repetition.max.filter(|max| *max <= FEW),
            greedy: repetition.greedy,
            sub: Box::new(without_bounds(&repetition.sub)),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::compile::{compile_regex, parsed};

    #[test]
    fn bounds_go_where_they_are_large() {
        let of = |pattern: &str| parsed(pattern).and_then(|hir| relaxed(&hir));
        assert_eq!(of("key=(?P<secret>[a-f]{32})"), None);
        let pattern = r#"(?i)\bkey=(?P<secret>[a-f]{20,200})(?:"|$){1,2}\xff"#;
        let relaxed = compile_regex(&of(pattern).unwrap()).unwrap();
        for (text, is_match) in [
            (&b"KEY=abcdefabcdef\"\xff"[..], true),
            (b"key=abc\"\xff", false),
            (b"key=abcdefabcdef\"\"\"\xff", false),
            (b"monkey=abcdefabcdef\"\xff", false),
        ] {
            assert_eq!(relaxed.is_match(text), is_match, "{text:?}");
        }
    }
}
