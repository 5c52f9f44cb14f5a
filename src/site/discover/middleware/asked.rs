//! Programs that open the file that a URL names, without a library for it.

use super::super::super::lex::js::{Call, Expr, Place};
use super::{Reading, Static};

/// What a handler calls the request, or what leads to it.
const REQUESTS: &[&str] = &["req", "request", "ctx"];
/// What of it names a path.
const PATHS: &[&str] = &["url", "originalUrl", "path"];
/// Names and calls are followed so far.
const MAX_DEPTH: u32 = 4;

impl Reading<'_> {
    /// `fs.readFile(path.join(__dirname, req.url))`, `fs.createReadStream('.' + pathname)`,
    /// `res.sendFile(req.params[0], { root: '.' })`.
    pub(super) fn asked(
        &self,
        call: &Call,
        (first, second): (&Expr, Option<&Expr>),
    ) -> Option<Static> {
        let product = match call.callee.rsplit('.').next()? {
            "readFile" | "readFileSync" | "createReadStream" => "node",
            "sendFile" => "express",
            _ => return None,
        };
        let script = &self.script;
        let (place, asked) = match second.and_then(|options| script.entry_of(options, "root")) {
            Some(root) if product == "express" => (script.place(&root)?, first.clone()),
            _ => self.joined(&self.resolved(first))?,
        };
        let is_rest = match self.request(&asked, 0)? {
            Named::Path => false,
            Named::Rest => true,
        };
        let prefix = self.prefix(call);
        Some(Static {
            product,
            directory: match prefix.as_deref() {
                // The URL's path, of which the route tells the start.
                Some(prefix) if !is_rest => place.join(prefix.trim_start_matches('/'))?,
                _ => place,
            },
            options: None,
            url: Some(prefix.unwrap_or_default()),
        })
    }

    /// What a path is put together of: a directory, and what is not known before someone asks.
    fn joined(&self, expr: &Expr) -> Option<(Place, Expr)> {
        let script = &self.script;
        let terms = script.split(expr, "+");
        if let [_, .., asked] = terms.as_slice() {
            return Some((script.place(&(expr.start..asked.start - 1))?, asked.clone()));
        }
        let call = script.as_call(expr)?;
        let args = script.args(&call);
        let (asked, before) = args.split_last()?;
        let (directory, names) = before.split_first()?;
        if !matches!(call.callee.rsplit('.').next()?, "join" | "resolve") {
            return None;
        }
        let mut place = script.place(directory)?;
        for name in names {
            place = place.join(&script.text(name)?)?;
        }
        Some((place, asked.clone()))
    }

    /// Whether an expression is a path that the request names, with nothing behind it.
    fn request(&self, expr: &Expr, depth: u32) -> Option<Named> {
        let script = &self.script;
        if depth > MAX_DEPTH || script.split(expr, "+").len() > 1 {
            return None;
        }
        let resolved = self.resolved(expr);
        if resolved != *expr {
            return self.request(&resolved, depth + 1);
        }
        let found = expr.clone().find_map(|at| {
            if !REQUESTS.contains(&script.word(at)) || !script.is(at + 1, ".") {
                return None;
            }
            match script.word(at + 2) {
                "params" if script.is(at + 3, "[") && script.word(at + 4) == "0" => {
                    Some(Named::Rest)
                }
                name => PATHS.contains(&name).then_some(Named::Path),
            }
        });
        if found.is_some() {
            return found;
        }
        // `const { pathname } = new URL(req.url, base)`
        let is_pathname = script.is_word(expr.end.checked_sub(1)?, "pathname");
        if is_pathname {
            return Some(Named::Path);
        }
        let call = script.as_call(expr)?;
        self.request(script.args(&call).first()?, depth + 1)
    }

    /// What a name stands for.
    fn resolved(&self, expr: &Expr) -> Expr {
        let constant = self.script.constant(self.script.word(expr.start));
        constant
            .filter(|_| expr.len() == 1)
            .unwrap_or_else(|| expr.clone())
    }
}

/// What of a URL names the file.
enum Named {
    /// Its path.
    Path,
    /// What the route leaves open.
    Rest,
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Site;

    #[test]
    fn programs_that_open_what_a_url_names_are_found() {
        let server = |body: &str| {
            format!(
                "const http = require('http'), fs = require('fs'), path = require('path');\n\
                 http.createServer((req, res) => {{\n{body}\n}}).listen(80);"
            )
        };
        let express = |body: &str| {
            format!(
                "const express = require('express');\nconst path = require('path');\nconst app = express();\n{body}"
            )
        };
        let assumed = "served /.env (assumed)";
        for (script, file, expected) in [
            (
                server(
                    "const file = path.join(__dirname, decodeURI(req.url));\nfs.readFile(file, (e, d) => res.end(d));",
                ),
                "app/.env",
                assumed,
            ),
            (
                server("fs.createReadStream('.' + req.url.split('?')[0]).pipe(res);"),
                "app/.env",
                assumed,
            ),
            (
                server(
                    "const { pathname } = new URL(req.url, 'http://x');\nfs.readFile(path.join(__dirname, 'public', pathname), send);",
                ),
                "app/public/.env",
                assumed,
            ),
            (
                server("fs.readFile(path.join(__dirname, 'public', req.url), send);"),
                "app/.env",
                "none",
            ),
            (
                server("fs.readFile(path.join(__dirname, 'views', req.url + '.html'), send);"),
                "app/.env",
                "none",
            ),
            (
                server("fs.readFile(path.join(__dirname, 'index.html'), send); log(req.url);"),
                "app/.env",
                "none",
            ),
            (
                express(
                    "app.get('/files/*', (req, res) => res.sendFile(req.params[0], { root: '.' }));",
                ),
                "app/config.js",
                "served /files/config.js",
            ),
            (
                express(
                    "app.get('*', (req, res) => res.sendFile(path.join(__dirname, req.path)));",
                ),
                "app/.env",
                "denied /.env",
            ),
            (
                express(
                    "app.get('*', (req, res) => res.sendFile(path.join(__dirname, 'public/index.html')));",
                ),
                "app/config.js",
                "none",
            ),
        ] {
            let site = Site::of(&[
                ("app/package.json", "{}"),
                ("app/server.js", &script),
                ("app/.env", "A=1"),
                ("app/config.js", ""),
                ("app/public/.env", "A=1"),
            ]);
            assert_eq!(site.worst(file), expected, "{script}");
        }
    }
}
