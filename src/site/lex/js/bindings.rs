//! Which name stands for which module, and for which value.

use std::collections::BTreeMap;

use super::script::Script;
use crate::site::lex::token::Kind;

/// What a name is imported as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The module, without `node:`: `express`, `./routes`.
    pub module: String,
    /// What of it; absent for the module itself, its default export included.
    pub member: Option<String>,
}

/// What compilers wrap around `require`.
const INTEROP: &[&str] = &[
    "__importDefault",
    "__importStar",
    "_interopRequireDefault",
    "_interopRequireWildcard",
    "__toESM",
];

impl<'t> Script<'t> {
    /// What a name is imported as.
    pub fn import(&self, name: &str) -> Option<&Import> {
        self.imports.get(name)
    }

    /// Whether a module is imported under any name, or required in passing.
    pub fn imports(&self, module: &str) -> bool {
        let has_name = self.imports.values().any(|import| import.module == module);
        has_name || self.modules().any(|(_, have)| have == module)
    }

    /// Every `require('x')` and `import('x')`, and `import 'x'`, with the index of the first token.
    pub fn modules(&self) -> impl Iterator<Item = (usize, String)> + '_ {
        (0..self.tokens().len()).filter_map(|at| {
            if let Some((module, _)) = self.required(at) {
                return Some((at, module));
            }
            let is_bare = self.is_word(at, "import") || self.is_word(at, "from");
            let name = self.text_at(at + 1).filter(|_| is_bare)?;
            Some((at, module_name(&name)))
        })
    }

    /// The module of a `require('x')` that starts here, and what follows it.
    pub(super) fn required(&self, at: usize) -> Option<(String, usize)> {
        let is_call =
            (self.is_word(at, "require") || self.is_word(at, "import")) && self.is(at + 1, "(");
        let is_member = at > 0 && self.is(at - 1, ".");
        if !is_call || is_member || !self.is(at + 3, ")") {
            return None;
        }
        Some((module_name(&self.text_at(at + 2)?), at + 4))
    }
}

fn module_name(written: &str) -> String {
    written.strip_prefix("node:").unwrap_or(written).to_owned()
}

/// All imports of a script. The first of a name counts.
pub(super) fn imports<'t>(script: &Script<'t>) -> BTreeMap<&'t str, Import> {
    let mut found = BTreeMap::new();
    for at in 0..script.tokens().len() {
        if script.is(at, "=") {
            assigned(script, at, &mut found);
        } else if script.is_word(at, "import") {
            imported(script, at, &mut found);
        }
    }
    found
}

/// `x = require('m').member`, `{ a, b: c } = require('m')`; `at` is the `=`.
fn assigned<'t>(script: &Script<'t>, at: usize, found: &mut BTreeMap<&'t str, Import>) {
    let mut value = at + 1;
    if script.is_word(value, "await") {
        value += 1;
    }
    if INTEROP.contains(&script.word(value)) && script.is(value + 1, "(") {
        value += 2;
    }
    let Some((module, after)) = script.required(value) else {
        return;
    };
    let Some(left) = at.checked_sub(1) else {
        return;
    };
    if script.is(left, "}") {
        if let Some(open) = script.mate(left) {
            members(script, open, &module, found);
        }
        return;
    }
    if script.kind(left) != Kind::Name || is_called(script, after) {
        return;
    }
    let is_member = script.is(after, ".") && script.kind(after + 1) == Kind::Name;
    if is_member && is_called(script, after + 2) {
        return;
    }
    let member = is_member
        .then(|| script.word(after + 1))
        .filter(|&name| name != "default");
    let import = Import {
        module,
        member: member.map(str::to_owned),
    };
    found.entry(script.word(left)).or_insert(import);
}

/// The name is that of a result, then: `app = require('express')()`.
fn is_called(script: &Script<'_>, at: usize) -> bool {
    script.is(at, "(")
}

/// `{ a, b: c, d as e }`; the bracket opens at `open`.
fn members<'t>(
    script: &Script<'t>,
    open: usize,
    module: &str,
    found: &mut BTreeMap<&'t str, Import>,
) {
    let Some(close) = script.mate(open) else {
        return;
    };
    for part in script.split(&(open + 1..close), ",") {
        let start = if script.is_word(part.start, "type") && part.len() > 1 {
            part.start + 1
        } else {
            part.start
        };
        let member = script.word(start);
        let renamed = script.is(start + 1, ":") || script.is_word(start + 1, "as");
        let local = if renamed { start + 2 } else { start };
        if local < part.end && script.kind(local) == Kind::Name {
            let import = Import {
                module: module.to_owned(),
                member: Some(member.to_owned()).filter(|member| member != "default"),
            };
            found.entry(script.word(local)).or_insert(import);
        }
    }
}

/// `import x, { a as b } from 'm'`, `import * as x from 'm'`; `at` is the `import`.
fn imported<'t>(script: &Script<'t>, at: usize, found: &mut BTreeMap<&'t str, Import>) {
    let mut next = at + 1;
    let mut whole = None;
    let mut braces = None;
    // A clause has a default, a comma and one more thing.
    for _ in 0..4 {
        if script.is_word(next, "from") && script.kind(next + 1) == Kind::Text {
            break;
        }
        if script.is(next, "*") && script.is_word(next + 1, "as") {
            whole = Some(next + 2);
            next += 3;
        } else if script.is(next, "{") {
            braces = Some(next);
            next = script.after(next);
        } else if script.kind(next) == Kind::Name && !script.is_word(next, "type") {
            whole = Some(next);
            next += 1;
        } else {
            next += 1;
        }
    }
    let Some(module) = script
        .text_at(next + 1)
        .filter(|_| script.is_word(next, "from"))
    else {
        return;
    };
    let module = module_name(&module);
    if let Some(whole) = whole {
        let import = Import {
            module: module.clone(),
            member: None,
        };
        found.entry(script.word(whole)).or_insert(import);
    }
    if let Some(open) = braces {
        members(script, open, &module, found);
    }
}

/// Where the values of names start. Of a name that is declared twice, or changed later, nothing is known.
pub(super) fn constants<'t>(script: &Script<'t>) -> BTreeMap<&'t str, usize> {
    let mut found: BTreeMap<&str, Option<usize>> = BTreeMap::new();
    for at in 1..script.tokens().len() {
        if !script.is(at, "=") {
            continue;
        }
        if let Some((name, is_declared)) = declared(script, at) {
            let value = is_declared.then_some(at + 1);
            let known = found.entry(name);
            known.and_modify(|known| *known = None).or_insert(value);
        }
    }
    let known = found.into_iter();
    known
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
}

/// The name before an `=`, and whether it is declared there: `const x =`, `let x: string =`.
fn declared<'t>(script: &Script<'t>, at: usize) -> Option<(&'t str, bool)> {
    let keyword = |index: usize| matches!(script.word(index), "const" | "let" | "var");
    let name = at - 1;
    if script.kind(name) != Kind::Name {
        return None;
    }
    if name > 0 && script.is(name - 1, ":") && name > 2 && keyword(name - 3) {
        return Some((script.word(name - 2), true));
    }
    if name > 0 && matches!(script.word(name - 1), "." | "?.") {
        return None;
    }
    let follows = name.checked_sub(1);
    let is_declared = follows.is_some_and(|before| keyword(before) || script.is(before, ","));
    Some((script.word(name), is_declared))
}
