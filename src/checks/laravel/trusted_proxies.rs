//! Everyone is taken for a proxy.

use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;
use crate::site::lex::php::{Callee, Literal, Script};

pub(in crate::checks) static CHECK: Check = Check {
    id: "laravel-trusted-proxies",
    code: "LAR-011",
    title: "Everyone may say from which address they come",
    description: "With `*` as trusted proxies the header X-Forwarded-For of any client counts. Tools that let in \
                  certain addresses let in whoever names one.",
    severity: Severity::Low,
    cwe: &[348],
    fix: "Name the addresses of the proxies, unless nothing but the proxy can reach the application.",
    references: &["https://laravel.com/docs/master/requests#configuring-trusted-proxies"],
    wants: &[
        Want::text("trustproxies.php", "proxies"),
        Want::text("app.php", "trustproxies"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    let middleware = context.index.holding("trustproxies.php", "proxies");
    for path in middleware.chain(context.index.holding("app.php", "trustproxies")) {
        let Some(text) = context.files.text(path).filter(|_| !context.is_aside(path)) else {
            continue;
        };
        if let Some(line) = trusts_all(&text) {
            found
                .report(path, "Every client is a trusted proxy.")
                .at_line(line);
        }
    }
}

fn trusts_all(text: &str) -> Option<u32> {
    let script = Script::new(text);
    let is_star = |at: usize| {
        let literal = script.literal(at..at + 1);
        matches!(literal, Some(Literal::Text(text)) if text == "*" || text == "**")
    };
    let property = (0..script.tokens().len()).find(|at| {
        script.written(*at) == "$proxies" && script.is_operator(at + 1, "=") && is_star(at + 2)
    });
    let mut calls = script.calls().filter(|call| {
        call.callee == Callee::Method && call.name.eq_ignore_ascii_case("trustProxies")
    });
    let call = calls.find(|call| call.args.iter().any(|arg| is_star(arg.end - 1)));
    let at = property.or(call.map(|call| call.at))?;
    Some(script.line(at))
}
