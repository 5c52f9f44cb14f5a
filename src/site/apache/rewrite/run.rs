//! Applies the rules of one place to a request.

use std::sync::Arc;

use super::expand::{Expanded, Sources};
use super::{Cond, Flags, Rule, Test};
use crate::finding::Reason;
use crate::site::apache::disk::{self, Found};
use crate::site::apache::pattern::Groups;
use crate::site::apache::request::Asked;
use crate::site::apache::tree::{Known, unknown};

/// How often `[N]` starts over before the server gives up.
const MAX_ROUNDS: usize = 2_000;

/// How long a rewritten name gets before the server gives up.
const MAX_LENGTH: usize = 2 * 8190;

/// What the rules make of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::site::apache) enum Verdict {
    Unchanged,
    /// It ends here.
    Status(u16),
    /// A file, or a path that is looked up.
    Local(String),
    /// A path that goes through the aliases.
    Pass(String),
    Redirect(u16, String),
    Proxy(String),
}

/// One pass through a list of rules.
pub(in crate::site::apache) struct Run<'a, 'f> {
    pub(in crate::site::apache) asked: &'a mut Asked<'f>,
    /// The directory that the rules stand in, with a slash at the end.
    pub(in crate::site::apache) directory: Option<&'a str>,
    pub(in crate::site::apache) why: &'a mut Vec<Arc<Reason>>,
    /// The substitution that was used last.
    pub(in crate::site::apache) last: Option<Arc<Rule>>,
    pub(in crate::site::apache) is_reduced: bool,
}

enum Step {
    NoMatch,
    /// It matched, and left the name alone.
    Kept,
    Changed,
    Redirect(u16),
    Status(u16),
}

impl Run<'_, '_> {
    pub(in crate::site::apache) fn list(&mut self, rules: &[Arc<Rule>]) -> Known<Verdict> {
        let mut changed: Option<Option<u16>> = None;
        let mut rounds = 1;
        let mut at = 0;
        while let Some(rule) = rules.get(at) {
            at += 1;
            let is_inner = self.asked.is_subrequest;
            let flags = &rule.flags;
            if is_inner && (flags.not_in_subrequests || flags.redirect.is_some()) {
                continue;
            }
            let step = self.rule(rule)?;
            if matches!(step, Step::NoMatch) {
                if flags.is_chained {
                    while rules.get(at - 1).is_some_and(|rule| rule.flags.is_chained) {
                        at += 1;
                    }
                }
                continue;
            }
            self.why.push(Arc::clone(&rule.why));
            if self.asked.filename.len() > MAX_LENGTH {
                return Ok(Verdict::Status(500));
            }
            match step {
                Step::Status(status) => return Ok(Verdict::Status(status)),
                Step::Redirect(status) => changed = Some(Some(status)),
                Step::Changed => changed = Some(changed.flatten()),
                Step::NoMatch | Step::Kept => {}
            }
            if flags.passes {
                return Ok(self.finish(Some(changed.flatten()), flags, true));
            }
            if flags.is_end {
                self.asked.is_rewritten_for_good = true;
            }
            if flags.is_end || flags.is_last || flags.is_proxy {
                return Ok(self.finish(changed, flags, false));
            }
            if flags.is_next {
                rounds += 1;
                if rounds >= MAX_ROUNDS {
                    return Ok(Verdict::Status(500));
                }
                at = 0;
                continue;
            }
            at += flags.skip;
        }
        Ok(self.finish(changed, &Flags::default(), false))
    }

    fn finish(&self, changed: Option<Option<u16>>, flags: &Flags, passes: bool) -> Verdict {
        let Some(status) = changed else {
            return Verdict::Unchanged;
        };
        let name = self.asked.filename.clone();
        if flags.is_proxy && !matches!(status, Some(300..400)) {
            return Verdict::Proxy(name);
        }
        if scheme(&name).is_some() {
            return Verdict::Redirect(status.unwrap_or(302), name);
        }
        if passes {
            Verdict::Pass(name)
        } else {
            Verdict::Local(name)
        }
    }

