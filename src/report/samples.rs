//! Reports for tests. Credentials are put together here, so that none stands in the source.

use std::time::Duration;

use super::{Report, ReportedCheck, ReportedRule, Rotate, Suppressed, Withheld};
use crate::finding::{
    Attribute, Confidence, Decoder, Excerpt, Exposure, Finding, Fingerprint, FingerprintKey,
    GitState, Location, Occurrence, Position, Reach, Reason, Secret, Severity, Suppression,
    Suppressor, Way,
};
use crate::input::{Coverage, SkipReason, Skipped};
use crate::site::DocumentRoot;

const MAILGUN: &str = "mailgun-api-key";
const PASSWORD: &str = "database-password";
const LOGIN: &str = "mail-login";

pub(super) fn mailgun_rule() -> ReportedRule {
    let mut known = rule("Mailgun", MAILGUN, "Mailgun API key");
    known.severity = Severity::Critical;
    known.tags = vec!["mail".to_owned()];
    known.rotate = Rotate {
        summary: "Add a new API key in Mailgun's control panel, deploy it, then delete the one \
                  with this key id."
            .to_owned(),
        steps: vec![
            "Open API Security and add a key with the role that the application needs.".to_owned(),
            "Deploy the new key.".to_owned(),
            "Delete the leaked key by its id.".to_owned(),
        ],
        urls: vec!["https://app.mailgun.com/settings/api_security".to_owned()],
    };
    known.references =
        vec!["https://documentation.mailgun.com/docs/mailgun/user-manual/api-key-mgmt".to_owned()];
    known
}

fn rule(provider: &str, id: &str, title: &str) -> ReportedRule {
    let rule = format!(
        r#"
        id = "{id}"
        title = "{title}"
        description = "{title}. Whoever reads it can use it."
        severity = "medium"
        confidence = "high"
        rotate = {{ summary = "Set a new password." }}
        references = ["https://owasp.org/www-project-top-ten/"]
        hit = []
        miss = []
        "#
    );
    ReportedRule::of(provider, &toml::from_str(&rule).unwrap())
}

pub(super) fn finding(rule: &str, secret: &str, occurrences: Vec<Occurrence>) -> Finding {
    let secret = Secret::new(secret.as_bytes());
    Finding {
        rule: rule.to_owned(),
        title: rule.to_owned(),
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        fingerprint: Fingerprint::of(&FingerprintKey::default(), rule, &secret),
        secret,
        attributes: Vec::new(),
        occurrences,
        reach: Reach::Unknown,
        ways: Vec::new(),
        suppressed: None,
    }
}

/// The middle one of three lines; the mask is where `****` stands, with what is before it up to a
/// blank, `=`, or quote.
pub(super) fn occurrence(path: &str, line: u64, lines: [&str; 3]) -> Occurrence {
    let marked: Vec<char> = lines[1].chars().collect();
    let stars = lines[1]
        .find("****")
        .map_or(0, |at| lines[1][..at].chars().count());
    let start = (0..stars)
        .rev()
        .find(|&at| " ='\"\t".contains(marked[at]))
        .map_or(0, |at| at + 1);
    let column = start as u64 + 1;
    Occurrence {
        location: Location {
            path: path.to_owned(),
            offset: 40 * line,
            length: 20,
            start: Position { line, column },
            end: Position {
                line,
                column: column + 20,
            },
            archive: None,
        },
        name: None,
        decoders: Vec::new(),
        git: GitState::NoRepository,
        excerpt: Excerpt {
            first_line: line - 1,
            lines: lines.map(str::to_owned).to_vec(),
            marked_line: 1,
            mark_start: start,
            mark_len: stars + 4 - start,
        },
        line_hash: None,
        commits: None,
    }
}

