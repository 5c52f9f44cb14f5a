//! Patterns of rules that rewrite.

use fancy_regex::{Regex, RegexBuilder};

use crate::site::lex::xml::Element;

/// So many steps back; a pattern that needs more says nothing.
const BACKTRACKS: usize = 100_000;
/// Longer texts are not matched.
const MAX_TEXT: usize = 16_384;

/// What the groups of a match hold; the first is all of it.
pub(super) type Groups = Vec<String>;

/// Matches a pattern as `patternSyntax` of the rule says. `None` if that cannot be told.
///
/// <https://learn.microsoft.com/en-us/iis/extensions/url-rewrite-module/url-rewrite-module-configuration-reference>:
/// ECMAScript patterns match anywhere, wildcards and exact texts match all of it, in any case unless told otherwise.
pub(super) fn groups(
    rule: &Element,
    owner: &Element,
    pattern: &str,
    text: &str,
) -> Option<Option<Groups>> {
    let ignores_case = !owner.says("ignoreCase", "false");
    if text.len() > MAX_TEXT {
        return None;
    }
    let source = match rule.get("patternSyntax") {
        Some("ExactMatch") => {
            let is_same = if ignores_case {
                text.eq_ignore_ascii_case(pattern)
            } else {
                text == pattern
            };
            return Some(is_same.then(|| vec![text.to_owned()]));
        }
        Some("Wildcard") => wildcard(pattern),
        _ => pattern.to_owned(),
    };
    let flag = if ignores_case { "(?i)" } else { "" };
    let regex: Regex = RegexBuilder::new(&format!("{flag}{source}"))
        .backtrack_limit(BACKTRACKS)
        .delegate_size_limit(1 << 20)
        .build()
        .ok()?;
    let captures = regex.captures(text).ok()?;
    Some(captures.map(|captures| {
        let group = |number| captures.get(number).map_or("", |group| group.as_str());
        (0..captures.len())
            .map(|number| group(number).to_owned())
            .collect()
    }))
}

fn wildcard(pattern: &str) -> String {
    let mut source = String::from("^");
    for part in pattern.split_inclusive('*') {
        let text = part.strip_suffix('*').unwrap_or(part);
        source.push_str(&fancy_regex::escape(text).replace("\\?", "."));
        if text.len() < part.len() {
            source.push_str("(.*)");
        }
    }
    source.push('$');
    source
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(attributes: &str) -> Element {
        crate::site::lex::xml::parse(&"x".into(), &format!("<rule {attributes}/>")).unwrap()
    }

    fn matches(attributes: &str, pattern: &str, text: &str) -> Option<Option<Groups>> {
        let rule = rule(attributes);
        groups(&rule, &rule, pattern, text)
    }

    #[test]
    fn patterns_match_as_their_syntax_says() {
        let texts =
            |texts: &[&str]| Some(Some(texts.iter().map(|&text| text.to_owned()).collect()));
        assert_eq!(matches("", "B(.)", "abc"), texts(&["bc", "c"]));
        assert_eq!(matches("ignoreCase='false'", "B", "abc"), Some(None));
        let wild = "patternSyntax='Wildcard'";
        assert_eq!(
            matches(wild, "*/*.p?p", "a.b/c.PHP"),
            texts(&["a.b/c.PHP", "a.b", "c"])
        );
        assert_eq!(matches(wild, "a", "ab"), Some(None));
        assert_eq!(
            matches("patternSyntax='ExactMatch'", "A.c", "a.c"),
            texts(&["a.c"])
        );
        assert_eq!(matches("", "(", "a"), None);
    }
}
