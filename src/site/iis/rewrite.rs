//! Rules that rewrite, redirect or refuse:
//! <https://learn.microsoft.com/en-us/iis/extensions/url-rewrite-module/url-rewrite-module-configuration-reference>.

use crate::finding::Reason;
use crate::input::Files;
use crate::site::answer::{Answer, Verdict};
use crate::site::path;

use super::collection::reason;
use super::pattern::{self, Groups};
use super::settings::{Settings, below};
use super::variable::{Known, expanded};
use crate::site::lex::xml::Element;

/// More rules are not followed.
const MAX_RULES: usize = 1_000;

/// A request on its way through the rules.
pub(super) struct Asked<'a> {
    pub(super) files: &'a dyn Files,
    /// The site's root, as the server names it.
    pub(super) root: &'a str,
    /// The request target, as it was sent.
    pub(super) target: &'a str,
    pub(super) host: Option<&'a str>,
}

/// Where the rules lead.
pub(super) struct Rewritten {
    /// Relative to the site's root.
    pub(super) path: String,
    pub(super) because: Vec<Reason>,
}

/// Whether a rule, or a condition, is for this request; what it caught.
enum Matched {
    Yes(Groups),
    No,
    Unknown,
}

/// A path relative to the site's root through all rules; the answer, if one of them answers.
pub(super) fn run(
    settings: &Settings<'_>,
    asked: &Asked<'_>,
    start: &str,
) -> Result<Rewritten, Box<Answer>> {
    let mut now = Rewritten {
        path: start.to_owned(),
        because: Vec::new(),
    };
    if let Some(section) = settings.elsewhere {
        let settle = format!("the file that {} names", section.shown());
        return Err(Box::new(Answer::unknown(settle, vec![reason(section)])));
    }
    for (_, entry) in settings.rules.entries().take(MAX_RULES) {
        let rule = entry.element;
        if rule.says("enabled", "false") {
            continue;
        }
        let Some(inside) = below(entry.base, &now.path) else {
            continue;
        };
        let inside = inside.to_owned();
        let (groups, caught) = match matched(rule, settings, asked, &now.path, &inside) {
            Some((Matched::Yes(groups), caught)) => (groups, caught),
            Some((Matched::No, _)) => continue,
            Some((Matched::Unknown, _)) | None => {
                let settle = format!("whether the rule \"{}\" is for it", name(rule));
                let because = now.because.into_iter().chain([entry.reason()]).collect();
                return Err(Box::new(Answer::unknown(settle, because)));
            }
        };
        let known = Known {
            asked,
            settings,
            path: &now.path,
            rule: &groups,
            condition: &caught,
        };
        let next = act(rule, entry.base, &known, &now.because)?;
        if let Some(next) = next {
            now.because.push(entry.reason());
            now.path = next;
        }
        if rule.says("stopProcessing", "true") {
            break;
        }
    }
    Ok(now)
}

fn name(rule: &Element) -> &str {
    rule.get("name").unwrap_or_default()
}

/// The new path, if the action changes it; the answer, if it answers.
fn act(
    rule: &Element,
    base: &str,
    known: &Known<'_>,
    because: &[Reason],
) -> Result<Option<String>, Box<Answer>> {
    let because = || -> Vec<Reason> { because.iter().cloned().chain([reason(rule)]).collect() };
    let Some(action) = rule.all("action").last() else {
        return Ok(None);
    };
    let url = action.get("url").unwrap_or_default();
    let answer = |verdict, status| Err(Box::new(Answer::new(verdict, status, None, because())));
    match action.get("type").unwrap_or("None") {
        "None" => Ok(None),
        // The site under its right name is the one that is asked.
        "Redirect" if is_canonical(rule, url) => Ok(None),
        "Redirect" => answer(Verdict::NotMapped, 301),
        "AbortRequest" => answer(Verdict::Denied, 0),
        "CustomResponse" => {
            let status = action.get("statusCode").and_then(|code| code.parse().ok());
            answer(Verdict::Denied, status.unwrap_or(403))
        }
        "Rewrite" if url.contains("://") => answer(Verdict::NotMapped, 200),
        "Rewrite" => {
            let Some(to) = expanded(url, known) else {
                let settle = format!("where the rule \"{}\" leads", name(rule));
                return Err(Box::new(Answer::unknown(settle, because())));
            };
            let to = to.split(['?', '#']).next().unwrap_or_default();
            let to = to.strip_prefix('~').unwrap_or(to);
            let joined = match to.strip_prefix('/') {
                Some(rest) => path::join("", rest.trim_start_matches('/')),
                None => path::join(base, to),
            };
            match joined {
                Some(path) if to.ends_with('/') && !path.is_empty() => Ok(Some(path + "/")),
                Some(path) => Ok(Some(path)),
                None => answer(Verdict::Denied, 400),
            }
        }
        other => {
            let settle = format!("what the action {other} does");
            Err(Box::new(Answer::unknown(settle, because())))
        }
    }
}