    fn rule(&mut self, rule: &Arc<Rule>) -> Known<Step> {
        let subject = self.subject();
        let found = rule.pattern.groups(&subject)?;
        if found.is_some() == rule.is_negated {
            return Ok(Step::NoMatch);
        }
        let groups = found.filter(|_| !rule.is_negated).unwrap_or_default();
        let Some(cond_groups) = self.conds(rule, &groups)? else {
            return Ok(Step::NoMatch);
        };
        let has_substitution = rule.output != "-" && rule.flags.status.is_none();
        let expanded = if has_substitution {
            self.expand(&rule.output, &groups, &cond_groups, rule.flags.escapes)?
        } else {
            Expanded::default()
        };
        if !rule.flags.allows_question_mark && expanded.is_unsafe(rule.flags.last_question_mark) {
            return Ok(Step::Status(403));
        }
        for env in &rule.flags.env {
            self.set_env(env, &groups, &cond_groups)?;
        }
        self.force(&rule.flags);
        if !has_substitution {
            return Ok(rule.flags.status.map_or(Step::Kept, Step::Status));
        }
        self.last = Some(Arc::clone(rule));
        Ok(self.substitute(rule, expanded.text))
    }

    /// What the pattern is matched with.
    fn subject(&self) -> String {
        let Some(directory) = self.directory else {
            return self.asked.filename.clone();
        };
        let whole = format!("{}{}", self.asked.filename, self.asked.path_info);
        match whole.strip_prefix(directory) {
            Some(inside) => inside.to_owned(),
            None => whole,
        }
    }

    fn expand(&self, text: &str, rule: &Groups, cond: &Groups, escapes: bool) -> Known<Expanded> {
        let sources = Sources {
            asked: self.asked,
            rule,
            cond,
            escapes,
        };
        sources.expand(text)
    }

    fn set_env(&mut self, text: &str, rule: &Groups, cond: &Groups) -> Known<()> {
        let text = self.expand(text, rule, cond, false)?.text;
        match (text.strip_prefix('!'), text.split_once(':')) {
            (Some(name), _) => {
                self.asked.env.remove(name);
            }
            (None, Some((name, value))) => {
                self.asked.env.insert(name.to_owned(), value.to_owned());
            }
            (None, None) => {
                self.asked.env.insert(text, String::new());
            }
        }
        Ok(())
    }

    fn force(&mut self, flags: &Flags) {
        if flags.handler.is_some() {
            self.asked.forced_handler.clone_from(&flags.handler);
        }
        if flags.content_type.is_some() {
            self.asked.forced_type.clone_from(&flags.content_type);
        }
    }

    fn substitute(&mut self, rule: &Rule, text: String) -> Step {
        let flags = &rule.flags;
        let mut name = text;
        let mut is_prefixed = false;
        if !name.starts_with('/') && scheme(&name).is_none() {
            if let Some(directory) = self.directory {
                name = format!("{directory}{name}");
                is_prefixed = true;
            } else if !flags.is_proxy && flags.redirect.is_none() {
                name.insert(0, '/');
                is_prefixed = true;
            }
        }
        if self.directory.is_some() && flags.drops_path_info {
            self.asked.path_info.clear();
        }
        self.asked.filename = name;
        self.split_query(flags);
        if flags.is_proxy {
            self.qualify();
            return Step::Changed;
        }
        if let Some(status) = flags.redirect {
            self.qualify();
            return Step::Redirect(status);
        }
        self.reduce();
        if scheme(&self.asked.filename).is_some() {
            return Step::Redirect(302);
        }
        if !flags.keeps_slashes && !is_prefixed && !rule.output.starts_with("//") {
            let rest = self.asked.filename.trim_start_matches('/');
            let has_root = self.asked.filename.starts_with('/');
            self.asked.filename = format!("{}{rest}", if has_root { "/" } else { "" });
        }
        Step::Changed
    }

    fn split_query(&mut self, flags: &Flags) {
        if flags.drops_query {
            self.asked.query = None;
        }
        let name = &self.asked.filename;
        let mark = if flags.last_question_mark {
            name.rfind('?')
        } else {
            name.find('?')
        };
        let Some(mark) = mark else {
            return;
        };
        let mut query = name[mark + 1..].to_owned();
        let old = self.asked.query.take().unwrap_or_default();
        if flags.appends_query {
            query = if query.is_empty() {
                old
            } else {
                format!("{query}&{old}")
            };
        }
        let query = query.strip_suffix('&').unwrap_or(&query).to_owned();
        self.asked.filename.truncate(mark);
        self.asked.query = Some(query).filter(|query| !query.is_empty());
    }

    /// Makes a URL of it.
    fn qualify(&mut self) {
        if scheme(&self.asked.filename).is_some() {
            return;
        }
        let slash = if self.asked.filename.starts_with('/') {
            ""
        } else {
            "/"
        };
        let protocol = if self.asked.is_https { "https" } else { "http" };
        self.asked.filename = format!(
            "{protocol}://{}{slash}{}",
            self.asked.authority(),
            self.asked.filename
        );
    }

