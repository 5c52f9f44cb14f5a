//! An `.htaccess` that refuses all scripts but a few.

use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Severity};
use crate::site::Want;

pub(in crate::checks) static CHECK: Check = Check {
    id: "ioc-htaccess-allow-list",
    code: "IOC-005",
    title: "An .htaccess that lets only some scripts run",
    description: "A widespread infection of WordPress sites puts an .htaccess into every directory that refuses \
                  `.py`, `.exe` and `.php`, and then lets the attacker's own scripts through by name.",
    severity: Severity::High,
    cwe: &[506],
    fix: "Compare the file with your own copy. Take it out, look at the scripts that it names, and look for what \
          else was changed.",
    references: &[
        "https://blog.sucuri.net/2022/02/htaccess-malware-in-wordpress.html",
        "https://developer.wordpress.org/advanced-administration/security/hacked/",
    ],
    wants: &[Want::name(".htaccess")],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context
        .index
        .named(".htaccess")
        .filter(|path| !context.is_aside(path))
    {
        let Some(text) = context.files.text(path) else {
            continue;
        };
        let mut refused = None;
        for section in sections(&text) {
            let pattern = section.pattern.to_ascii_lowercase();
            let has_all = ["py", "exe", "php"]
                .iter()
                .all(|end| has_word(&pattern, end));
            if has_all && section.refuses {
                refused = Some(section.number);
            } else if let (Some(number), false) = (refused, section.refuses)
                && names_scripts(&pattern)
            {
                let message = "It refuses all scripts, and then lets some of them run by name.";
                found
                    .report(path, message)
                    .at_line(number)
                    .sure(Confidence::Medium);
                break;
            }
        }
    }
}

/// `<FilesMatch "…">` and whether it refuses.
struct Section<'t> {
    number: u32,
    pattern: &'t str,
    refuses: bool,
}

fn sections(text: &str) -> Vec<Section<'_>> {
    let mut sections: Vec<Section<'_>> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        let lower = line.to_ascii_lowercase();
        if lower.starts_with("<filesmatch") {
            let pattern = line["<filesmatch".len()..]
                .trim()
                .trim_end_matches('>')
                .trim_matches(['"', '\'']);
            sections.push(Section {
                number,
                pattern,
                refuses: false,
            });
        } else if let Some(last) = sections.last_mut() {
            let words: Vec<&str> = lower.split_whitespace().collect();
            last.refuses |= matches!(
                words.as_slice(),
                ["deny", "from", "all"] | ["require", "all", "denied"]
            );
        }
    }
    sections
}

/// Whether letters stand there that no other letters touch.
fn has_word(pattern: &str, word: &str) -> bool {
    pattern
        .split(|c: char| !c.is_ascii_alphabetic())
        .any(|part| part == word)
}

/// `^(index.php|lock360.php|…)$`: three or more scripts by name.
fn names_scripts(pattern: &str) -> bool {
    let names = pattern
        .trim_start_matches(['^', '('])
        .trim_end_matches(['$', ')'])
        .split('|');
    names
        .filter(|name| name.trim_end_matches('$').ends_with("php") && name.len() > 4)
        .count()
        >= 3
}
