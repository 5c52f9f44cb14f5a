//! From directives to rules and conditions.

use super::{Cond, Rule, Test, flags};
use crate::site::apache::expr::Expr;
use crate::site::apache::pattern::Pattern;
use crate::site::apache::tree::Node;

/// A `RewriteRule`, with the conditions that stood before it.
///
/// # Errors
/// What the server says of it.
pub(in crate::site::apache) fn rule(node: &Node, conds: Vec<Cond>) -> Result<Rule, String> {
    let words = node.words();
    let (pattern, output, flag_text) = match &words[..] {
        [pattern, output] => (pattern, output, ""),
        [pattern, output, flags] => (pattern, output, &**flags),
        _ => return Err("RewriteRule: bad argument line".to_owned()),
    };
    let flags = if flag_text.is_empty() {
        super::Flags::default()
    } else {
        flags::parse(flag_text)?
    };
    let (is_negated, pattern) = negated(pattern);
    Ok(Rule {
        pattern: Pattern::new(pattern, flags.ignores_case),
        is_negated,
        output: output.clone(),
        flags,
        conds,
        why: node.reason(),
    })
}

/// A `RewriteCond`.
///
/// # Errors
/// What the server says of it.
pub(in crate::site::apache) fn cond(node: &Node) -> Result<Cond, String> {
    let words = node.words();
    let (input, pattern, flag_text) = match &words[..] {
        [input, pattern] => (input, pattern, None),
        [input, pattern, flags] => (input, pattern, Some(flags)),
        _ => return Err("RewriteCond: bad argument line".to_owned()),
    };
    let (mut ignores_case, mut is_or) = (false, false);
    if let Some(flags) = flag_text {
        for flag in flags::parts(flags)? {
            match &*flag.to_ascii_lowercase() {
                "nc" | "nocase" => ignores_case = true,
                "or" | "ornext" => is_or = true,
                "nv" | "novary" => {}
                other => return Err(format!("RewriteCond: unknown flag '{other}'")),
            }
        }
    }
    let (is_negated, pattern) = negated(pattern);
    Ok(Cond {
        test: if input.eq_ignore_ascii_case("expr") {
            Test::Expr(Expr::new(pattern))
        } else {
            test(pattern, ignores_case)
        },
        input: input.clone(),
        is_negated,
        ignores_case,
        is_or,
    })
}

fn negated(pattern: &str) -> (bool, &str) {
    match pattern.strip_prefix('!') {
        Some(rest) => (true, rest),
        None => (false, pattern),
    }
}

fn test(pattern: &str, ignores_case: bool) -> Test {
    if let Some(rest) = pattern.strip_prefix('-') {
        let mut letters = rest.chars();
        if let (Some(letter), None) = (letters.next(), letters.next()) {
            return match letter {
                'f' | 'd' | 's' | 'l' | 'h' | 'L' | 'x' => Test::File(letter),
                _ => Test::Other(pattern.to_owned()),
            };
        }
        for operator in ["eq", "ne", "lt", "le", "gt", "ge"] {
            if let Some(number) = rest.strip_prefix(operator) {
                return Test::Number(operator.to_owned(), number.trim().parse().unwrap_or(0));
            }
        }
    }
    for operator in [">=", "<=", ">", "<", "="] {
        if let Some(text) = pattern.strip_prefix(operator) {
            let text = if operator == "=" && text == "\"\"" {
                ""
            } else {
                text
            };
            return Test::Compare(operator.to_owned(), text.to_owned());
        }
    }
    Test::Pattern(Pattern::new(pattern, ignores_case))
}
