//! The rewrite module's steps.

use super::super::config::{Code, Condition, Flag, Rewrite};
use super::super::pattern::Pattern;
use super::paths::Found;
use super::{End, Run};

impl Run<'_> {
    /// Runs the steps of the scope at hand. Nothing, if processing goes on.
    pub(super) fn rewrite(&mut self) -> Option<End> {
        let codes = &self.scope().codes;
        let mut at = 0;
        let mut is_first = true;
        while let Some(code) = codes.get(at) {
            self.steps += 1;
            at += 1;
            match code {
                Code::Break => {
                    if self.uri_changed {
                        self.valid_location = false;
                        self.uri_changed = false;
                    }
                    return None;
                }
                Code::Set { name, value } => {
                    let value = self.evaluate_quoted(value, is_first);
                    match (name.as_str(), value) {
                        ("args", Ok(value)) => self.args = value,
                        (_, value) => {
                            self.set.insert(name.clone(), value);
                        }
                    }
                }
                Code::Return { status, text, at } => {
                    self.reason(Some(at));
                    return Some(self.returned(*status, text.is_some()));
                }
                Code::If {
                    condition,
                    scope,
                    next,
                    at: reason,
                } => match self.holds(condition, is_first) {
                    Ok(true) => {
                        self.reason(Some(reason));
                        if let Some(scope) = scope {
                            self.scope = *scope;
                        }
                    }
                    Ok(false) => at = *next,
                    Err(end) => return Some(end),
                },
                Code::Rewrite(rewrite) => {
                    let uri = self.uri.clone();
                    match self.matches_anew(&rewrite.pattern, &uri) {
                        Ok(false) => {}
                        Ok(true) => {
                            self.reason(Some(&rewrite.at));
                            is_first = false;
                            if let Some(end) = self.replace(rewrite) {
                                return Some(end);
                            }
                            if rewrite.flag != Flag::None {
                                return None;
                            }
                        }
                        Err(doubt) => return Some(End::Doubt(doubt)),
                    }
                }
            }
        }
        None
    }

    fn returned(&mut self, status: u16, has_text: bool) -> End {
        let is_redirect = matches!(status, 301..=303 | 307 | 308);
        if (status < 400 || has_text) && !is_redirect && !matches!(status, 201 | 204) {
            // A text of its own, which no error page replaces.
            let sent = self.status.unwrap_or(status);
            let verdict = if status < 400 {
                crate::site::Verdict::NotMapped
            } else {
                crate::site::Verdict::Denied
            };
            return End::Done(crate::site::Answer::new(
                verdict,
                sent,
                None,
                self.because.clone(),
            ));
        }
        End::Status(status)
    }

    fn replace(&mut self, rewrite: &Rewrite) -> Option<End> {
        if let Flag::Redirect(status) = rewrite.flag {
            return Some(End::Status(status));
        }
        self.is_internal = true;
        if rewrite.flag == Flag::Break {
            self.valid_location = false;
            self.uri_changed = false;
        } else {
            self.uri_changed = true;
        }
        let (uri, args) = match self.evaluate_uri(&rewrite.replacement) {
            Ok(parts) => parts,
            Err(doubt) => return Some(End::Doubt(doubt)),
        };
        match args {
            Some(mut args) => {
                if rewrite.adds_args && !self.args.is_empty() {
                    args.push(b'&');
                    args.extend_from_slice(&self.args);
                }
                self.args = args;
            }
            None if !rewrite.adds_args => self.args.clear(),
            None => {}
        }
        self.uri = uri;
        self.uri.is_empty().then_some(End::Status(500))
    }

    /// Matches, and keeps the groups.
    pub(super) fn matches(&mut self, pattern: &Pattern, subject: &[u8]) -> Result<bool, String> {
        self.steps += 1;
        match pattern.find(subject) {
            Ok(Some(found)) => {
                for (name, value) in found.named {
                    self.set.insert(name, Ok(value));
                }
                self.captures = found.groups.into_iter().map(Ok).collect();
                Ok(true)
            }
            Ok(None) => Ok(false),
            Err(()) => {
                let doubt = format!("whether the pattern `{}` matches", pattern.text);
                let is_match = self.choose(&doubt);
                if is_match {
                    self.captures = vec![Err(doubt); 10];
                }
                Ok(is_match)
            }
        }
    }

    /// The same among the rewrite module's steps, where groups are forgotten if nothing matches.
    fn matches_anew(&mut self, pattern: &Pattern, subject: &[u8]) -> Result<bool, String> {
        let is_match = self.matches(pattern, subject)?;
        if !is_match {
            self.captures.clear();
        }
        Ok(is_match)
    }

    fn holds(&mut self, condition: &Condition, is_quoted: bool) -> Result<bool, End> {
        let decide = |run: &mut Self, value: Result<bool, String>| match value {
            Ok(holds) => holds,
            Err(doubt) => run.choose(&doubt),
        };
        let (negated, value) = match condition {
            Condition::True(name) => {
                let value = self.variable(name);
                (false, value.map(|value| !value.is_empty() && value != b"0"))
            }
            Condition::Equal {
                variable,
                value,
                negated,
            } => {
                let have = self.variable(variable);
                let want = self.evaluate_quoted(value, is_quoted);
                (*negated, have.and_then(|have| Ok(have == want?)))
            }
            Condition::Match {
                variable,
                pattern,
                negated,
            } => match self.variable(variable) {
                Ok(subject) => (*negated, self.matches_anew(pattern, &subject)),
                Err(doubt) => {
                    let is_match = self.choose(&doubt);
                    self.captures = if is_match {
                        vec![Err(doubt); 10]
                    } else {
                        Vec::new()
                    };
                    (*negated, Ok(is_match))
                }
            },
            Condition::File {
                test,
                path,
                negated,
            } => {
                let path = self.evaluate_quoted(path, is_quoted);
                let value = match path {
                    Ok(path) => self.test_file(*test, &path)?,
                    Err(doubt) => Err(doubt),
                };
                (*negated, value)
            }
        };
        Ok(decide(self, value) != negated)
    }

    fn test_file(&mut self, test: char, path: &[u8]) -> Result<Result<bool, String>, End> {
        if path.is_empty() {
            return Ok(Ok(false));
        }
        let found = self.find(path);
        Ok(Ok(match (test, found) {
            (_, Found::Unmapped(name)) => return Ok(Err(format!("whether {name} exists"))),
            ('f', Found::File(_))
            | ('d', Found::Directory(_))
            | ('e', Found::File(_) | Found::Directory(_)) => true,
            ('x', Found::File(name) | Found::Directory(name)) => match self.asked.files.mode(&name)
            {
                Some(mode) => mode & 0o111 != 0,
                None => return Ok(Err(format!("whether {name} is executable"))),
            },
            _ => false,
        }))
    }
}

/// Cuts at the first question mark.
pub(super) fn split_args(mut uri: Vec<u8>) -> (Vec<u8>, Vec<u8>) {
    match uri.iter().position(|&byte| byte == b'?') {
        Some(at) => {
            let args = uri.split_off(at + 1);
            uri.truncate(at);
            (uri, args)
        }
        None => (uri, Vec::new()),
    }
}
