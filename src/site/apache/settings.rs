//! What holds for a directory, a file or a URL: what its sections set, merged as the server's modules merge it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::finding::Reason;

use super::alias::Alias;
use super::authz::Require;
use super::client::{Allow, Order};
use super::env::SetEnvIf;
use super::expr::Expr;
use super::pattern::Pattern;
use super::rewrite::Rule;

/// A value, and the directive that set it.
#[derive(Debug, Clone)]
pub(super) struct Set<T> {
    pub(super) value: T,
    pub(super) why: Arc<Reason>,
}

/// `Options`, as bits.
pub(super) mod option {
    pub(in crate::site::apache) const INDEXES: u8 = 1;
    pub(in crate::site::apache) const FOLLOW: u8 = 2;
    pub(in crate::site::apache) const OWNER: u8 = 4;
    pub(in crate::site::apache) const EXEC_CGI: u8 = 8;
    pub(in crate::site::apache) const MULTI_VIEWS: u8 = 16;
    pub(in crate::site::apache) const INCLUDES: u8 = 32;
    pub(in crate::site::apache) const ALL: u8 = INDEXES | FOLLOW | EXEC_CGI | INCLUDES;
}

/// `Options`: set as a whole, or changed bit by bit.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Options {
    pub(super) set: Option<u8>,
    pub(super) add: u8,
    pub(super) remove: u8,
}

impl Options {
    /// Another section's options on top.
    pub(super) fn merge(&mut self, over: &Self) {
        if over.set.is_some() {
            *self = *over;
            return;
        }
        self.add = (self.add & !over.remove) | over.add;
        self.remove = (self.remove & !over.add) | over.remove;
        if let Some(bits) = &mut self.set {
            *bits = (*bits & !self.remove) | self.add;
        }
    }

    /// What is in effect; the default is `FollowSymlinks`.
    pub(super) fn bits(&self) -> u8 {
        match self.set {
            Some(bits) => bits,
            None => (option::FOLLOW & !self.remove) | self.add,
        }
    }
}

/// `AllowOverride`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Override {
    pub(super) classes: u8,
    /// Which options `Options=` names.
    pub(super) options: u8,
    /// What is not allowed is skipped.
    pub(super) is_lenient: bool,
}

/// How the `Require` directives of a section join those above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Merging {
    Off,
    And,
    Or,
}

/// What `mod_authz_core` keeps.
#[derive(Debug, Clone, Default)]
pub(super) struct Authz {
    pub(super) merging: Option<Merging>,
    pub(super) require: Option<Require>,
}

/// What `mod_access_compat` keeps; a section with any of it replaces all of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Compat {
    pub(super) order: Order,
    pub(super) allow: Vec<Set<Allow>>,
    pub(super) deny: Vec<Set<Allow>>,
    /// `Satisfy any`.
    pub(super) satisfies_any: Option<Set<bool>>,
    pub(super) order_why: Option<Arc<Reason>>,
}

/// What `mod_rewrite` keeps of a directory.
#[derive(Debug, Clone, Default)]
pub(super) struct Rewrite {
    pub(super) is_on: Option<Set<bool>>,
    pub(super) base: Option<String>,
    /// The directory with a slash at the end; absent for the server as a whole.
    pub(super) directory: Option<String>,
    pub(super) rules: Vec<Arc<Rule>>,
    pub(super) options: Option<BTreeSet<String>>,
}

impl Rewrite {
    fn has(&self, option: &str) -> bool {
        self.options
            .as_ref()
            .is_some_and(|all| all.contains(option))
    }

    pub(super) fn allows_no_slash(&self) -> bool {
        self.has("allownoslash")
    }

    fn merge(&mut self, over: &Self) {
        let below = std::mem::take(self);
        *self = over.clone();
        if self.is_on.is_none() {
            self.is_on.clone_from(&below.is_on);
        }
        if self.options.is_none() {
            self.options.clone_from(&below.options);
        }
        if self.has("mergebase") && self.base.is_none() {
            self.base.clone_from(&below.base);
        }
        let inherits_down = |option| below.has(option) && !self.has("ignoreinherit");
        if self.has("inherit") || inherits_down("inheritdown") {
            self.rules.extend(below.rules.iter().cloned());
        } else if self.has("inheritbefore") || inherits_down("inheritdownbefore") {
            self.rules.splice(0..0, below.rules.iter().cloned());
        }
    }
}

/// What an extension means.
#[derive(Debug, Clone, Default)]
pub(super) struct Extension {
    /// The empty one takes a handler away.
    pub(super) handler: Option<Set<String>>,
    pub(super) content_type: Option<Set<String>>,
}

/// Which names a section is for.
#[derive(Debug, Clone)]
pub(super) enum Matches {
    Name(String),
    Glob(String),
    Pattern(Pattern),
}

/// A section with what it sets.
#[derive(Debug, Clone)]
pub(super) struct Section {
    pub(super) matches: Matches,
    pub(super) settings: Settings,
}

/// `<If>`, `<ElseIf>` or `<Else>`.
#[derive(Debug, Clone)]
pub(super) struct If {
    pub(super) condition: Option<Expr>,
    pub(super) is_else: bool,
    pub(super) settings: Settings,
    pub(super) why: Arc<Reason>,
}

