//! Which sections are for a request, and in which order they count.
//!
//! <https://httpd.apache.org/docs/2.4/sections.html#merging>

use std::sync::Arc;

use crate::finding::Reason;

use super::Apache;
use super::config::{Site, depth};
use super::disk::{self, Found};
use super::expr::Expr;
use super::modules::class;
use super::pattern::glob;
use super::process::{Step, Stop};
use super::request::Asked;
use super::settings::{If, Matches, Section, Settings, option};
use super::tree::Known;

/// `<If>` in `<If>`.
const MAX_DEPTH: usize = 8;

/// A walk down to a file.
pub(super) struct Walk<'a, 'f> {
    pub(super) apache: &'a Apache,
    pub(super) site: &'a Site,
    pub(super) asked: &'a mut Asked<'f>,
    pub(super) settings: Settings,
    pub(super) why: &'a mut Vec<Arc<Reason>>,
}

impl Walk<'_, '_> {
    /// Goes down the directories of the file's name, and says what is there.
    pub(super) fn directories(&mut self) -> Step<Found> {
        let name = std::mem::take(&mut self.asked.filename);
        let found = disk::stat(self.asked.files, &name)?;
        let parts: Vec<&str> = name.split('/').filter(|part| !part.is_empty()).collect();
        let ends_with_slash = name.len() > 1 && name.ends_with('/');
        let mut done = String::new();
        self.level("/", 0)?;
        let mut result = found;
        let mut taken = 0;
        for (index, part) in parts.iter().enumerate() {
            done = format!("{done}/{part}");
            taken = index + 1;
            let bits = self.settings.options.bits();
            let is_trusted = bits & (option::FOLLOW | option::OWNER) == option::FOLLOW;
            if found != Found::Nothing && is_trusted {
                self.level(&done, index + 1)?;
                continue;
            }
            if disk::is_link(self.asked.files, &done)
                && bits & (option::FOLLOW | option::OWNER) == 0
            {
                self.why.extend(self.settings.options_why.clone());
                return Err(Stop::Status(403));
            }
            let here = disk::stat(self.asked.files, &done)?;
            if here == Found::Nothing && disk::is_link(self.asked.files, &done) {
                return Err(Stop::Status(403));
            }
            result = here;
            if here != Found::Directory {
                break;
            }
            self.level(&done, index + 1)?;
        }
        let rest = parts[taken..].join("/");
        let is_directory = result == Found::Directory;
        self.asked.path_info = match (rest.is_empty(), ends_with_slash && !is_directory) {
            (true, false) => String::new(),
            (true, true) => "/".to_owned(),
            (false, is_ended) => format!("/{rest}{}", if is_ended { "/" } else { "" }),
        };
        if done.is_empty() || (is_directory && ends_with_slash) {
            done.push('/');
        }
        self.asked.filename = done;
        self.patterns()?;
        Ok(result)
    }

    /// What holds for one directory on the way: sections first, then its own file.
    fn level(&mut self, directory: &str, level: usize) -> Step<()> {
        for section in &self.site.directories {
            let is_here = match &section.matches {
                Matches::Pattern(_) => break,
                Matches::Name(name) => name == directory,
                Matches::Glob(name) => depth(name) == level && glob(name, directory, true),
            };
            if is_here {
                self.settings.merge(&section.settings);
            }
        }
        let allowed = self.settings.allow_override.as_ref();
        let may_override = allowed.is_some_and(|allowed| allowed.value.classes != class::NONE);
        let has_list = self
            .settings
            .override_list
            .as_ref()
            .is_some_and(|list| !list.is_empty());
        if !may_override && !has_list {
            return Ok(());
        }
        let names = self.site.access_names();
        let here = self
            .apache
            .access_file(directory, &names, &self.settings, self.asked.files);
        match here? {
            None => Ok(()),
            Some(Ok(settings)) => {
                self.settings.merge(&settings);
                Ok(())
            }
            Some(Err(error)) => {
                self.why.push(Arc::new(error));
                Err(Stop::Status(500))
            }
        }
    }

    /// `<DirectoryMatch>` comes after all plain ones.
    fn patterns(&mut self) -> Known<()> {
        for section in &self.site.directories {
            if let Matches::Pattern(pattern) = &section.matches
                && pattern.is_match(&self.asked.filename)?
            {
                self.settings.merge(&section.settings);
            }
        }
        Ok(())
    }

    /// `<Files>`, by the last part of the name.
    pub(super) fn files(&mut self) -> Known<()> {
        let name = self
            .asked
            .filename
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_owned();
        let mut merged = Settings::default();
        for section in self.settings.files.clone() {
            if fits(&section, &name)? {
                merged.merge(&section.settings);
            }
        }
        self.settings.merge(&merged);
        Ok(())
    }

    /// `<Location>`, by the URL.
    pub(super) fn locations(&mut self) -> Known<()> {
        let mut merged = Settings::default();
        for section in &self.site.locations {
            let uri = &self.asked.uri;
            let is_here = match &section.matches {
                Matches::Name(name) => starts(uri, name),
                Matches::Glob(name) => glob(name, uri, true),
                Matches::Pattern(pattern) => pattern.is_match(uri)?,
            };
            if is_here {
                merged.merge(&section.settings);
            }
        }
        self.settings.merge(&merged);
        Ok(())
    }

    /// `<If>`, last of all.
    pub(super) fn conditions(&mut self) -> Known<()> {
        let all = self.settings.ifs.clone();
        self.chosen(&all, 0)
    }

    fn chosen(&mut self, all: &[Arc<If>], depth: usize) -> Known<()> {
        let mut holds = false;
        for section in all {
            if section.is_else && holds {
                continue;
            }
            holds = match &section.condition {
                Some(condition) => self.holds(condition, section)?,
                None => true,
            };
            if holds {
                self.settings.merge(&section.settings);
                if depth < MAX_DEPTH {
                    self.chosen(&section.settings.ifs, depth + 1)?;
                }
            }
        }
        Ok(())
    }

    fn holds(&mut self, condition: &Expr, section: &If) -> Known<bool> {
        let holds = condition.holds(self.asked)?;
        if holds {
            self.why.push(Arc::clone(&section.why));
        }
        Ok(holds)
    }
}

fn fits(section: &Section, name: &str) -> Known<bool> {
    Ok(match &section.matches {
        Matches::Name(wanted) => wanted == name,
        Matches::Glob(wanted) => glob(wanted, name, true),
        Matches::Pattern(pattern) => pattern.is_match(name)?,
    })
}

/// A location is for everything below it.
fn starts(uri: &str, location: &str) -> bool {
    match uri.strip_prefix(location) {
        Some(rest) => location.ends_with('/') || rest.is_empty() || rest.starts_with('/'),
        None => false,
    }
}
