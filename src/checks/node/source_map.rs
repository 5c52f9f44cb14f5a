//! Source maps that are handed out with the bundle.

use std::collections::BTreeSet;

use crate::checks::names::directory;
use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Severity};
use crate::site::Want;
use crate::site::lex::js::Script;

use super::bundle::why_public;

pub(in crate::checks) static CHECK: Check = Check {
    id: "node-source-map",
    code: "NODE-005",
    title: "Source maps are published",
    description: "A map gives the sources of a bundle back, with comments, names and paths. It is no leak by itself, \
                  and shows others where to look for one.",
    severity: Severity::Medium,
    cwe: &[540],
    fix: "Build without maps, or with hidden ones that only the error tracker gets.",
    references: &[
        "https://vite.dev/config/build-options.html#build-sourcemap",
        "https://nextjs.org/docs/app/api-reference/config/next-config-js/productionBrowserSourceMaps",
    ],
    wants: &[
        Want::end(".js.map"),
        Want::start("vite.config."),
        Want::start("next.config."),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    let mut told = BTreeSet::new();
    for path in context
        .index
        .ending(".js.map")
        .filter(|path| !context.is_aside(path))
    {
        let verdict = context.verdict(path);
        let why = why_public(context, path);
        let is_out = verdict.served().is_some() || why.is_some();
        if !is_out || !has_own_sources(context, path) || !told.insert(directory(path)) {
            continue;
        }
        let exposure = found.report(path, "It holds the sources of the application.");
        exposure.served(&verdict);
        if let Some(why) = why {
            exposure.because(why);
        }
        if verdict.served().is_none() {
            exposure.severe(Severity::Low).sure(Confidence::Medium);
        }
    }
    settings(context, found);
}

/// Whether sources of the application are in a map, and not those of packages alone.
fn has_own_sources(context: &Context<'_>, path: &str) -> bool {
    let text = context.files.text(path).unwrap_or_default();
    let Ok(map) = serde_json::from_str::<serde_json::Value>(&text) else {
        return false;
    };
    let sources = map.get("sources").and_then(serde_json::Value::as_array);
    let contents = map
        .get("sourcesContent")
        .and_then(serde_json::Value::as_array);
    let (Some(sources), Some(contents)) = (sources, contents) else {
        return false;
    };
    let pairs = sources.iter().zip(contents);
    let mut own = pairs.filter(|(source, content)| {
        let source = source.as_str().unwrap_or_default();
        let is_package = source.contains("node_modules") || source.contains("webpack/runtime");
        !is_package && content.is_string()
    });
    // A library that was built elsewhere has one source, or few; an application's own build has its directory.
    own.any(|(source, _)| {
        source
            .as_str()
            .is_some_and(|source| source.contains("src/") || source.contains("app/"))
    })
}

fn settings(context: &Context<'_>, found: &mut Findings) {
    for (start, key) in [
        ("vite.config.", "sourcemap"),
        ("next.config.", "productionBrowserSourceMaps"),
    ] {
        for path in context
            .index
            .starting(start)
            .filter(|path| !context.is_aside(path))
        {
            let Some(text) = context.files.text(path) else {
                continue;
            };
            let script = Script::new(&text);
            let on = (0..script.tokens().len()).find(|&at| {
                script.is_word(at, key) && script.is(at + 1, ":") && script.is_word(at + 2, "true")
            });
            // A library's maps are for those who use it.
            let is_library = text.contains("lib:");
            if let Some(at) = on.filter(|_| !is_library) {
                found
                    .report(
                        path,
                        format!("{key} writes maps beside the bundle, and names them in it."),
                    )
                    .at_line(script.line(at))
                    .severe(Severity::Low);
            }
        }
    }
}
