//! Which requests a directive is for: <https://caddyserver.com/docs/caddyfile/matchers>.

use regex_automata::meta::Regex;

use super::parse::Node;

/// A request, as far as matchers look at it.
pub(super) struct Asked<'a> {
    pub(super) path: &'a str,
    pub(super) host: &'a str,
}

/// Takes the matcher off the arguments of a directive. Whether it matches; `None` if that cannot be told.
pub(super) fn split<'n>(
    node: &'n Node,
    named: &[Node],
    asked: &Asked<'_>,
) -> (Option<bool>, &'n [String]) {
    match node.args() {
        [first, rest @ ..] if first == "*" => (Some(true), rest),
        [first, rest @ ..] if first.starts_with('/') => (Some(path(first, asked.path)), rest),
        [first, rest @ ..] if first.starts_with('@') => {
            let definition = named.iter().find(|node| node.name() == first);
            (definition.and_then(|node| matches(node, asked)), rest)
        }
        all => (Some(true), all),
    }
}

/// How specific the path of a directive's matcher is: longer ones go first.
pub(super) fn weight(node: &Node) -> usize {
    let first = node.args().first().map_or("", String::as_str);
    if first.starts_with('/') {
        first.len()
    } else {
        0
    }
}

/// All conditions of a named matcher; several paths of one are alternatives.
fn matches(definition: &Node, asked: &Asked<'_>) -> Option<bool> {
    if definition.block.is_some() {
        return all(definition.inside(), asked, 0);
    }
    condition(definition.args(), &[], asked, 0)
}

fn all(nodes: &[Node], asked: &Asked<'_>, depth: usize) -> Option<bool> {
    let mut known = Some(true);
    for node in nodes {
        match condition(&node.words, node.inside(), asked, depth) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => known = None,
        }
    }
    known
}

fn condition(words: &[String], inside: &[Node], asked: &Asked<'_>, depth: usize) -> Option<bool> {
    if depth > 8 {
        return None;
    }
    let (name, args) = words.split_first()?;
    match name.as_str() {
        "path" => Some(args.iter().any(|pattern| path(pattern, asked.path))),
        "path_regexp" => {
            let pattern = args.last()?;
            let regex = Regex::new(pattern).ok()?;
            Some(regex.is_match(asked.path))
        }
        "host" => {
            let host = asked.host.split(':').next().unwrap_or_default();
            Some(args.iter().any(|name| name.eq_ignore_ascii_case(host)))
        }
        "method" => Some(args.iter().any(|method| method == "GET")),
        "not" if inside.is_empty() => condition(args, &[], asked, depth + 1).map(|is| !is),
        "not" => all(inside, asked, depth + 1).map(|is| !is),
        _ => None,
    }
}

/// Exact, but for a star at the start or the end; in any case.
pub(super) fn path(pattern: &str, path: &str) -> bool {
    let pattern = pattern.to_lowercase();
    let path = path.to_lowercase();
    let inner = pattern.trim_matches('*');
    match (pattern.starts_with('*'), pattern.ends_with('*')) {
        _ if pattern == "*" => true,
        _ if inner.contains('*') => crate::site::ignored::matches_part(&pattern, &path),
        (true, true) => path.contains(inner),
        (true, false) => path.ends_with(inner),
        (false, true) => path.starts_with(inner),
        (false, false) => path == pattern,
    }
}