fn mailgun_key() -> Finding {
    let key = format!("{}-{}-{}", "9f2c".repeat(8), "3af52e3b", "7c19d0e4");
    let mut first = occurrence(
        "public/.env",
        12,
        [
            "MAILGUN_DOMAIN=mg.example.com",
            "MAILGUN_SECRET=9f2c****",
            "MAILGUN_ENDPOINT=api.eu.mailgun.net",
        ],
    );
    first.name = Some("MAILGUN_SECRET".to_owned());
    first.git = GitState::Tracked;
    first.line_hash = Some("c129715d7a2bc9a3:1".to_owned());
    let further = (1..=5).map(|n| {
        let lines = ["", "    'secret' => '9f2c****',", "]"];
        occurrence(&format!("releases/{n}/config/services.php"), 34, lines)
    });
    let mut finding = finding(
        MAILGUN,
        &key,
        std::iter::once(first).chain(further).collect(),
    );
    finding.title = "Mailgun API key".to_owned();
    finding.severity = Severity::Critical;
    finding.confidence = Confidence::High;
    finding.reach = Reach::Reachable;
    finding.ways = ways(&key);
    finding.attributes = [
        ("domain", "mg.example.com"),
        ("key id", &key[33..]),
        ("region", "eu"),
    ]
    .map(|(name, value)| Attribute {
        name: name.to_owned(),
        value: value.to_owned(),
    })
    .to_vec();
    finding
}

/// An open way with a key in a directive, which must not get through, and one that is closed.
fn ways(key: &str) -> Vec<Way> {
    let way = |reach: Reach, file: &str, summary: &str| Way {
        reach,
        file: file.to_owned(),
        summary: summary.to_owned(),
        url: None,
        check: None,
        because: Vec::new(),
        settle: None,
    };
    let mut open = way(
        Reach::Reachable,
        "public/.env",
        "GET /.env gives the file (apache, *:80)",
    );
    open.url = Some("/.env".to_owned());
    open.because = vec![
        Reason::at("docker/vhost.conf", 4, "DocumentRoot /var/www/html/public"),
        Reason::at(
            "docker/vhost.conf",
            9,
            format!("SetEnv MAILGUN_SECRET {key}"),
        ),
        Reason::fact("no rule matches"),
    ];
    let place = "releases/1/config/services.php";
    vec![
        open,
        way(
            Reach::Contained,
            place,
            "it lies outside of the document root",
        ),
    ]
}

fn exposure() -> Exposure {
    Exposure {
        check: "laravel-debug".to_owned(),
        title: "Debug pages are on in production".to_owned(),
        severity: Severity::High,
        confidence: Confidence::High,
        file: ".env".to_owned(),
        line: Some(4),
        message: "An error page shows the environment to whoever causes an error.".to_owned(),
        because: vec![Reason::at(".env", 2, "APP_ENV=production")],
        urls: vec!["/any".to_owned()],
        exposes: vec![".env".to_owned()],
        reach: Reach::Latent,
        suppressed: None,
    }
}

fn check() -> ReportedCheck {
    ReportedCheck {
        id: "laravel-debug".to_owned(),
        code: "LAR-001".to_owned(),
        title: "Debug pages are on in production".to_owned(),
        description: "An error page shows the environment.".to_owned(),
        severity: Severity::High,
        cwe: vec![489],
        fix: "Set APP_DEBUG=false.".to_owned(),
        references: vec!["https://laravel.com/docs/configuration".to_owned()],
    }
}

fn database_password(number: u64) -> Finding {
    let lines = [
        "-- account",
        "INSERT INTO account (login, password) VALUES ('shop', '****');",
        "",
    ];
    let mut place = occurrence("backup/dump.sql", 10 * number, lines);
    place.git = GitState::Untracked;
    let mut finding = finding(PASSWORD, &format!("pa55word{number}"), vec![place]);
    finding.title = "Database password".to_owned();
    finding
}

/// What terminals and URIs stumble over.
fn hostile() -> Finding {
    let lines = [
        "\t邮件 = {",
        "\t\t密码 = \"hunt****\" # \u{1b}[31m\u{202e}",
        "\t}",
    ];
    let mut place = occurrence("storage/größe #1/\u{1b}[2J[x]{0}.yml", 1000, lines);
    place.git = GitState::Ignored;
    place.name = Some("邮件.密码".to_owned());
    place.decoders = vec![Decoder::Base64, Decoder::JsonEscape];
    let mut finding = finding(LOGIN, "hunter2-hunter2-hunter2", vec![place]);
    finding.title = "Mail login".to_owned();
    finding.severity = Severity::Low;
    finding.confidence = Confidence::Low;
    finding
}