/// PHP's setting `engine`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Engine {
    pub(super) is_on: bool,
    /// By `php_admin_flag`: `php_flag` changes it no more.
    pub(super) is_final: bool,
}

/// All of it. `None` means that nothing was said.
#[derive(Debug, Clone, Default)]
pub(super) struct Settings {
    pub(super) options: Options,
    pub(super) options_why: Option<Arc<Reason>>,
    pub(super) allow_override: Option<Set<Override>>,
    pub(super) override_list: Option<Arc<BTreeSet<String>>>,
    pub(super) files: Vec<Arc<Section>>,
    pub(super) ifs: Vec<Arc<If>>,
    pub(super) authz: Option<Authz>,
    /// The section that the access rules stand in.
    pub(super) access_in: Option<Arc<Reason>>,
    pub(super) auth_type: Option<Set<String>>,
    pub(super) compat: Option<Arc<Compat>>,
    pub(super) handler: Option<Set<String>>,
    pub(super) forced_type: Option<Set<String>>,
    pub(super) extensions: BTreeMap<String, Extension>,
    pub(super) actions: BTreeMap<String, Set<bool>>,
    /// Whether PHP as a module runs what it is asked for; scripts are sent as they are where it does not.
    pub(super) php_engine: Option<Set<Engine>>,
    pub(super) redirects: Vec<Arc<Alias>>,
    /// `Redirect` and `Alias` without a path, in a `<Location>`.
    pub(super) redirect: Option<Set<u16>>,
    pub(super) alias: Option<Set<String>>,
    pub(super) proxy: Option<Set<String>>,
    pub(super) rewrite: Option<Rewrite>,
    pub(super) index: Option<Set<Vec<String>>>,
    pub(super) adds_slash: Option<bool>,
    pub(super) checks_handler: Option<bool>,
    pub(super) index_redirect: Option<bool>,
    pub(super) fallback: Option<Set<String>>,
    pub(super) accepts_path_info: Option<bool>,
    pub(super) env: Vec<Arc<SetEnvIf>>,
    /// What was not understood: it may change anything.
    pub(super) doubts: Vec<Set<String>>,
}

fn over<T: Clone>(below: &mut Option<T>, above: &Option<T>) {
    if above.is_some() {
        below.clone_from(above);
    }
}

impl Settings {
    /// Another section's settings on top of these.
    pub(super) fn merge(&mut self, above: &Self) {
        self.options.merge(&above.options);
        over(&mut self.options_why, &above.options_why);
        over(&mut self.allow_override, &above.allow_override);
        over(&mut self.override_list, &above.override_list);
        self.files.extend(above.files.iter().cloned());
        self.ifs.extend(above.ifs.iter().cloned());
        self.merge_access(above);
        over(&mut self.handler, &above.handler);
        over(&mut self.forced_type, &above.forced_type);
        for (name, extension) in &above.extensions {
            let below = self.extensions.entry(name.clone()).or_default();
            over(&mut below.handler, &extension.handler);
            over(&mut below.content_type, &extension.content_type);
        }
        for (name, action) in &above.actions {
            self.actions.insert(name.clone(), action.clone());
        }
        self.put_engine(&above.php_engine);
        self.redirects.splice(0..0, above.redirects.iter().cloned());
        over(&mut self.redirect, &above.redirect);
        over(&mut self.alias, &above.alias);
        over(&mut self.proxy, &above.proxy);
        if let Some(above) = &above.rewrite {
            self.rewrite.get_or_insert_default().merge(above);
        }
        self.merge_index(above);
        over(&mut self.accepts_path_info, &above.accepts_path_info);
        self.env.extend(above.env.iter().cloned());
        self.doubts.extend(above.doubts.iter().cloned());
    }

    fn merge_access(&mut self, above: &Self) {
        if above.authz.is_some() || above.compat.is_some() {
            self.access_in.clone_from(&above.access_in);
        }
        if let Some(above) = &above.authz {
            let below = self.authz.take().unwrap_or_default();
            self.authz = Some(below.merged(above));
        }
        over(&mut self.auth_type, &above.auth_type);
        over(&mut self.compat, &above.compat);
    }

    /// Another one on top of what was said of PHP's engine.
    pub(super) fn put_engine(&mut self, above: &Option<Set<Engine>>) {
        let is_final =
            |engine: &Option<Set<Engine>>| engine.as_ref().is_some_and(|set| set.value.is_final);
        if is_final(above) || !is_final(&self.php_engine) {
            over(&mut self.php_engine, above);
        }
    }

    fn merge_index(&mut self, above: &Self) {
        over(&mut self.index, &above.index);
        over(&mut self.adds_slash, &above.adds_slash);
        over(&mut self.checks_handler, &above.checks_handler);
        over(&mut self.index_redirect, &above.index_redirect);
        over(&mut self.fallback, &above.fallback);
    }

    pub(super) fn has(&self, option: u8) -> bool {
        self.options.bits() & option != 0
    }
}

impl Authz {
    fn merged(self, above: &Self) -> Self {
        let merging = match above.merging {
            None | Some(Merging::Off) => return above.clone(),
            Some(merging) => merging,
        };
        let require = match (self.require, &above.require) {
            (Some(below), Some(above)) => Some(Require::joined(below, above.clone(), merging)),
            (below, above) => above.clone().or(below),
        };
        Self {
            merging: Some(merging),
            require,
        }
    }
}
