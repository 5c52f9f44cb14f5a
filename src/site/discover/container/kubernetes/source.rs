//! Which Dockerfile of the tree builds an image that a manifest names.

use std::collections::BTreeSet;

use crate::finding::Reason;

use super::super::super::super::lex::yaml::{Node, parse};
use super::super::super::super::path;
use super::super::super::{Search, is_aside};
use super::super::context_of;
use super::super::image::{Build, Image};

/// What builds an image.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// As reports name it.
    pub(super) dockerfile: String,
    context: String,
    target: Option<String>,
    /// What says so.
    pub(super) at: Reason,
    /// Why it is taken for it, if nothing says so.
    pub(super) assumed: Option<String>,
}

pub(super) struct Sources {
    /// By what compose and Skaffold say: <https://skaffold.dev/docs/references/yaml/>.
    named: Vec<(String, Source)>,
    dockerfiles: BTreeSet<String>,
}

impl Sources {
    pub(super) fn read(search: &Search<'_>) -> Self {
        let index = search.index;
        let is_own = |file: &&str| !is_aside(search.relative(path::parent(file)));
        let all = index
            .starting("dockerfile")
            .chain(index.ending(".dockerfile"))
            .chain(index.ending("containerfile"));
        let dockerfiles = all
            .filter(is_own)
            .filter(|file| !file.ends_with(".dockerignore"))
            .map(str::to_owned)
            .collect();
        let mut named = Vec::new();
        let composed = index
            .starting("docker-compose")
            .chain(index.starting("compose."));
        for file in composed.chain(index.named("skaffold.yaml")).filter(is_own) {
            let root = search.files.text(file).and_then(|text| parse(&text));
            let Some(root) = root else { continue };
            let services = root.get("services").into_iter().flat_map(Node::entries);
            for (_, service) in services {
                let build = service.get("build");
                named.extend(build.and_then(|build| composed_of(file, service, build)));
            }
            let artifacts = root.get("build").and_then(|build| build.get("artifacts"));
            for artifact in artifacts.into_iter().flat_map(Node::items) {
                named.extend(artifact_of(file, artifact));
            }
        }
        Self { named, dockerfiles }
    }

    /// The image as it is built, and by what.
    pub(super) fn image(&self, search: &Search<'_>, name: &str) -> Option<(Image, Source)> {
        let name = without_tag(name);
        let known = self.named.iter().find(|(have, _)| have == name);
        let source = match known {
            Some((_, source)) => source.clone(),
            None => self.guessed(search, name)?,
        };
        let build = Build {
            files: search.files,
            file: &source.dockerfile,
            context: &source.context,
            target: source.target.as_deref(),
        };
        Some((build.image()?, source))
    }

    /// By the name of its directory, of itself, or because there is no other. What has neither registry nor owner is
    /// an official image, and none of the tree's.
    fn guessed(&self, search: &Search<'_>, name: &str) -> Option<Source> {
        let last = path::base(name);
        let is_named = |file: &&String| {
            let own = path::base(file);
            path::base(path::parent(file)) == last
                || own.eq_ignore_ascii_case(&format!("dockerfile.{last}"))
                || own.eq_ignore_ascii_case(&format!("{last}.dockerfile"))
        };
        let (dockerfile, why) = match self.dockerfiles.iter().find(is_named) {
            Some(dockerfile) => (dockerfile, "by its name"),
            None if self.dockerfiles.len() == 1 && name.contains('/') => {
                (self.dockerfiles.first()?, "as the only one")
            }
            None => return None,
        };
        let text = format!("{dockerfile} is taken {why} for what builds {name}");
        Some(Source {
            dockerfile: dockerfile.clone(),
            context: context_of(search, dockerfile),
            target: None,
            at: Reason::fact(text.clone()),
            assumed: Some(text),
        })
    }
}

fn composed_of(file: &str, service: &Node, build: &Node) -> Option<(String, Source)> {
    let image = service.get("image")?;
    let context = build.text().or_else(|| build.text_of("context"));
    let source = Source {
        target: build.text_of("target").map(str::to_owned),
        ..source(file, image, (context, build.text_of("dockerfile")))?
    };
    Some((without_tag(image.text()?).to_owned(), source))
}

fn artifact_of(file: &str, artifact: &Node) -> Option<(String, Source)> {
    let image = artifact.get("image")?;
    let docker = artifact.get("docker");
    let dockerfile = docker.and_then(|docker| docker.text_of("dockerfile"));
    let source = source(file, image, (artifact.text_of("context"), dockerfile))?;
    Some((without_tag(image.text()?).to_owned(), source))
}

fn source(
    file: &str,
    image: &Node,
    (context, dockerfile): (Option<&str>, Option<&str>),
) -> Option<Source> {
    let context = path::join(path::parent(file), context.unwrap_or("."))?;
    let dockerfile = path::join(&context, dockerfile.unwrap_or("Dockerfile"))?;
    let text = format!("{dockerfile} builds {}", image.text()?);
    Some(Source {
        at: Reason::at(file, image.line, text),
        dockerfile,
        context,
        target: None,
        assumed: None,
    })
}

/// `registry:5000/shop/web:1.2@sha256:…` is `registry:5000/shop/web`.
fn without_tag(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or_default();
    match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        _ => image,
    }
}
