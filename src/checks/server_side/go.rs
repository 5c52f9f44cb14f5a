//! What Go programs show of themselves.

use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Reason, Severity};
use crate::site::Want;
use crate::site::lex::js::Script;

pub(in crate::checks) static CHECK: Check = Check {
    id: "go-debug",
    code: "GO-001",
    title: "A Go program shows its inside",
    description: "The packages expvar and net/http/pprof add routes to the default handler when they are imported. \
                  /debug/vars and /debug/pprof/cmdline show the arguments, and a heap profile what is in memory.",
    severity: Severity::Medium,
    cwe: &[489, 497],
    fix: "Serve the application with a ServeMux of its own, and the default handler on 127.0.0.1 if at all.",
    references: &[
        "https://pkg.go.dev/net/http/pprof",
        "https://pkg.go.dev/expvar",
    ],
    wants: &[
        Want::text(".go", "net/http/pprof"),
        Want::text(".go", "expvar"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for (package, route) in [
        ("net/http/pprof", "/debug/pprof/"),
        ("expvar", "/debug/vars"),
    ] {
        for path in context.index.holding(".go", package) {
            if context.is_aside(path) || path.ends_with("_test.go") {
                continue;
            }
            let Some(text) = context.files.text(path) else {
                continue;
            };
            // Comments, strings and brackets of Go are near enough to those of JavaScript.
            let script = Script::new(&text);
            let import = (0..script.tokens().len())
                .find(|&at| script.text_at(at).is_some_and(|text| text == package));
            let served = default_handler(&script);
            if let (Some(import), Some((line, address))) = (import, served) {
                found
                    .report(
                        path,
                        format!("The default handler, with {route}, listens on {address}."),
                    )
                    .at_line(line)
                    .sure(Confidence::Medium)
                    .because(Reason::at(
                        path,
                        script.line(import),
                        format!("import {package:?}"),
                    ))
                    .urls
                    .push(route.to_owned());
            }
        }
    }
}

/// Where the default handler listens for others: `http.ListenAndServe(":8080", nil)`.
fn default_handler(script: &Script<'_>) -> Option<(u32, String)> {
    script.calls().find_map(|call| {
        let is_listening = matches!(
            call.callee.as_str(),
            "http.ListenAndServe" | "http.ListenAndServeTLS"
        );
        let args = script.args(&call);
        let (first, last) = (args.first()?, args.last()?);
        let is_default = matches!(script.source(last), "nil" | "http.DefaultServeMux");
        let address = script.text(first);
        let is_local = address.as_deref().is_some_and(|address| {
            ["127.", "localhost:", "[::1]"]
                .iter()
                .any(|start| address.starts_with(start))
        });
        let shown = address.unwrap_or_else(|| script.source(first).to_owned());
        (is_listening && is_default && !is_local).then_some((call.line, shown))
    })
}
