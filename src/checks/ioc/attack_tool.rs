//! Files of known attack tools, by their names.

use std::collections::BTreeMap;

use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Severity};
use crate::site::Want;

pub(in crate::checks) static CHECK: Check = Check {
    id: "ioc-attack-tool",
    code: "IOC-001",
    title: "A file or directory that attack tools leave",
    description: "The name is one that a known tool writes: AndroxGh0st and its like, which collect mail credentials \
                  and keep them by provider, mailers, or web shells.",
    severity: Severity::High,
    cwe: &[506, 912],
    fix: "Look at the file without opening it in a browser. If it is what its name says, treat the server as taken \
          over: set it up anew, and change every credential that it had.",
    references: &[
        "https://www.cisa.gov/news-events/cybersecurity-advisories/aa24-016a",
        "https://github.com/coreruleset/coreruleset/blob/main/rules/web-shells-php.data",
    ],
    wants: &[
        Want::name("chit0ge.php").deep(),
        Want::name(".androxgh0st_laravel"),
        Want::name("alfa_data"),
        Want::name("alfacgiapi"),
        Want::start("leafmailer"),
        Want::start("alexusmailer"),
        Want::name("xleet.php"),
        Want::name("xleet-shell.php"),
        Want::name("wp-vcd.php"),
        Want::name("class.theme-modules.php"),
        Want::name("b374k.php"),
        Want::name("c99.php"),
        Want::name("r57.php"),
        Want::name("wso.php"),
        Want::name("smtp-unch.txt"),
        Want::name("smtp-sendgrid.txt"),
        Want::name("smtp-mailgun.txt"),
        Want::name("aws_access.txt"),
        Want::name("twilio.txt"),
        Want::name("nexmo.txt"),
        Want::name("db-root.txt"),
    ],
    run,
};

/// Names that nothing else has.
const TOOLS: &[(&str, &str)] = &[
    ("chit0ge.php", "the shell that AndroxGh0st uploads"),
    (".androxgh0st_laravel", "a work file of AndroxGh0st"),
    ("alfa_data", "the directory of the ALFA shell"),
    ("alfacgiapi", "the directory of the ALFA shell"),
    ("xleet.php", "a shell and mailer"),
    ("xleet-shell.php", "a shell and mailer"),
    ("wp-vcd.php", "a part of the WP-VCD infection"),
    ("class.theme-modules.php", "a part of the WP-VCD infection"),
    ("b374k.php", "a web shell"),
    ("c99.php", "a web shell"),
    ("r57.php", "a web shell"),
    ("wso.php", "a web shell"),
];

const MAILERS: &[&str] = &["leafmailer", "alexusmailer"];

/// What AndroxGh0st and its like write next to each other; one of them alone may be anybody's.
const LOOT: &[&str] = &[
    "smtp-unch.txt",
    "smtp-sendgrid.txt",
    "smtp-mailgun.txt",
    "aws_access.txt",
    "twilio.txt",
    "nexmo.txt",
    "db-root.txt",
];

fn run(context: &Context<'_>, found: &mut Findings) {
    let mut loot: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (path, _) in context.index.all() {
        let (directory, name) = path.rsplit_once('/').unwrap_or(("", path));
        let lower = name.to_ascii_lowercase();
        if LOOT.contains(&lower.as_str()) {
            loot.entry(directory).or_default().push(path);
        }
        let tool = TOOLS
            .iter()
            .find(|(tool, _)| *tool == lower)
            .map(|(_, what)| *what);
        let is_mailer =
            lower.ends_with(".php") && MAILERS.iter().any(|start| lower.starts_with(start));
        let what = tool.or(is_mailer.then_some("a script that sends spam"));
        if let Some(what) = what.filter(|_| !context.is_aside(path)) {
            let message = format!("By its name this is {what}.");
            found.report(path, message).sure(Confidence::Medium);
        }
    }
    for paths in loot.values().filter(|paths| paths.len() > 1) {
        let message = format!(
            "By their names these are {} lists of stolen credentials, as AndroxGh0st writes them: this machine attacks others, or was used for it.",
            paths.len()
        );
        found.report(paths[0], message);
    }
}