/// Whether a rule redirects to the same path by another protocol or host.
fn is_canonical(rule: &Element, url: &str) -> bool {
    let keeps = ["{R:0}", "{R:1}", "{REQUEST_URI}", "{C:", "{URL}"];
    let of_host = [
        "HTTPS",
        "HTTP_HOST",
        "SERVER_PORT",
        "SERVER_NAME",
        "FORWARDED_PROTO",
    ];
    url.contains("://")
        && keeps.iter().any(|keep| url.contains(keep))
        && rule.at(&["conditions", "add"]).iter().any(|condition| {
            let input = condition.get("input").unwrap_or_default();
            of_host.iter().any(|name| input.contains(name))
        })
}

fn matched(
    rule: &Element,
    settings: &Settings<'_>,
    asked: &Asked<'_>,
    path: &str,
    inside: &str,
) -> Option<(Matched, Groups)> {
    let pattern = rule.all("match").last()?;
    let found = pattern::groups(
        rule,
        pattern,
        pattern.get("url").unwrap_or_default(),
        inside,
    );
    let is_negated = pattern.says("negate", "true");
    let groups = match (found?, is_negated) {
        (Some(groups), false) => groups,
        (None, true) => vec![inside.to_owned()],
        _ => return Some((Matched::No, Vec::new())),
    };
    let mut caught: Groups = Vec::new();
    let mut is_unknown = false;
    let mut has_any = false;
    let sections: Vec<&Element> = rule.all("conditions").collect();
    let any = sections
        .last()
        .is_some_and(|section| section.says("logicalGrouping", "MatchAny"));
    let gathers = sections
        .last()
        .is_some_and(|section| section.says("trackAllCaptures", "true"));
    let conditions: Vec<&Element> = sections.iter().flat_map(|one| one.all("add")).collect();
    for condition in &conditions {
        let known = Known {
            asked,
            settings,
            path,
            rule: &groups,
            condition: &caught,
        };
        match holds(rule, condition, &known) {
            Matched::Yes(more) => {
                has_any = true;
                match more {
                    more if gathers && !caught.is_empty() => {
                        caught.extend(more.into_iter().skip(1));
                    }
                    more if !more.is_empty() => caught = more,
                    _ => {}
                }
                if any {
                    break;
                }
            }
            Matched::No if !any => return Some((Matched::No, caught)),
            Matched::No => {}
            Matched::Unknown => is_unknown = true,
        }
    }
    if any && !conditions.is_empty() && !has_any {
        let matched = if is_unknown {
            Matched::Unknown
        } else {
            Matched::No
        };
        return Some((matched, caught));
    }
    if is_unknown && !any {
        return Some((Matched::Unknown, caught));
    }
    Some((Matched::Yes(groups), caught))
}

fn holds(rule: &Element, condition: &Element, known: &Known<'_>) -> Matched {
    let is_negated = condition.says("negate", "true");
    let input = condition.get("input").unwrap_or_default();
    let decided = |is: bool| {
        if is == is_negated {
            Matched::No
        } else {
            Matched::Yes(Vec::new())
        }
    };
    let kind = condition.get("matchType").unwrap_or("Pattern");
    if kind != "Pattern" {
        let Some(file) = expanded(input, known) else {
            return Matched::Unknown;
        };
        let name = path::join("/", &file).unwrap_or_default();
        return match kind {
            "IsFile" => decided(known.asked.files.is_file(&name)),
            "IsDirectory" => decided(known.asked.files.is_directory(&name)),
            _ => Matched::Unknown,
        };
    }
    let Some(text) = expanded(input, known) else {
        return Matched::Unknown;
    };
    let pattern = condition.get("pattern").unwrap_or_default();
    match pattern::groups(rule, condition, pattern, &text) {
        None => Matched::Unknown,
        Some(Some(groups)) if !is_negated => Matched::Yes(groups),
        Some(found) => decided(found.is_some()),
    }
}
