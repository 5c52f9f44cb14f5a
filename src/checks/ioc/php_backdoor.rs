//! PHP that runs what visitors send, or what it holds encoded.

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Severity};
use crate::site::{Judge, Seen, Want};

use super::code::{self, Sign, What};
use super::gate::{Held, NEEDLES};
use super::{markers, served};

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
    wants: &[Want::judged(&WORTH_LEXING), Want::judged(&NAMES_TOOL)],
    run,
};

const ENDS: &[&str] = &[".php", ".phtml", ".php5", ".php7", ".inc", ".pht"];

static WORTH_LEXING: Judge = Judge {
    id: "ioc-php-backdoor",
    ends: ENDS,
    needles: NEEDLES,
    // Back doors hide there.
    is_deep: true,
    judges: is_worth_lexing,
};

static NAMES_TOOL: Judge = Judge {
    id: "ioc-php-backdoor-name",
    ends: ENDS,
    needles: markers::NEEDLES,
    is_deep: true,
    judges: |seen: &Seen<'_>| markers::tool(&seen.text()).is_some(),
};

fn is_worth_lexing(seen: &Seen<'_>) -> bool {
    let held = Held(seen.held());
    held.is_suspect() || (held.is_worth_reading() && held.is_suspect_text(&seen.text()))
}

fn run(context: &Context<'_>, found: &mut Findings) {
    let index = context.index;
    let judges = [&WORTH_LEXING, &NAMES_TOOL];
    let paths: BTreeSet<&str> = judges
        .iter()
        .flat_map(|judge| index.judged(judge))
        .filter(|path| index.is_installed(path) || !context.is_aside(path))
        .collect();
    let signs = |path: &&str| {
        let mut judged = judges.iter();
        let text = judged.find_map(|judge| index.text_judged(judge, path, context.files));
        text.map_or_else(Vec::new, |text| code::signs(&text))
    };
    let paths: Vec<&str> = paths.into_iter().collect();
    let signs: Vec<Vec<Sign>> = paths.par_iter().map(signs).collect();
    for (path, signs) in paths.iter().zip(signs) {
        if let Some(first) = signs.first() {
            report(context, found, path, (first, &signs));
        }
    }
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
