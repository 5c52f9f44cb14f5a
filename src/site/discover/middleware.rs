//! Static middleware in JavaScript and TypeScript.

mod asked;

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::Reason;

use super::super::lex::js::{Call, Expr, Place, Script};
use super::super::mapping::Mapping;
use super::super::model::Hosted;
use super::super::path;
use super::super::server::Software;
use super::super::simple::{Manner, Mount, Simple};
use super::{Found, Search, is_aside};

/// The ends of the names of scripts.
pub(super) const ENDS: &[&str] = &[".js", ".mjs", ".cjs", ".ts"];

/// What a script that serves files has to hold one of.
pub(super) const NEEDLES: &[&str] = &[
    "'express'",
    "\"express\"",
    "static",
    "koa-static",
    "serve-static",
    "fastify/static",
    "fastify-static",
    "usestaticassets",
    "sirv",
    "serve-handler",
    "hapi/inert",
    "createserver(",
    "sendfile(",
];

/// More scripts are not read.
const MAX_SCRIPTS: usize = 2_000;
/// Of a call this much is shown.
const SHOWN: usize = 120;

pub(super) fn find(search: &Search<'_>, found: &mut Found) {
    let index = search.index;
    let mut scripts: BTreeSet<&str> = BTreeSet::new();
    for end in ENDS {
        for needle in NEEDLES {
            scripts.extend(index.holding(end, needle));
        }
    }
    let serves = |script: &str| {
        let (express, packages) = NEEDLES.split_at(2);
        let holds = |needle: &&str| index.holds(script, needle);
        // What goes by the plain word `static` is express: many other scripts hold it.
        (express.iter().any(holds) && index.holds(script, "static"))
            || packages[1..].iter().any(holds)
    };
    let own = scripts
        .into_iter()
        .filter(|script| !is_aside(search.relative(path::parent(script))) && serves(script));
    for file in own.take(MAX_SCRIPTS) {
        let Some(text) = search.files.text(file) else {
            continue;
        };
        let script = Script::new(&text);
        let reading = Reading {
            search,
            file,
            calls: script.calls().collect(),
            script,
            working: search.working(file, &["package.json"]),
        };
        reading.servers(found);
    }
}

struct Reading<'r> {
    search: &'r Search<'r>,
    file: &'r str,
    script: Script<'r>,
    calls: Vec<Call>,
    working: String,
}

/// A call that serves a directory.
struct Static {
    product: &'static str,
    directory: Place,
    options: Option<Expr>,
    /// Under which URL, if the call itself says so.
    url: Option<String>,
}