    /// Takes the server's own name off.
    fn reduce(&mut self) {
        let protocol = if self.asked.is_https {
            "https://"
        } else {
            "http://"
        };
        let name = &self.asked.filename;
        let Some(rest) = name.strip_prefix(protocol) else {
            return;
        };
        let end = rest.find('/').unwrap_or(rest.len());
        if rest[..end] == *self.asked.authority() {
            let path = if end == rest.len() { "/" } else { &rest[end..] };
            self.asked.filename = path.to_owned();
            self.is_reduced = true;
        }
    }

    /// The groups of the conditions, if they hold.
    fn conds(&mut self, rule: &Rule, groups: &Groups) -> Known<Option<Groups>> {
        let mut found = Groups::default();
        let mut at = 0;
        while let Some(cond) = rule.conds.get(at) {
            at += 1;
            let holds = self.cond(cond, groups, &mut found)?;
            if cond.is_or {
                if holds {
                    while rule.conds.get(at - 1).is_some_and(|cond| cond.is_or) {
                        at += 1;
                    }
                }
            } else if !holds {
                return Ok(None);
            }
        }
        Ok(Some(found))
    }

    fn cond(&self, cond: &Cond, groups: &Groups, found: &mut Groups) -> Known<bool> {
        let input = match &cond.test {
            Test::Expr(_) => String::new(),
            _ => self.expand(&cond.input, groups, found, false)?.text,
        };
        let holds = match &cond.test {
            Test::Pattern(pattern) => {
                let matched = pattern.groups(&input)?;
                let is_match = matched.is_some();
                if let Some(matched) = matched.filter(|_| !cond.is_negated) {
                    *found = matched;
                }
                is_match
            }
            Test::File(letter) => self.file(*letter, &input)?,
            Test::Compare(operator, text) => compared(operator, &input, text, cond.ignores_case),
            Test::Number(operator, number) => numbered(operator, &input, *number),
            Test::Expr(expr) => expr.holds(self.asked)?,
            Test::Other(test) => return unknown(format!("RewriteCond {} {test}", cond.input)),
        };
        Ok(holds != cond.is_negated)
    }

    fn file(&self, letter: char, name: &str) -> Known<bool> {
        if !name.starts_with('/') {
            return Ok(false);
        }
        if matches!(letter, 'l' | 'h' | 'L') {
            return Ok(disk::is_link(self.asked.files, name));
        }
        let found = disk::stat(self.asked.files, name)?;
        Ok(match letter {
            'f' => found == Found::File,
            'd' => found == Found::Directory,
            's' => {
                let real = disk::real(self.asked.files, name);
                let length = real.and_then(|real| self.asked.files.len(&real));
                found == Found::File && length.is_some_and(|length| length > 0)
            }
            _ => return unknown(format!("RewriteCond {name} -{letter}")),
        })
    }
}

/// Orders texts as the module does: by length first.
fn compared(operator: &str, left: &str, right: &str, ignores_case: bool) -> bool {
    let order = if ignores_case {
        left.to_ascii_lowercase().cmp(&right.to_ascii_lowercase())
    } else if operator == "=" {
        left.cmp(right)
    } else {
        left.len().cmp(&right.len()).then_with(|| left.cmp(right))
    };
    match operator {
        "=" => order.is_eq(),
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        _ => order.is_ge(),
    }
}

fn numbered(operator: &str, left: &str, right: i64) -> bool {
    let digits = left.trim_start();
    let end = digits
        .char_indices()
        .find(|&(at, next)| !(next.is_ascii_digit() || at == 0 && next == '-'))
        .map_or(digits.len(), |(at, _)| at);
    let left: i64 = digits[..end].parse().unwrap_or(0);
    match operator {
        "eq" => left == right,
        "ne" => left != right,
        "lt" => left < right,
        "le" => left <= right,
        "gt" => left > right,
        _ => left >= right,
    }
}

/// What a URL starts with, if the server takes the text for one.
pub(in crate::site::apache) fn scheme(text: &str) -> Option<&'static str> {
    const SCHEMES: &[&str] = &[
        "ajp://",
        "balancer://",
        "fcgi://",
        "ftp://",
        "gopher://",
        "h2://",
        "h2c://",
        "http://",
        "https://",
        "ldap:",
        "mailto:",
        "news:",
        "nntp://",
        "scgi://",
        "unix:",
        "uwsgi://",
        "ws://",
        "wss://",
    ];
    let is_start = |scheme: &&&str| {
        text.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    SCHEMES.iter().find(is_start).copied()
}
