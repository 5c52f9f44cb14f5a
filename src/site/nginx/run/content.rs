//! `try_files`, and what sends content.

use crate::finding::Reason;
use crate::site::{Answer, Verdict};

use super::super::config::{Alias, Handler, HandlerKind, TryFiles};
use super::paths::Found;
use super::script::split_args;
use super::{End, Run};

impl Run<'_> {
    pub(super) fn try_files(&mut self) -> Option<End> {
        let tries = self.scope().try_files.as_ref()?;
        Some(match self.try_each(tries) {
            Ok(end) => end?,
            Err(doubt) => End::Doubt(doubt),
        })
    }

    fn try_each(&mut self, tries: &TryFiles) -> Result<Option<End>, String> {
        self.reason(Some(&tries.at));
        let alias = self.scope().root.alias;
        let Some(root) = self.root_path()? else {
            return Ok(Some(End::Status(500)));
        };
        for (index, attempt) in tries.tries.iter().enumerate() {
            let is_last = index + 1 == tries.tries.len();
            if is_last && let Some(code) = tries.code {
                return Ok(Some(End::Status(code)));
            }
            let mut name = self.evaluate(&attempt.path)?;
            // Only what has variables loses the part of the URI that the alias replaces.
            if let Alias::Prefix(length) = alias
                && attempt.path.text().is_none()
                && self
                    .uri
                    .get(..length)
                    .is_some_and(|start| name.starts_with(start))
            {
                name.drain(..length);
            }
            if is_last {
                return Ok(Some(if name.first() == Some(&b'@') {
                    self.named(&name)
                } else {
                    let (uri, args) = split_args(name);
                    self.redirect(uri, args)
                }));
            }
            // The path ends where the system's does.
            let path = [root.as_slice(), &name].concat();
            let is_there = match self.find(&path) {
                Found::File(_) => !attempt.is_directory,
                Found::Directory(_) => attempt.is_directory,
                Found::Unmapped(name) => self.choose(&format!("whether {name} exists")),
                Found::Missing | Found::NotDirectory | Found::Refused => false,
            };
            if !is_there {
                continue;
            }
            match alias {
                Alias::None => self.uri = name,
                Alias::Whole if attempt.is_directory => {}
                Alias::Whole => {
                    self.uri = name;
                    self.add_uri_to_alias = true;
                }
                Alias::Prefix(length) => {
                    self.uri.truncate(length);
                    self.uri.extend(name);
                }
            }
            return Ok(None);
        }
        Ok(None)
    }

    /// The content phase.
    pub(super) fn content(&mut self) -> End {
        if let Some(handler) = &self.scope().handler {
            return self.handled(handler);
        }
        let end = if self.uri.last() == Some(&b'/') {
            self.directory()
        } else {
            self.file()
        };
        end.unwrap_or_else(End::Doubt)
    }

    fn file(&mut self) -> Result<End, String> {
        let Some(path) = self.map_to_path()? else {
            return Ok(End::Status(500));
        };
        let root = self.scope().root.at.clone();
        self.reason(root.as_ref());
        Ok(match self.find(&path) {
            Found::File(name) => {
                let status = self.status.unwrap_or(200);
                End::Done(Answer::new(
                    Verdict::Served,
                    status,
                    Some(name),
                    self.because.clone(),
                ))
            }
            Found::Directory(_) => End::Status(301),
            Found::Missing | Found::NotDirectory => End::Status(404),
            Found::Refused => End::Status(403),
            Found::Unmapped(name) => End::Doubt(format!("whether {name} exists")),
        })
    }

    fn directory(&mut self) -> Result<End, String> {
        let root = self.scope().root.at.clone();
        self.reason(root.as_ref());
        let scope = self.scope();
        let mut is_tested = false;
        for index in scope.index.iter() {
            let mut name = self.evaluate(index)?;
            if name.first() == Some(&b'/') {
                let args = self.args.clone();
                return Ok(self.redirect(name, args));
            }
            let Some(directory) = self.map_to_path()? else {
                return Ok(End::Status(500));
            };
            let path = [directory.as_slice(), &name].concat();
            match self.find(&path) {
                Found::NotDirectory => return Ok(End::Status(404)),
                Found::Refused => return Ok(End::Status(403)),
                Found::Unmapped(name) if !self.choose(&format!("whether {name} exists")) => {
                    continue;
                }
                Found::File(_) | Found::Directory(_) | Found::Unmapped(_) => {}
                Found::Missing => {
                    if !is_tested && let Some(end) = self.test_directory(&directory) {
                        return Ok(end);
                    }
                    is_tested = true;
                    continue;
                }
            }
            let mut uri = self.uri.clone();
            uri.append(&mut name);
            let args = self.args.clone();
            return Ok(self.redirect(uri, args));
        }
        match &scope.autoindex {
            Some(at) => self.list(at),
            None => Ok(End::Status(403)),
        }
    }

    /// After a missing index: whether there is a directory at all.
    fn test_directory(&mut self, directory: &[u8]) -> Option<End> {
        // Up to the slash before the index's name, without it.
        let path = directory.strip_suffix(b"/").unwrap_or(directory);
        match self.find(path) {
            Found::Missing => Some(End::Status(404)),
            Found::Refused => Some(End::Status(403)),
            Found::File(_) | Found::NotDirectory => Some(End::Status(500)),
            Found::Directory(_) | Found::Unmapped(_) => None,
        }
    }

    fn list(&mut self, at: &Reason) -> Result<End, String> {
        self.reason(Some(at));
        let Some(mut path) = self.map_to_path()? else {
            return Ok(End::Status(500));
        };
        if path.len() > 1 {
            path.pop();
        }
        Ok(match self.find(&path) {
            Found::Directory(name) => {
                let status = self.status.unwrap_or(200);
                let mut answer =
                    Answer::new(Verdict::Served, status, Some(name), self.because.clone());
                answer.is_listing = true;
                End::Done(answer)
            }
            Found::Unmapped(name) => End::Doubt(format!("whether {name} exists")),
            _ => End::Status(404),
        })
    }

    fn handled(&mut self, handler: &Handler) -> End {
        self.reason(Some(&handler.at));
        let done = |run: &Self, verdict, file| {
            let status = run.status.unwrap_or(200);
            End::Done(Answer::new(verdict, status, file, run.because.clone()))
        };
        match handler.kind {
            HandlerKind::Fixed => done(self, Verdict::NotMapped, None),
            HandlerKind::Application => done(self, Verdict::Executed, None),
            HandlerKind::Proxy => End::Doubt(format!(
                "what the server behind `{}` answers",
                handler.at.directive
            )),
            HandlerKind::FastCgi => self.fastcgi(),
        }
    }

    fn fastcgi(&mut self) -> End {
        let scope = self.scope();
        let param = scope
            .params
            .iter()
            .rev()
            .find(|(name, _)| name == "SCRIPT_FILENAME");
        let Some((_, value)) = param else {
            // Some application that needs no file.
            return self.executed(None);
        };
        let path = match self.evaluate(value) {
            Ok(path) => path,
            Err(doubt) => return End::Doubt(doubt),
        };
        match self.find(&path) {
            Found::File(name) if is_php(&name) => self.executed(Some(name)),
            // PHP-FPM runs no other files unless it is told to (`security.limit_extensions`):
            // https://www.php.net/manual/en/install.fpm.configuration.php
            Found::File(name) => {
                End::Doubt(format!("whether the FastCGI server runs or sends {name}"))
            }
            Found::Unmapped(name) => self.executed(Some(name)),
            Found::Missing | Found::NotDirectory | Found::Refused | Found::Directory(_) => {
                self.because.push(Reason::fact(
                    "PHP answers 404 to a script that is not there",
                ));
                if scope.intercepts_errors {
                    return End::Status(404);
                }
                let status = self.status.unwrap_or(404);
                End::Done(Answer::new(
                    Verdict::NotMapped,
                    status,
                    None,
                    self.because.clone(),
                ))
            }
        }
    }

    fn executed(&self, file: Option<String>) -> End {
        let status = self.status.unwrap_or(200);
        End::Done(Answer::new(
            Verdict::Executed,
            status,
            file,
            self.because.clone(),
        ))
    }
}

fn is_php(name: &str) -> bool {
    let end = name.rsplit('.').next().unwrap_or_default();
    matches!(end, "php" | "phar" | "php5" | "php7" | "php8" | "phtml")
}