impl Reading<'_> {
    fn servers(&self, found: &mut Found) {
        let mut products: BTreeMap<&'static str, Vec<Mount>> = BTreeMap::new();
        for call in &self.calls {
            let Some(made) = self.static_of(call) else {
                continue;
            };
            if let Some(mount) = self.mount(&made, call) {
                products.entry(made.product).or_default().push(mount);
            }
        }
        let tree = self.search.tree_of(self.file);
        for (product, mounts) in products {
            found.servers.push(Hosted {
                server: Box::new(Simple::new(Software::Middleware(product), "*", mounts)),
                mapping: Mapping::whole(tree),
                assumed: (product == "node")
                    .then(|| "the program may refuse some paths itself".to_owned()),
                because: Vec::new(),
            });
        }
    }

    fn static_of(&self, call: &Call) -> Option<Static> {
        let mut args = self.script.args(call).into_iter();
        let (first, second) = (args.next()?, args.next());
        let product = match call.callee.as_str() {
            "express.static" | "serve-static" => "express",
            "koa-static" | "koa-static-server" => "koa-static",
            "sirv" => "sirv",
            "serve-handler" => {
                let options = args.next();
                let directory = options
                    .as_ref()
                    .and_then(|options| self.script.entry_of(options, "public"));
                return Some(Static {
                    product: "serve-handler",
                    directory: self.script.place(&directory?)?,
                    options,
                    url: None,
                });
            }
            callee if callee.ends_with(".useStaticAssets") => "express",
            callee if callee.ends_with(".register") => return self.fastify(&first, second),
            callee if callee.ends_with(".route") => return self.hapi(&first),
            _ => return self.asked(call, (&first, second.as_ref())),
        };
        Some(Static {
            product,
            directory: self.script.place(&first)?,
            options: second,
            url: None,
        })
    }

    /// `fastify.register(require('@fastify/static'), { root, prefix })`.
    fn fastify(&self, plugin: &Expr, options: Option<Expr>) -> Option<Static> {
        let source = self.script.source(plugin);
        let is_static = |module: &str| module == "@fastify/static" || module == "fastify-static";
        let is_required = source.contains("@fastify/static") || source.contains("fastify-static");
        if !is_required
            && !self
                .script
                .import(source.trim())
                .is_some_and(|import| is_static(&import.module))
        {
            return None;
        }
        let options = options?;
        let prefix = self.script.entry_of(&options, "prefix");
        let url = prefix.and_then(|prefix| self.script.text(&prefix));
        Some(Static {
            product: "@fastify/static",
            directory: self
                .script
                .place(&self.script.entry_of(&options, "root")?)?,
            options: Some(options),
            url: Some(url.unwrap_or_default()),
        })
    }

    /// `server.route({ path: '/{file*}', handler: { directory: { path, showHidden } } })`.
    fn hapi(&self, route: &Expr) -> Option<Static> {
        let handler = self.script.entry_of(route, "handler")?;
        let options = self.script.entry_of(&handler, "directory")?;
        let path = self.script.text(&self.script.entry_of(route, "path")?)?;
        let url = path.split('{').next().unwrap_or_default().to_owned();
        Some(Static {
            product: "@hapi/inert",
            directory: self
                .script
                .place(&self.script.entry_of(&options, "path")?)?,
            options: Some(options),
            url: Some(url),
        })
    }

    fn mount(&self, made: &Static, call: &Call) -> Option<Mount> {
        let tree = self.search.tree_of(self.file);
        let directory = made.directory.in_tree(self.file, &self.working)?;
        let inside = path::below(tree, &directory)?;
        let url = made.url.clone().or_else(|| self.prefix(call));
        let url = url.unwrap_or_default();
        let shown: String = self
            .script
            .source(&(call.start..call.close + 1))
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .chars()
            .take(SHOWN)
            .collect();
        // The server's names are those below the scanned directory.
        let script = path::inside("/", path::below(tree, self.file)?);
        Some(Mount {
            url: format!("/{}", url.trim_matches('/')),
            dir: path::inside("/", inside),
            manner: self.manner(made),
            at: Reason::at(script, call.line, shown),
        })
    }

    fn text_option(&self, made: &Static, key: &str) -> Option<String> {
        let value = self.script.entry_of(made.options.as_ref()?, key)?;
        self.script.text(&value)
    }

    fn is_set(&self, made: &Static, key: &str) -> bool {
        let value = made
            .options
            .as_ref()
            .and_then(|options| self.script.entry_of(options, key));
        value.is_some_and(|value| self.script.source(&value).trim() != "false")
    }

    fn manner(&self, made: &Static) -> Manner {
        let dotfiles = self.text_option(made, "dotfiles");
        match (made.product, dotfiles.as_deref()) {
            ("node", _) => Manner::sending(
                "fs opens files whose names start with a dot like others (<https://nodejs.org/api/fs.html>)",
            ),
            ("sirv", _) if self.is_set(made, "dev") || self.is_set(made, "dotfiles") => {
                Manner::SIRV_DEV
            }
            ("sirv", _) => Manner::SIRV,
            ("@hapi/inert", _) if self.is_set(made, "showHidden") => Manner::SEND_ALLOW,
            ("@hapi/inert", _) => Manner::INERT,
            ("koa-static", _) if self.is_set(made, "hidden") => Manner::SEND_ALLOW,
            ("serve-handler", _) => Manner::HANDLER,
            (_, Some("allow")) => Manner::SEND_ALLOW,
            (_, Some("deny")) => Manner::SEND_DENY,
            ("@fastify/static", None) => Manner::FASTIFY,
            _ => Manner::SEND,
        }
    }

    /// The path that the surrounding `app.use('/path', …)` names.
    fn prefix(&self, inner: &Call) -> Option<String> {
        let uses = self.calls.iter().filter(|outer| {
            let (_, member) = outer.callee.rsplit_once('.').unwrap_or(("", &outer.callee));
            matches!(member, "use" | "get") && outer.open < inner.start && inner.close < outer.close
        });
        let nearest = uses.max_by_key(|outer| outer.open)?;
        let first = self.script.args(nearest).into_iter().next()?;
        let text = self.script.text(&first)?;
        text.starts_with('/')
            .then(|| text.trim_end_matches(['*', '/']).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Site;

    fn site(script: &str) -> Site {
        Site::of(&[
            ("app/package.json", "{}"),
            ("app/src/server.js", script),
            ("app/.env", "A=1"),
            ("app/config.js", ""),
            ("app/public/.env", "A=1"),
            ("app/public/a.js", ""),
        ])
    }

    #[test]
    fn products_are_told_apart_with_their_options() {
        let head = "const express = require('express'); const path = require('path'); const app = express();\n";
        let with = |call: &str| site(&format!("{head}{call}"));
        let whole = with("app.use(express.static(path.join(__dirname, '..')));");
        assert_eq!(whole.roots(), ["express [app] /"]);
        assert_eq!(whole.worst("app/.env"), "denied /.env");
        assert_eq!(whole.worst("app/config.js"), "served /config.js");
        let allowed = with("app.use('/files', express.static('.', { dotfiles: 'allow' }));");
        assert_eq!(allowed.worst("app/.env"), "served /files/.env");
        assert_eq!(allowed.look_up("app/.env").urls[0].because[0].line, Some(2));
        let public = with("app.use(express.static('public'));");
        assert_eq!(public.worst("app/config.js"), "none");
        assert_eq!(public.worst("app/public/.env"), "denied /.env");
    }

    #[test]
    fn fastify_koa_sirv_and_serve_handler() {
        let fastify = site(
            "import fastifyStatic from '@fastify/static';\nimport path from 'path';\nfastify.register(fastifyStatic, { root: path.join(__dirname, '../public'), prefix: '/p/' });",
        );
        assert_eq!(fastify.worst("app/public/.env"), "served /p/.env");
        let required =
            site("fastify.register(require('@fastify/static'), { root: process.cwd() });");
        assert_eq!(required.worst("app/.env"), "served /.env");
        let koa =
            site("const serve = require('koa-static');\napp.use(serve('.', { hidden: true }));");
        assert_eq!(koa.worst("app/.env"), "served /.env");
        let sirv = site("import sirv from 'sirv';\napp.use(sirv('public'));");
        assert_eq!(sirv.worst("app/public/.env"), "denied /.env");
        let hapi = |options: &str| {
            site(&format!(
                "const inert = require('@hapi/inert');\nserver.route({{ method: 'GET', path: '/f/{{file*}}', handler: {{ directory: {{ path: '.'{options} }} }} }});"
            ))
        };
        assert_eq!(
            hapi(", showHidden: true").worst("app/.env"),
            "served /f/.env"
        );
        assert_eq!(hapi("").worst("app/.env"), "denied /f/.env");
        assert_eq!(hapi("").worst("app/config.js"), "served /f/config.js");
        let handler = site(
            "const handler = require('serve-handler');\nhandler(req, res, { public: 'public' });",
        );
        assert_eq!(handler.worst("app/public/.env"), "served /.env");
    }
}
