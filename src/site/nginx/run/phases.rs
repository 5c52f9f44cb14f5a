//! From stage to stage.

use crate::site::{Answer, Verdict};

use super::super::config::ErrorPage;
use super::locate::Located;
use super::script::split_args;
use super::{End, MAX_STEPS, MAX_VALUE, Run, Stage};

impl Run<'_> {
    /// Runs the phases from a stage on.
    pub(super) fn phases(&mut self, stage: Stage) -> End {
        if self.steps > MAX_STEPS || self.uri.len() > MAX_VALUE {
            return End::Doubt("the configuration is too deep to follow".to_owned());
        }
        if let Some(reason) = self.scope().doubts.first() {
            let directive = reason.directive.clone();
            let reason = reason.clone();
            self.reason(Some(&reason));
            return End::Doubt(format!("what `{directive}` does"));
        }
        match stage {
            Stage::ServerRewrite => match self.rewrite() {
                Some(end) => end,
                None => {
                    if self.uri_changed {
                        // The post-rewrite phase of the server's level leads to the same place.
                        self.uri_changed = false;
                    }
                    End::Go(Stage::FindLocation)
                }
            },
            Stage::FindLocation => self.find_location(),
            Stage::LocationRewrite => self.location_phases(),
        }
    }

    fn find_location(&mut self) -> End {
        self.uri_changed = false;
        self.scope = self.server().scope;
        let located = match self.locate() {
            Ok(located) => located,
            Err(doubt) => return End::Doubt(doubt),
        };
        let scope = self.scope();
        if scope.at != self.asked.config.scopes[self.server().scope].at {
            self.reason(scope.at.as_ref());
        }
        if !self.is_internal && scope.internal.is_some() {
            self.reason(scope.internal.as_ref());
            return End::Status(404);
        }
        if located == Located::Redirect {
            self.limit_except();
            return End::Status(301);
        }
        self.limit_except();
        End::Go(Stage::LocationRewrite)
    }

    /// Methods that are not listed are under other rules; what is asked is always a GET.
    pub(super) fn limit_except(&mut self) {
        if let Some((false, scope)) = self.scope().limit_except {
            self.scope = scope;
            let at = self.scope().at.clone();
            self.reason(at.as_ref());
        }
    }

    fn location_phases(&mut self) -> End {
        let is_server = self.scope == self.server().scope;
        if !is_server && let Some(end) = self.rewrite() {
            return end;
        }
        if let Some(reason) = self.scope().doubts.first().cloned() {
            self.reason(Some(&reason));
            return End::Doubt(format!("what `{}` does", reason.directive));
        }
        if self.uri_changed {
            self.uri_changes = self.uri_changes.saturating_sub(1);
            if self.uri_changes == 0 {
                return End::Status(500);
            }
            return End::Go(Stage::FindLocation);
        }
        if let Some(end) = self.access() {
            return end;
        }
        match self.try_files() {
            Some(end) => end,
            None => self.content(),
        }
    }

    /// Handles the end of a phase: an error page, another stage, or the answer.
    pub(super) fn settle(&mut self, end: End) -> Result<Stage, Answer> {
        match end {
            End::Go(stage) => Ok(stage),
            End::Done(answer) => Err(answer),
            End::Doubt(what) => Err(Answer::unknown(what, self.because.clone())),
            End::Status(status) => {
                self.status = Some(status);
                let scope = self.scope();
                if !self.in_error_page && !scope.error_pages.is_empty() && self.uri_changes != 0 {
                    self.in_error_page = !scope.recursive_errors;
                    let page = scope.error_pages.iter().find(|page| page.status == status);
                    if let Some(page) = page {
                        return self.error_page(page);
                    }
                }
                Err(self.refusal(status))
            }
        }
    }

    fn error_page(&mut self, page: &ErrorPage) -> Result<Stage, Answer> {
        self.reason(Some(&page.at));
        if let Some(overwrite) = page.overwrite {
            self.status = (overwrite > 0).then_some(overwrite);
        }
        let target = match self.evaluate(&page.target) {
            Ok(target) => target,
            Err(doubt) => return Err(Answer::unknown(doubt, self.because.clone())),
        };
        match target.first() {
            Some(b'/') => {
                let (uri, args) = split_args(target);
                let end = self.redirect(uri, args);
                self.settle_redirect(end)
            }
            Some(b'@') => {
                let end = self.named(&target);
                self.settle_redirect(end)
            }
            _ => {
                let keeps = matches!(page.overwrite, Some(301 | 302 | 303 | 307 | 308));
                let status = if keeps {
                    page.overwrite.unwrap_or(302)
                } else {
                    302
                };
                self.status = Some(status);
                Err(self.refusal(status))
            }
        }
    }

    fn settle_redirect(&mut self, end: End) -> Result<Stage, Answer> {
        match end {
            End::Go(stage) => Ok(stage),
            End::Status(status) => {
                self.status = Some(status);
                Err(self.refusal(status))
            }
            End::Done(answer) => Err(answer),
            End::Doubt(what) => Err(Answer::unknown(what, self.because.clone())),
        }
    }

    /// An internal redirect.
    pub(super) fn redirect(&mut self, uri: Vec<u8>, args: Vec<u8>) -> End {
        self.uri_changes = self.uri_changes.saturating_sub(1);
        if self.uri_changes == 0 {
            return End::Status(500);
        }
        self.uri = uri;
        self.args = args;
        self.scope = self.server().scope;
        self.is_internal = true;
        self.add_uri_to_alias = false;
        self.valid_location = true;
        if self.uri.is_empty() {
            return End::Doubt("where an internal redirect to nothing leads".to_owned());
        }
        End::Go(Stage::ServerRewrite)
    }

    /// To a named location.
    pub(super) fn named(&mut self, name: &[u8]) -> End {
        self.uri_changes = self.uri_changes.saturating_sub(1);
        let name = String::from_utf8_lossy(name);
        let scope = self.server().named.get(&*name).copied();
        let Some(scope) = scope.filter(|_| self.uri_changes > 0) else {
            return End::Status(500);
        };
        self.is_internal = true;
        self.uri_changed = false;
        self.scope = scope;
        let at = self.scope().at.clone();
        self.reason(at.as_ref());
        self.limit_except();
        End::Go(Stage::LocationRewrite)
    }

    /// The answer without a file.
    fn refusal(&mut self, status: u16) -> Answer {
        let verdict = match status {
            0..=399 | 404 | 410 => Verdict::NotMapped,
            _ => Verdict::Denied,
        };
        let file = (status >= 400).then(|| self.file_meant()).flatten();
        let sent = self.status.filter(|_| status >= 300).unwrap_or(status);
        Answer::new(verdict, sent, file, self.because.clone())
    }

    /// The file that the URL stands for, if there is one.
    fn file_meant(&mut self) -> Option<String> {
        let path = self.map_to_path().ok()??;
        match self.find(&path) {
            super::paths::Found::File(name) => Some(name),
            _ => None,
        }
    }
}
