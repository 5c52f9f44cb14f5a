//! Which location a URI belongs to.

use super::super::config::Place;
use super::Run;

/// How the choice ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Located {
    /// An exact location, or a regex.
    Final,
    /// The name of a location without its slash.
    Redirect,
    /// A prefix.
    Prefix,
    /// None: the level itself.
    None,
}

impl Run<'_> {
    /// Moves to the location of the URI, starting from the scope at hand.
    pub(super) fn locate(&mut self) -> Result<Located, String> {
        self.steps += 1;
        let level = self.scope;
        let mut located = self.locate_fixed();
        let mut stops = false;
        if located == Located::Prefix {
            stops = matches!(self.scope().place, Place::Prefix { stops: true, .. });
            // Levels stand in each other no deeper than the builder lets them.
            located = self.locate()?;
            if located == Located::None {
                located = Located::Prefix;
            }
        }
        if matches!(located, Located::Final | Located::Redirect) || stops {
            return Ok(located);
        }
        let config = self.asked.config;
        for &regex in &config.scopes[level].regexes {
            let Place::Regex(pattern) = &config.scopes[regex].place else {
                continue;
            };
            let uri = self.uri.clone();
            if self.matches(pattern, &uri)? {
                self.scope = regex;
                self.locate()?;
                return Ok(Located::Final);
            }
        }
        Ok(located)
    }

    /// The longest prefix, or the exact name.
    fn locate_fixed(&mut self) -> Located {
        let config = self.asked.config;
        let mut best: Option<(usize, usize)> = None;
        let mut without_slash = None;
        for &index in &config.scopes[self.scope].fixed {
            let scope = &config.scopes[index];
            let (name, is_exact) = match &scope.place {
                Place::Exact(name) => (name.as_bytes(), true),
                Place::Prefix { name, .. } => (name.as_bytes(), false),
                _ => continue,
            };
            if is_exact && name == self.uri {
                self.scope = index;
                return Located::Final;
            }
            if !is_exact
                && self.uri.starts_with(name)
                && best.is_none_or(|(length, _)| name.len() > length)
            {
                best = Some((name.len(), index));
            }
            let short = name.strip_suffix(b"/");
            if scope.redirects_to_slash && short == Some(self.uri.as_slice()) {
                without_slash = Some((is_exact, index));
            }
        }
        match (best, without_slash) {
            // A location of just this name goes first.
            (Some((length, index)), _) if length == self.uri.len() => {
                self.scope = index;
                Located::Prefix
            }
            (_, Some((_, index))) => {
                self.scope = index;
                Located::Redirect
            }
            (Some((_, index)), None) => {
                self.scope = index;
                Located::Prefix
            }
            (None, None) => Located::None,
        }
    }
}
