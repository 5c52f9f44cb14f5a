//! A file that PHP runs before every script.

use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Severity};
use crate::site::Want;

pub(in crate::checks) static CHECK: Check = Check {
    id: "ioc-auto-prepend",
    code: "IOC-004",
    title: "A file that PHP runs before or after every script",
    description: "By auto_prepend_file attackers keep their code running, and read along with every form, whatever \
                  else is cleaned. Firewalls of plugins use it too.",
    severity: Severity::Medium,
    cwe: &[506],
    fix: "Look at the file that it names. If no firewall that you installed put it there, take the line out, and \
          look for what else was changed.",
    references: &["https://www.php.net/manual/en/ini.core.php#ini.auto-prepend-file"],
    wants: &[
        Want::name(".user.ini"),
        Want::name("php.ini"),
        Want::name(".htaccess"),
        Want::name("php5.ini"),
    ],
    run,
};

/// Firewalls that are installed in this way, by the names of their files.
const FIREWALLS: &[&str] = &[
    "wordfence-waf.php",
    "firewall.php",
    "malcare-waf.php",
    "aios-bootstrap.php",
    "bbq-firewall.php",
    "nfw-prepend.php",
    "prepend.php",
];

fn run(context: &Context<'_>, found: &mut Findings) {
    let names = [".user.ini", "php.ini", ".htaccess", "php5.ini"];
    for path in names
        .iter()
        .flat_map(|name| context.index.named(name))
        .filter(|path| !context.is_aside(path))
    {
        let Some(text) = context.files.text(path) else {
            continue;
        };
        for (number, line) in (1..).zip(text.lines()) {
            if let Some(file) = prepended(line) {
                report(found, path, number, file);
            }
        }
    }
}

fn report(found: &mut Findings, path: &str, number: u32, file: &str) {
    let name = file.rsplit('/').next().unwrap_or_default();
    if FIREWALLS.contains(&name) {
        return;
    }
    let exposure = found.report(
        path,
        format!("PHP runs `{}` with every script.", file.escape_debug()),
    );
    exposure.at_line(number).sure(Confidence::Medium);
    let is_hidden = name.starts_with('.') || !name.to_ascii_lowercase().ends_with(".php");
    let is_odd = [
        "/tmp/",
        "/uploads/",
        "/cache/",
        "/dev/shm/",
        "data:",
        "http:",
        "https:",
        "php://",
    ];
    if is_hidden || is_odd.iter().any(|part| file.contains(part)) {
        exposure.severe(Severity::High);
    }
}

/// `auto_prepend_file = "/a/b.php"`, `php_value auto_append_file /a/b.php`.
fn prepended(line: &str) -> Option<&str> {
    let line = line.trim();
    if line.starts_with([';', '#']) {
        return None;
    }
    let line = ["php_value", "php_admin_value"]
        .iter()
        .find_map(|word| line.strip_prefix(word))
        .unwrap_or(line);
    let line = line.trim_start();
    let value = ["auto_prepend_file", "auto_append_file"]
        .iter()
        .find_map(|name| line.strip_prefix(name))?;
    let value = value.trim_start().trim_start_matches('=').trim();
    let value = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value[1..].split(quote).next().unwrap_or_default(),
        _ => value.split([' ', ';']).next().unwrap_or_default(),
    };
    (!value.is_empty() && value != "none" && value != "NULL").then_some(value)
}
