//! Compose files: <https://docs.docker.com/reference/compose-file/services/>.

use std::collections::BTreeSet;

use crate::finding::Reason;

use super::super::super::lex::yaml::{Node, parse};
use super::super::super::path;
use super::super::commands::words::{self, Command};
use super::super::{Found, Search};
use super::image::{Build, Image};
use super::{development, stack};

/// More services are not looked at.
const MAX_SERVICES: usize = 100;

pub(super) fn read(
    search: &Search<'_>,
    file: &str,
    built: &mut BTreeSet<String>,
    found: &mut Found,
) {
    let Some(text) = search.files.text(file) else {
        return;
    };
    let Some(root) = parse(&text) else {
        found.notes.push(format!(
            "{file} is no well-formed YAML, so its services are not looked at"
        ));
        return;
    };
    let Some(services) = root.get("services") else {
        return;
    };
    for (name, service) in services.entries().take(MAX_SERVICES) {
        let service = Service {
            search,
            file,
            name,
            node: service,
        };
        if let Some(image) = service.image(built) {
            stack::serve(
                search,
                &image,
                development(search.relative(file)).as_deref(),
                found,
            );
        }
    }
}

struct Service<'s> {
    search: &'s Search<'s>,
    file: &'s str,
    name: &'s str,
    node: &'s Node,
}

impl Service<'_> {
    fn image(&self, built: &mut BTreeSet<String>) -> Option<Image> {
        let mut image = self.build(built).or_else(|| self.pulled())?;
        for volume in self.node.get("volumes").into_iter().flat_map(Node::items) {
            self.mount(volume, &mut image);
        }
        let environment = self.node.get("environment");
        for (key, value) in environment.into_iter().flat_map(Node::entries) {
            image
                .env
                .insert(key.to_owned(), value.text().unwrap_or_default().to_owned());
        }
        for item in environment.into_iter().flat_map(Node::items) {
            if let Some((key, value)) = item.text().and_then(|text| text.split_once('=')) {
                image.env.insert(key.to_owned(), value.to_owned());
            }
        }
        if let Some(directory) = self.node.text_of("working_dir") {
            image.directory = directory.trim_end_matches('/').to_owned();
        }
        if let Some(entry) = self.node.get("entrypoint") {
            image.entry = commands(entry);
            image.command = Vec::new();
            image.command_at = Some(self.at(entry, "entrypoint"));
        }
        if let Some(command) = self.node.get("command") {
            image.command = commands(command);
            image.command_at = Some(self.at(command, "command"));
        }
        Some(image)
    }

    fn at(&self, node: &Node, key: &str) -> Reason {
        let text = node.text().map_or_else(
            || {
                node.items()
                    .filter_map(Node::text)
                    .collect::<Vec<_>>()
                    .join(" ")
            },
            str::to_owned,
        );
        Reason::at(
            self.file,
            node.line,
            format!("{}: {key}: {text}", self.name),
        )
    }

    fn pulled(&self) -> Option<Image> {
        let image = self.node.get("image")?;
        let name = Image::default().expanded(image.text()?);
        Some(Image::of(&name, self.at(image, "image")))
    }

    fn build(&self, built: &mut BTreeSet<String>) -> Option<Image> {
        let build = self.node.get("build")?;
        let context = build
            .text()
            .or_else(|| build.text_of("context"))
            .unwrap_or(".");
        let context = path::join(path::parent(self.file), context)?;
        let name = build.text_of("dockerfile").unwrap_or("Dockerfile");
        let dockerfile = path::join(&context, name)?;
        let build = Build {
            files: self.search.files,
            file: &dockerfile,
            context: &context,
            target: build.text_of("target"),
        };
        let mut image = build.image()?;
        built.insert(dockerfile);
        image.because.insert(
            0,
            Reason::at(self.file, self.node.line, format!("{}: build", self.name)),
        );
        Some(image)
    }

    /// `./src:/var/www/html:ro`, or a mapping with `type`, `source` and `target`.
    fn mount(&self, volume: &Node, image: &mut Image) {
        let (source, target) = match volume.text() {
            Some(text) => {
                let text = image.expanded(text);
                let mut parts = text.split(':').map(str::to_owned);
                match (parts.next(), parts.next()) {
                    (Some(source), Some(target)) => (source, target),
                    (Some(target), None) => (String::new(), target),
                    (None, _) => return,
                }
            }
            None => (
                volume.text_of("source").unwrap_or_default().to_owned(),
                volume.text_of("target").unwrap_or_default().to_owned(),
            ),
        };
        let Some(target) = path::join("/", &target) else {
            return;
        };
        let is_path =
            source.starts_with(['.', '/', '~']) || source == "$PWD" || source.starts_with("${PWD");
        let source = source.replace("${PWD}", ".").replace("$PWD", ".");
        let tree = path::join(path::parent(self.file), &source)
            .filter(|_| is_path && !source.starts_with(['/', '~']));
        if let Some(tree) = &tree {
            image.because.push(Reason::at(
                self.file,
                volume.line,
                format!(
                    "{}: volumes: {}:{target}",
                    self.name,
                    if source.is_empty() { "." } else { &source }
                ),
            ));
            // What a build leaves out is there all the same where the directory itself is mounted.
            if image
                .ignored
                .as_ref()
                .is_some_and(|(context, _)| path::below(context, tree).is_some())
            {
                image.ignored = None;
            }
        }
        image.mount(&target, tree.as_deref());
    }
}

fn commands(node: &Node) -> Vec<Command> {
    match node.text() {
        Some(text) => words::commands(text),
        None => {
            let items: Vec<String> = node
                .items()
                .filter_map(Node::text)
                .map(str::to_owned)
                .collect();
            words::exec(&items)
        }
    }
}
