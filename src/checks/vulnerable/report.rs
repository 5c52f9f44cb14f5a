//! One finding for each package: the worst of its advisories in words, the others by name.

use crate::checks::{Context, Findings};
use crate::finding::{Confidence, Reason, Severity};
use crate::site::advisories::Advisory;
use crate::site::packages::{Ecosystem, Package};

use super::need::{Met, look};

/// Reports the packages of an ecosystem that have advisories.
pub(super) fn report(context: &Context<'_>, found: &mut Findings, ecosystems: &[Ecosystem]) {
    for package in context.packages().all() {
        if !ecosystems.contains(&package.ecosystem) || context.is_aside(root_of(&package.file)) {
            continue;
        }
        let judged = context.advisories.of(package).into_iter();
        let mut judged: Vec<Judged<'_>> = judged
            .map(|advisory| Judged::new(context, package, advisory))
            .collect();
        // The worst first; of equals the one that is sure, then the table's order.
        judged.sort_by_key(|judged| std::cmp::Reverse((judged.severity, judged.confidence)));
        if let Some(worst) = judged.first() {
            let exposure = found.report(&package.file, message(package, &judged));
            exposure
                .at_line(package.line)
                .severe(worst.severity)
                .sure(worst.confidence);
            for judged in &judged {
                exposure.because(judged.because());
                if let Met::Yes(reason) = &judged.met {
                    exposure.because(reason.clone());
                }
            }
            exposure.because.dedup();
            if worst.severity >= Severity::High && worst.advisory.is_builtin {
                for file in secrets(context, package) {
                    exposure.exposing(&file);
                }
            }
        }
    }
}

/// The directory that holds the lock file or, for WordPress and the like, the file itself.
fn root_of(file: &str) -> &str {
    file.strip_suffix("vendor/composer/installed.json")
        .unwrap_or(file)
}

/// An advisory, and what the tree says of it.
struct Judged<'a> {
    advisory: &'a Advisory,
    met: Met,
    severity: Severity,
    confidence: Confidence,
}

impl<'a> Judged<'a> {
    fn new(context: &Context<'_>, package: &Package, advisory: &'a Advisory) -> Self {
        let met = advisory
            .needs
            .map_or(Met::Unknown, |need| look(context, need, &package.file));
        let is_running = matches!(met, Met::Yes(_));
        let mut severity = advisory.severity;
        let mut confidence = Confidence::High;
        if !is_running && advisory.condition.is_some() {
            severity = severity.min(Severity::High);
            confidence = Confidence::Medium;
        }
        // What is for development only is not installed where the application runs, if it is deployed well.
        if matches!(met, Met::No) || (package.is_dev && !is_running) {
            severity = severity.min(Severity::Low);
            confidence = Confidence::Medium;
        }
        Self {
            advisory,
            met,
            severity,
            confidence,
        }
    }

    fn because(&self) -> Reason {
        let advisory = self.advisory;
        let mut text = format!(
            "{}: {}; affected: {}",
            advisory.id,
            advisory.title,
            advisory.affected_words()
        );
        for reference in advisory.references.iter().take(1) {
            text.push_str("; ");
            text.push_str(reference);
        }
        if let Some(notice) = &advisory.notice {
            text.push_str("; ");
            text.push_str(notice);
        }
        Reason::fact(text)
    }
}

fn message(package: &Package, judged: &[Judged<'_>]) -> String {
    let Some((worst, others)) = judged.split_first() else {
        return String::new();
    };
    let advisory = worst.advisory;
    let named = format!("{} {}", package.name, package.version);
    let mut text = match &advisory.leaks {
        Some(leaks) => format!("{named} {leaks} ({})", advisory.id),
        None => format!("{named} has {}: {}", advisory.id, advisory.title),
    };
    match (&advisory.condition, &worst.met) {
        (Some(condition), Met::Yes(_)) => text.push_str(&format!("; {condition} here")),
        (Some(condition), Met::No) => {
            text.push_str(&format!(", if {condition}; nothing here says so"));
        }
        (Some(condition), Met::Unknown) => text.push_str(&format!(", if {condition}")),
        (None, _) => {}
    }
    text.push('.');
    if advisory.is_exploited {
        text.push_str(" CISA lists it as exploited.");
    }
    if package.is_dev {
        text.push_str(" It is for development only.");
    }
    if !others.is_empty() {
        let ids: Vec<&str> = others
            .iter()
            .map(|judged| judged.advisory.id.as_str())
            .collect();
        text.push_str(&format!(" Also {}.", ids.join(", ")));
    }
    text
}

/// The files whose credentials whoever uses this gets first.
fn secrets(context: &Context<'_>, package: &Package) -> Vec<String> {
    let file = root_of(&package.file);
    let directory = match package.ecosystem {
        Ecosystem::WordpressPlugin | Ecosystem::WordpressTheme => {
            file.split("wp-content/").next().unwrap_or_default()
        }
        Ecosystem::WordpressCore => file
            .strip_suffix("wp-includes/version.php")
            .unwrap_or_default(),
        Ecosystem::Application => file
            .strip_suffix("administrator/manifests/files/joomla.xml")
            .unwrap_or_default(),
        Ecosystem::Composer
        | Ecosystem::Npm
        | Ecosystem::Gem
        | Ecosystem::Go
        | Ecosystem::Nuget
        | Ecosystem::Pypi
        | Ecosystem::Maven => file.rfind('/').map_or("", |slash| &file[..=slash]),
    };
    let names = [
        ".env",
        "wp-config.php",
        "configuration.php",
        "src/main/resources/application.properties",
        "src/main/resources/application.yml",
    ];
    names
        .into_iter()
        .map(|name| format!("{directory}{name}"))
        .filter(|file| !context.credentials_in(file).is_empty())
        .collect()
}
