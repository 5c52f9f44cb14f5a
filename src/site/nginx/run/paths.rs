//! From URIs to files.

use crate::input::Kind;

use super::super::config::{Alias, Symlinks};
use super::Run;

const MAX_PATH: usize = 4096;
const MAX_NAME: usize = 255;
const MAX_LINKS: usize = 40;
const MAX_PARTS: usize = 400;

/// What a path leads to.
pub(super) enum Found {
    File(String),
    Directory(String),
    Missing,
    /// Something on the way is no directory, or the name is too long.
    NotDirectory,
    /// A link that may not be followed, or too many of them.
    Refused,
    /// It lies where nothing can be looked at.
    Unmapped(String),
}

impl Run<'_> {
    /// `ngx_http_map_uri_to_path`: nothing, where nginx answers 500.
    pub(super) fn map_to_path(&mut self) -> Result<Option<Vec<u8>>, String> {
        let Some(mut path) = self.root_path()? else {
            return Ok(None);
        };
        match self.scope().root.alias {
            Alias::Whole if !self.add_uri_to_alias => {}
            Alias::Whole | Alias::None => path.extend_from_slice(&self.uri),
            Alias::Prefix(length) => {
                path.extend_from_slice(self.uri.get(length..).unwrap_or_default());
            }
        }
        Ok(Some(path))
    }

    /// The part of the path before the URI's.
    pub(super) fn root_path(&mut self) -> Result<Option<Vec<u8>>, String> {
        let root = &self.scope().root;
        if root.alias != Alias::None && !self.valid_location {
            return Ok(None);
        }
        let mut path = self.evaluate(&root.path)?;
        // Relative ones, which variables may make, are below the prefix.
        if root.path.text().is_none() && path.first() != Some(&b'/') {
            path.splice(0..0, *b"/etc/nginx/");
        }
        Ok(Some(path))
    }

    /// Looks a path up as the system does, links included.
    pub(super) fn find(&mut self, path: &[u8]) -> Found {
        let Ok(path) = std::str::from_utf8(path) else {
            return Found::Missing;
        };
        if path.is_empty() {
            return Found::Missing;
        }
        if path.len() >= MAX_PATH || path.contains('\0') {
            return Found::NotDirectory;
        }
        let needs_directory = path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..");
        let parts = path.split('/').rev().map(str::to_owned).collect();
        match self.walk(parts) {
            Found::File(_) if needs_directory => Found::NotDirectory,
            found => found,
        }
    }

    /// `rest` holds what is still to be walked, the next part last.
    fn walk(&mut self, mut rest: Vec<String>) -> Found {
        let files = self.asked.files;
        let mut name = String::new();
        let mut links = 0;
        while let Some(part) = rest.pop() {
            match part.as_str() {
                "" | "." => continue,
                ".." => {
                    let up = name.rfind('/').unwrap_or(0);
                    name.truncate(up);
                    continue;
                }
                _ => {}
            }
            if part.len() > MAX_NAME || name.len() + part.len() > MAX_PATH {
                return Found::NotDirectory;
            }
            let parent = name.len();
            name.push('/');
            name.push_str(&part);
            match files.kind(&name) {
                Kind::Directory => {}
                Kind::Missing => return Found::Missing,
                Kind::Unmapped => return Found::Unmapped(name),
                Kind::File if rest.iter().all(String::is_empty) => return Found::File(name),
                Kind::File => return Found::NotDirectory,
                Kind::Link => {
                    links += 1;
                    match self.scope().symlinks {
                        // Of a link on the way, the system says that it is no directory.
                        Symlinks::Refuse if rest.iter().any(|part| !part.is_empty()) => {
                            return Found::NotDirectory;
                        }
                        Symlinks::Refuse => return Found::Refused,
                        Symlinks::IfOwner
                            if !self.choose("whether the link and its target have one owner") =>
                        {
                            return Found::Refused;
                        }
                        _ => {}
                    }
                    let Some(target) = files.target(&name) else {
                        return Found::Missing;
                    };
                    if links > MAX_LINKS || rest.len() > MAX_PARTS {
                        return Found::Refused;
                    }
                    name.truncate(if target.starts_with('/') { 0 } else { parent });
                    rest.extend(target.split('/').rev().map(str::to_owned));
                }
            }
        }
        if name.is_empty() {
            name.push('/');
        }
        Found::Directory(name)
    }
}
