//! Patterns of gitleaks: which group is the secret, and what every match holds.

use regex_syntax::ast::parse::Parser;
use regex_syntax::ast::{Ast, Group, GroupKind, RepetitionKind, RepetitionRange};

/// A literal that is shorter starts too many searches.
const MIN_ANCHOR: usize = 3;
/// More literals are no help.
const MAX_ANCHORS: usize = 64;

/// The pattern with its secret's group named so. Without a number it is the first group, as in gitleaks, and the whole
/// match where there is none. Anchors are to be compared without regard to case, which `(?i)` at the start says.
pub(super) fn named(pattern: &str, number: usize) -> Result<String, String> {
    let ast = parse(pattern)?;
    let mut groups = Vec::new();
    visit(&ast, &mut |group| {
        let start = group.span.start.offset;
        match &group.kind {
            GroupKind::CaptureIndex(index) => groups.push((*index, start + 1..start + 1, false)),
            GroupKind::CaptureName { name, .. } => {
                let name_at = name.span.start.offset..name.span.end.offset;
                groups.push((name.index, name_at, true));
            }
            GroupKind::NonCapturing(_) => {}
        }
    });
    let wanted = u32::try_from(number.max(1)).unwrap_or(u32::MAX);
    let group = groups.into_iter().find(|(index, ..)| *index == wanted);
    let mut pattern = pattern.to_owned();
    match group {
        Some((_, at, true)) => pattern.replace_range(at, "secret"),
        Some((_, at, false)) => pattern.replace_range(at, "?P<secret>"),
        None if number > 0 => return Err(format!("its expression has no group {number}")),
        None => {}
    }
    Ok(if pattern.starts_with("(?i)") {
        pattern
    } else {
        format!("(?i)(?-i:{pattern})")
    })
}

fn parse(pattern: &str) -> Result<Ast, String> {
    let parsed = Parser::new().parse(pattern);
    parsed.map_err(|error| format!("its expression is not understood: {}", error.kind()))
}

fn visit(ast: &Ast, see: &mut impl FnMut(&Group)) {
    match ast {
        Ast::Group(group) => {
            see(group);
            visit(&group.ast, see);
        }
        Ast::Repetition(repetition) => visit(&repetition.ast, see),
        Ast::Alternation(several) => several.asts.iter().for_each(|ast| visit(ast, see)),
        Ast::Concat(several) => several.asts.iter().for_each(|ast| visit(ast, see)),
        _ => {}
    }
}

/// Whether a match can be longer than so many bytes.
pub(super) fn is_longer(pattern: &str, most: usize) -> bool {
    let mut parser = regex_syntax::ParserBuilder::new()
        .unicode(false)
        .utf8(false)
        .build();
    let longest = parser.parse(pattern).ok();
    let longest = longest.and_then(|hir| hir.properties().maximum_len());
    longest.is_none_or(|longest| longest > most)
}

/// Literals, in lower case, of which every match holds one; none if there are no such.
pub(super) fn needed(pattern: &str) -> Vec<String> {
    let ast = Parser::new().parse(pattern).ok();
    ast.and_then(|ast| held(&ast)).unwrap_or_default()
}

/// The best set of literals of which every match holds one: the one whose shortest is longest.
fn held(ast: &Ast) -> Option<Vec<String>> {
    match ast {
        Ast::Group(group) => held(&group.ast),
        Ast::Repetition(repetition) if is_there(&repetition.op.kind) => held(&repetition.ast),
        Ast::Alternation(several) => {
            let sets: Option<Vec<Vec<String>>> = several.asts.iter().map(held).collect();
            let mut all: Vec<String> = sets?.into_iter().flatten().collect();
            all.sort();
            all.dedup();
            (all.len() <= MAX_ANCHORS).then_some(all)
        }
        Ast::Literal(_) => runs(std::slice::from_ref(ast)).pop().map(|run| vec![run]),
        Ast::Concat(several) => {
            let literals = runs(&several.asts).into_iter().map(|run| vec![run]);
            let parts = several
                .asts
                .iter()
                .filter(|ast| !matches!(ast, Ast::Literal(_)));
            let sets = literals.chain(parts.filter_map(held));
            sets.max_by_key(|set| set.iter().map(String::len).min())
        }
        _ => None,
    }
}

fn is_there(kind: &RepetitionKind) -> bool {
    use RepetitionRange::{AtLeast, Bounded, Exactly};
    match kind {
        RepetitionKind::ZeroOrOne | RepetitionKind::ZeroOrMore => false,
        RepetitionKind::OneOrMore => true,
        RepetitionKind::Range(Exactly(least) | AtLeast(least) | Bounded(least, _)) => *least > 0,
    }
}

/// Runs of ASCII literals that are long enough.
fn runs(asts: &[Ast]) -> Vec<String> {
    let mut runs = vec![String::new()];
    for ast in asts {
        match ast {
            Ast::Literal(literal) if literal.c.is_ascii() => {
                if let Some(run) = runs.last_mut() {
                    run.push(literal.c.to_ascii_lowercase());
                }
            }
            // It takes no room.
            Ast::Flags(_) | Ast::Empty(_) => {}
            _ => runs.push(String::new()),
        }
    }
    runs.retain(|run| run.len() >= MIN_ANCHOR);
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_named() {
        let named = |pattern, number| named(pattern, number).unwrap();
        assert_eq!(named("(?i)a(b)(c)", 2), "(?i)a(b)(?P<secret>c)");
        assert_eq!(named("a(?P<key>b)", 0), "(?i)(?-i:a(?P<secret>b))");
        assert_eq!(named("a(?:b)", 0), "(?i)(?-i:a(?:b))");
    }

    #[test]
    fn literals_that_every_match_holds_are_found() {
        assert_eq!(
            needed("(?i)(?-i:\\b((?:A3T[A-Z0-9]|AKIA|ASIA)[A-Z2-7]{16})\\b)"),
            ["a3t", "akia", "asia"]
        );
        assert_eq!(needed("xoxb-[0-9]+"), ["xoxb-"]);
        assert!(needed("(abc)?[0-9]+").is_empty());
        assert!(needed("(abc|[0-9])x").is_empty());
        assert_eq!(
            needed("(?i)[\\w.-]{0,50}?(?:adafruit)(?:[ \\t]{0,20})=(x)"),
            ["adafruit"]
        );
    }
}