pub(super) fn empty() -> Report {
    Report {
        exposures: Vec::new(),
        checks: Vec::new(),
        roots: Vec::new(),
        findings: Vec::new(),
        rules: Vec::new(),
        suppressed: Suppressed::default(),
        paths: vec![".".to_owned()],
        baseline: None,
        coverage: Coverage {
            files: 1234,
            bytes: 5_678_901,
            skipped: vec![skipped("logo.png", SkipReason::Binary, None)],
            may_be_empty: false,
        },
        withheld: Withheld::default(),
        notes: Vec::new(),
        base: None,
        elapsed: Duration::from_millis(417),
    }
}

fn skipped(path: &str, reason: SkipReason, detail: Option<&str>) -> Skipped {
    Skipped {
        path: path.to_owned(),
        reason,
        detail: detail.map(str::to_owned),
    }
}

pub(super) fn incomplete() -> Report {
    let mut report = empty();
    report.coverage.skipped = vec![
        skipped("link", SkipReason::Symlink, None),
        skipped(
            "private/key.pem",
            SkipReason::Unreadable,
            Some("permission denied"),
        ),
        skipped(
            "var/huge.log",
            SkipReason::Capped,
            Some("1,000 matches of one rule"),
        ),
        skipped(
            "vendor",
            SkipReason::Excluded,
            Some("`vendor/` in spillcheck.toml"),
        ),
    ];
    report
}

pub(super) fn nothing_read() -> Report {
    let mut report = empty();
    report.coverage.files = 0;
    report.coverage.bytes = 0;
    report
}

pub(super) fn rich() -> Report {
    let mut report = incomplete();
    report.findings.push(mailgun_key());
    report.findings.extend((1..=16).map(database_password));
    report.findings.push(hostile());
    report.exposures.push(exposure());
    report.roots.push(DocumentRoot {
        server_path: "/var/www/html/public".to_owned(),
        path: Some("public".to_owned()),
        url: "/".to_owned(),
        host: "*:80".to_owned(),
        server: "apache".to_owned(),
        assumed: None,
        because: vec![Reason::at(
            "docker/vhost.conf",
            4,
            "DocumentRoot /var/www/html/public",
        )],
    });
    report.checks = vec![check()];
    report.rules = vec![
        rule("Databases", PASSWORD, "Database password"),
        rule("Mail", LOGIN, "Mail login"),
        mailgun_rule(),
    ];
    report.withheld = Withheld {
        below_confidence: 4,
        allowed: 2,
        marked: 3,
        ignored: 2,
        known: 5,
        foreign: 1,
    };
    report.notes = vec!["the configuration `spillcheck.toml` was used".to_owned()];
    report
}

/// Something of every kind that does not count.
pub(super) fn suppressed() -> Report {
    let mut report = rich();
    report.baseline = Some("spillcheck.baseline".to_owned());
    report.suppressed.shown = true;
    let known = Suppression::new(Suppressor::Baseline, "spillcheck.baseline");
    let marker = Suppression::new(Suppressor::Marker, "spillcheck:allow")
        .because(Some("made up for the documentation".to_owned()));
    for (index, by) in [known.clone(), marker].into_iter().enumerate() {
        let mut finding = report.findings.remove(1);
        finding.occurrences[0].location.path = format!("legacy/{index}.sql");
        finding.suppressed = Some(by);
        report.suppressed.findings.push(finding);
    }
    let mut exposure = exposure();
    exposure.file = "legacy/.env".to_owned();
    exposure.suppressed = Some(known);
    report.suppressed.exposures.push(exposure);
    report
}

/// Findings that differ only in their secrets.
pub(super) fn many(count: u64) -> Report {
    let mut report = empty();
    report.findings = (1..=count).map(database_password).collect();
    report
}
