//! Container images of applications in versions that let credentials out.

use std::collections::BTreeMap;

use crate::checks::names::{is_compose, is_dockerfile, is_yaml};
use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Reason, Severity};
use crate::site::Want;
use crate::site::lex::{dockerfile, yaml};

pub(in crate::checks) static CHECK: Check = Check {
    id: "vulnerable-image",
    code: "VUL-002",
    title: "A container image of an application that lets credentials out",
    description: "The tag names a version of an application by which others read files or run code, with the \
                  environment that the container gets.",
    severity: Severity::High,
    cwe: &[1395, 200],
    fix: "Use the tag of a version that is kept up, and change the credentials that the container had.",
    references: &["https://docs.docker.com/reference/dockerfile/#from"],
    wants: &[
        Want::start("dockerfile"),
        Want::end(".dockerfile"),
        Want::start("docker-compose"),
        Want::start("compose"),
        Want::text(".yaml", "apiVersion"),
        Want::text(".yml", "apiVersion"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context.own_files() {
        let Some(read) = reader(context, path) else {
            continue;
        };
        let Some(text) = context.files.text(path) else {
            continue;
        };
        for (number, image) in read(&text) {
            if let Some((name, tag)) = name_and_tag(&image) {
                report(
                    context,
                    found,
                    &Place {
                        path,
                        number,
                        name,
                        tag,
                    },
                );
            }
        }
    }
}

/// The images that a text names, each with its line.
type Images = Vec<(u32, String)>;

/// How the images of a file are read, by its name.
fn reader(context: &Context<'_>, path: &str) -> Option<fn(&str) -> Images> {
    if is_dockerfile(path) {
        Some(of_dockerfile)
    } else if is_compose(path) {
        Some(of_compose)
    } else if is_yaml(path) && context.index.holds(path, "apiVersion") {
        Some(of_manifest)
    } else {
        None
    }
}

fn of_dockerfile(text: &str) -> Images {
    dockerfile::bases(&dockerfile::instructions(text))
}

fn of_compose(text: &str) -> Images {
    let leaves = yaml::leaves(text).into_iter();
    // What services share stands under a key of one's own.
    let is_shared = |leaf: &yaml::Leaf| leaf.is(&["*", "image"]) && leaf.path[0].starts_with("x-");
    let images = leaves.filter(|leaf| leaf.is(&["services", "*", "image"]) || is_shared(leaf));
    let none = BTreeMap::new();
    images
        .map(|leaf| (leaf.line, dockerfile::expanded(&leaf.value, &none)))
        .collect()
}

/// Those of the containers of pods, in whatever makes pods.
fn of_manifest(text: &str) -> Images {
    if !text.contains("image:") {
        return Images::new();
    }
    let is_image = |leaf: &yaml::Leaf| {
        let above = leaf.path.iter().rev().nth(2);
        leaf.key() == "image"
            && above.is_some_and(|key| key == "containers" || key == "initContainers")
    };
    let leaves = yaml::leaves(text).into_iter();
    leaves
        .filter(is_image)
        .map(|leaf| (leaf.line, leaf.value))
        .collect()
}

struct Place<'t> {
    path: &'t str,
    number: u32,
    name: &'t str,
    tag: &'t str,
}

fn report(context: &Context<'_>, found: &mut Findings, place: &Place<'_>) {
    let mut advisories = context.advisories.of_image(place.name, place.tag);
    advisories.sort_by_key(|advisory| std::cmp::Reverse(advisory.severity));
    advisories.dedup_by(|later, first| later.id == first.id);
    let Some(worst) = advisories.first() else {
        return;
    };
    let leaks = worst.leaks.as_deref().unwrap_or("is vulnerable");
    let condition = worst
        .condition
        .as_ref()
        .map(|condition| format!(", if {condition}"));
    let message = format!(
        "The application in {}:{} {leaks} ({}){}.",
        place.name,
        place.tag,
        worst.id,
        condition.unwrap_or_default()
    );
    let exposure = found.report(place.path, message);
    exposure.at_line(place.number).severe(worst.severity);
    if worst.condition.is_some() {
        exposure
            .severe(worst.severity.min(Severity::High))
            .sure(Confidence::Medium);
    }
    for advisory in advisories {
        let reference = advisory.references.first().map_or("", String::as_str);
        exposure.because(Reason::fact(format!(
            "{}: {}; {reference}",
            advisory.id, advisory.title
        )));
    }
}

/// Without the registry, where it is Docker's own, and without the digest.
fn name_and_tag(image: &str) -> Option<(&str, &str)> {
    let image = image.split('@').next()?;
    let image = image.strip_prefix("docker.io/").unwrap_or(image);
    let image = image.strip_prefix("library/").unwrap_or(image);
    let (name, tag) = image.rsplit_once(':')?;
    // Some write `v0.40.4`, and MinIO `RELEASE.2023-03-20T20-16-18Z`.
    let tag = tag.strip_prefix("RELEASE.").unwrap_or(tag);
    let tag = tag.strip_prefix('v').unwrap_or(tag);
    tag.starts_with(|first: char| first.is_ascii_digit())
        .then_some((name, tag))
}
