//! Which modules are there, which directive belongs to which, and where it may stand.
//!
//! <https://httpd.apache.org/docs/2.4/mod/quickreference.html>

mod access;
mod mapping;
mod others;

use std::collections::BTreeSet;

/// What `AllowOverride` lets a `.htaccess` file do, as bits.
pub(super) mod class {
    pub(in crate::site::apache) const NONE: u8 = 0;
    pub(in crate::site::apache) const AUTH_CONFIG: u8 = 1;
    pub(in crate::site::apache) const FILE_INFO: u8 = 2;
    pub(in crate::site::apache) const INDEXES: u8 = 4;
    pub(in crate::site::apache) const LIMIT: u8 = 8;
    pub(in crate::site::apache) const OPTIONS: u8 = 16;
    pub(in crate::site::apache) const ALL: u8 = 31;
}

/// A module, a class, and directives of the module. Of these `.htaccess` may hold any that are in the class; the rest of
/// a module's directives are for the server's files.
type Row = (&'static str, u8, &'static [&'static str]);

/// Modules by the names that `IfModule` knows, without `mod_` and `.c`, `_module`.
#[derive(Debug, Clone, Default)]
pub(super) struct Modules {
    loaded: BTreeSet<String>,
    /// Every `LoadModule` was seen.
    pub(super) is_complete: bool,
}

/// Part of every build.
const BUILT_IN: &[&str] = &[
    "core",
    "http",
    "so",
    "http_core",
    "unixd",
    "log_config",
    "logio",
    "version",
    "watchdog",
];

impl Modules {
    pub(super) fn load(&mut self, name: &str) {
        self.loaded.insert(base(name));
    }

    /// Whether a module is there; `None` if not all are known.
    pub(super) fn has(&self, name: &str) -> Option<bool> {
        let name = base(name);
        if BUILT_IN.contains(&&*name) || self.loaded.contains(&name) {
            return Some(true);
        }
        self.is_complete.then_some(false)
    }

    /// Whether it is there as far as is known.
    pub(super) fn is_loaded(&self, name: &str) -> bool {
        self.has(name) == Some(true)
    }

    /// Whether PHP runs inside of the server.
    pub(super) fn has_php(&self) -> bool {
        self.loaded.iter().any(|name| name.starts_with("php"))
    }
}

/// `mod_rewrite.c` and `rewrite_module` are `rewrite`.
fn base(name: &str) -> String {
    let name = name.trim().to_ascii_lowercase();
    let name = name.strip_suffix(".c").unwrap_or(&name);
    let name = name.strip_suffix("_module").unwrap_or(name);
    name.strip_prefix("mod_").unwrap_or(name).to_owned()
}

/// A directive's module and class, by its name in lower case; `None` if the directive is not known.
pub(super) fn directive(name: &str) -> Option<(&'static str, u8)> {
    let all = [access::TABLE, mapping::TABLE, others::TABLE];
    all.iter()
        .copied()
        .flatten()
        .find(|(_, _, names)| names.contains(&name))
        .map(|&(module, class, _)| (module, class))
}

/// Directives that change neither which file is sent nor whether.
pub(super) fn is_harmless(name: &str) -> bool {
    matches!(
        directive(name).map(|(module, _)| module),
        Some(
            "headers"
                | "expires"
                | "deflate"
                | "brotli"
                | "filter"
                | "env"
                | "ssl"
                | "http2"
                | "log_config"
                | "negotiation"
                | "autoindex"
                | "php"
                | "reqtimeout"
                | "status"
                | "substitute"
                | "include"
                | "remoteip"
        )
    ) && !matches!(name, "sslrequiressl" | "sslrequire" | "sslverifyclient")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_has_three_names() {
        let mut modules = Modules::default();
        modules.load("rewrite_module");
        assert_eq!(modules.has("mod_rewrite.c"), Some(true));
        assert_eq!(modules.has("mod_alias.c"), None);
        modules.is_complete = true;
        assert_eq!(modules.has("alias_module"), Some(false));
        assert_eq!(
            directive("require"),
            Some(("authz_core", class::AUTH_CONFIG))
        );
        assert!(is_harmless("header") && !is_harmless("require") && !is_harmless("perloptions"));
    }
}
