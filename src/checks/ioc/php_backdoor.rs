//! PHP that runs what visitors send, or what it holds encoded.

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Severity};
use crate::site::Want;

use super::code::{self, Sign, What};
use super::gate::{Held, NEEDLES};
use super::served;

pub(in crate::checks) static CHECK: Check = Check {
    id: "ioc-php-backdoor",
    code: "IOC-003",
    title: "PHP that looks like a back door",
    description: "The script runs what visitors send or what it holds encoded, or calls itself by the name of a web \
                  shell or a mailer. Whoever has such a script on a server reads every credential there and sends \
                  mail in its name.",
    severity: Severity::High,
    cwe: &[506, 94],
    fix: "Compare the file with your own copy. If it is not yours, treat the server as taken over: set it up anew, and \
          change every credential that it had.",
    references: &[
        "https://github.com/coreruleset/coreruleset/blob/main/rules/web-shells-php.data",
        "https://developer.wordpress.org/advanced-administration/security/hacked/",
    ],
    wants: WANTS,
    run,
};

const ENDS: &[&str] = &[".php", ".phtml", ".php5", ".php7", ".inc", ".pht"];

/// Among installed packages as well: back doors hide there.
const WANTS: &[Want] = &{
    let mut wants = Want::texts::<{ ENDS.len() * NEEDLES.len() }>(ENDS, NEEDLES);
    let mut at = 0;
    while at < wants.len() {
        wants[at] = wants[at].deep();
        at += 1;
    }
    wants
};

fn run(context: &Context<'_>, found: &mut Findings) {
    let mut paths = BTreeSet::new();
    for end in ENDS {
        for needle in NEEDLES {
            paths.extend(context.index.holding(end, needle));
        }
    }
    paths.retain(|path| context.index.is_installed(path) || !context.is_aside(path));
    let paths: Vec<&str> = paths.into_iter().collect();
    let signs = paths.par_iter().map(|path| signs(context, path));
    for (path, signs) in paths.iter().zip(signs.collect::<Vec<_>>()) {
        if let Some(first) = signs.first() {
            report(context, found, path, (first, &signs));
        }
    }
}

/// What a script says, if it is worth lexing.
fn signs(context: &Context<'_>, path: &str) -> Vec<Sign> {
    let has = |needle: &str| context.index.holds(path, needle);
    let held = Held::new(&has);
    let is_suspect = held.is_suspect();
    if !is_suspect && !held.is_worth_reading() {
        return Vec::new();
    }
    let text = context.files.text(path);
    let text = text.filter(|text| is_suspect || held.is_suspect_text(text));
    text.map_or_else(Vec::new, |text| code::signs(&text))
}

fn report(
    context: &Context<'_>,
    found: &mut Findings,
    path: &str,
    (first, signs): (&Sign, &[Sign]),
) {
    let mut whats: Vec<What> = signs.iter().map(|sign| sign.what).collect();
    whats.sort_unstable();
    whats.dedup();
    let words: Vec<String> = whats.iter().map(|what| what.words()).collect();
    let exposure = found.report(path, format!("The script {}.", words.join(", and ")));
    exposure.at_line(first.line);
    let is_sure = whats
        .iter()
        .any(|what| matches!(what, What::RunsRequest | What::RunsDecoded));
    if !is_sure && whats.len() < 2 {
        exposure.sure(Confidence::Medium);
    }
    served::add(context, exposure, path);
}
