//! What is in an image, as far as the tree tells it.

use std::collections::BTreeMap;

use crate::finding::Reason;
use crate::input::Files;

use super::super::super::ignored::{Ignored, matches_part};
use super::super::super::lex::dockerfile::{Instruction, argument, expanded, instructions};
use super::super::super::mapping::{Mapping, NOWHERE, Pair};
use super::super::super::path;
use super::super::commands::words::{self, Command};

/// More stages are not read.
const MAX_STAGES: usize = 50;

/// An image, or a container that is made from it.
#[derive(Debug, Clone, Default)]
pub(super) struct Image {
    /// The image from a registry that it starts with: `php:8.3-apache`.
    pub(super) base: String,
    /// Where files of the tree lie, the latest first.
    pub(super) pairs: Vec<Pair>,
    /// What the build leaves out.
    pub(super) ignored: Option<(String, Ignored)>,
    /// The working directory.
    pub(super) directory: String,
    /// The environment.
    pub(super) env: BTreeMap<String, String>,
    /// The commands that RUN ran, with their lines.
    pub(super) runs: Vec<(u32, Command)>,
    /// What it starts.
    pub(super) entry: Vec<Command>,
    /// What is appended to that, or started if there is none.
    pub(super) command: Vec<Command>,
    /// What says what it starts.
    pub(super) command_at: Option<Reason>,
    /// How it is known.
    pub(super) because: Vec<Reason>,
}

impl Image {
    /// An image from a registry.
    pub(super) fn of(base: &str, at: Reason) -> Self {
        Self {
            base: base.to_owned(),
            // <https://github.com/docker-library/php/blob/master/Dockerfile-linux.template>
            directory: if base.contains("apache") || base.contains("fpm") {
                "/var/www/html".to_owned()
            } else {
                "/".to_owned()
            },
            because: vec![at],
            ..Self::default()
        }
    }

    /// How its names relate to the tree's.
    pub(super) fn mapping(&self) -> Mapping {
        let mapping = Mapping::new(self.pairs.iter().cloned());
        match &self.ignored {
            Some((directory, ignored)) => mapping.without(directory, ignored.clone()),
            None => mapping,
        }
    }

    /// Lays something over a directory, as a mount does: what was copied there before is hidden.
    pub(super) fn mount(&mut self, server: &str, tree: Option<&str>) {
        self.pairs
            .retain(|pair| path::below(server, &pair.server).is_none());
        self.pairs.insert(
            0,
            Pair {
                server: server.to_owned(),
                tree: tree.unwrap_or(NOWHERE).to_owned(),
            },
        );
    }

    /// Variables in a text: `$X`, `${X}`, `${X:-default}`.
    pub(super) fn expanded(&self, text: &str) -> String {
        expanded(text, &self.env)
    }
}

/// What builds an image.
pub(super) struct Build<'b> {
    pub(super) files: &'b dyn Files,
    /// The Dockerfile, as reports name it.
    pub(super) file: &'b str,
    /// The directory that COPY copies from.
    pub(super) context: &'b str,
    /// The stage that is wanted; otherwise the last one.
    pub(super) target: Option<&'b str>,
}

impl Build<'_> {
    /// The image that comes out.
    pub(super) fn image(&self) -> Option<Image> {
        let text = self.files.text(self.file)?;
        let mut stages: Vec<(String, Image)> = Vec::new();
        let mut args: BTreeMap<String, String> = BTreeMap::new();
        for instruction in instructions(&text) {
            match instruction.name.as_str() {
                "FROM" if stages.len() < MAX_STAGES => {
                    let (name, image) = self.start(&instruction, &stages, &args)?;
                    stages.push((name, image));
                }
                "ARG" => {
                    let own = instruction.own_args();
                    let (name, value) =
                        argument(own).unwrap_or_else(|| (own.trim().to_owned(), String::new()));
                    match stages.last_mut() {
                        Some((_, image)) => {
                            let known = args.get(&name).cloned().filter(|_| value.is_empty());
                            image.env.entry(name).or_insert(known.unwrap_or(value));
                        }
                        None => {
                            args.insert(name, value);
                        }
                    }
                }
                _ => {
                    let (others, image) = match stages.split_last_mut() {
                        Some(((_, image), others)) => (others, image),
                        None => continue,
                    };
                    self.step(&instruction, image, others);
                }
            }
        }
        let wanted = |(name, _): &&(String, Image)| self.target == Some(name.as_str());
        let found = stages.iter().find(wanted).or(stages.last())?;
        let mut image = found.1.clone();
        image.ignored = self.ignored();
        Some(image)
    }

    fn ignored(&self) -> Option<(String, Ignored)> {
        let own = format!("{}.dockerignore", self.file);
        let text = self.files.text(&own);
        let text = text.or_else(|| {
            self.files
                .text(&path::inside(self.context, ".dockerignore"))
        })?;
        Some((self.context.to_owned(), Ignored::read(&text)))
    }

    fn at(&self, instruction: &Instruction) -> Reason {
        Reason::at(
            self.file,
            instruction.line,
            format!("{} {}", instruction.name, instruction.own_args()),
        )
    }

    fn start(
        &self,
        instruction: &Instruction,
        stages: &[(String, Image)],
        args: &BTreeMap<String, String>,
    ) -> Option<(String, Image)> {
        let words: Vec<&str> = instruction.after_options().split_whitespace().collect();
        let base = expanded(words.first()?, args);
        let name = match words.as_slice() {
            [_, as_word, name, ..] if as_word.eq_ignore_ascii_case("as") => (*name).to_owned(),
            _ => stages.len().to_string(),
        };
        let mut image = match stages.iter().find(|(name, _)| *name == base) {
            Some((_, image)) => image.clone(),
            None => Image::of(&base, self.at(instruction)),
        };
        if !image.because.contains(&self.at(instruction)) {
            image.because.push(self.at(instruction));
        }
        Some((name, image))
    }

    fn step(&self, instruction: &Instruction, image: &mut Image, stages: &[(String, Image)]) {
        let rest = image.expanded(instruction.own_args());
        match instruction.name.as_str() {
            "WORKDIR" => {
                let joined = path::join(&image.directory, rest.trim().trim_matches('"'));
                image.directory = joined.unwrap_or_default();
            }
            "ENV" => image.env.extend(variables(&rest)),
            "COPY" | "ADD" => self.copy(instruction, image, stages),
            "RUN" => {
                let document = instruction.args.lines().skip(1);
                let lines: Vec<String> = document.map(|line| image.expanded(line)).collect();
                for command in std::iter::once(&rest)
                    .chain(&lines)
                    .flat_map(|line| words::commands(line))
                {
                    link(&command, image);
                    image.runs.push((instruction.line, command));
                }
            }
            "CMD" => {
                image.command = parsed(instruction, &rest);
                image.command_at = Some(self.at(instruction));
            }
            "ENTRYPOINT" => {
                image.entry = parsed(instruction, &rest);
                image.command = Vec::new();
                image.command_at = Some(self.at(instruction));
            }
            _ => {}
        }
    }

    fn copy(&self, instruction: &Instruction, image: &mut Image, stages: &[(String, Image)]) {
        let words: Vec<String> = instruction.exec().unwrap_or_else(|| {
            let own = instruction.after_options().lines().next();
            let words = own.unwrap_or_default().split_whitespace();
            words
                .map(|word| word.trim_matches('"').to_owned())
                .collect()
        });
        let Some((target, sources)) = words.split_last() else {
            return;
        };
        let target = image.expanded(target);
        let Some(directory) = path::join(&image.directory, &target) else {
            return;
        };
        let from = instruction.option("from").map(|from| image.expanded(from));
        let mut pairs = Vec::new();
        for source in sources.iter().filter(|source| !source.starts_with("<<")) {
            let source = image.expanded(source);
            for tree in self.sources(&source, from.as_deref(), stages) {
                let name = path::base(&tree);
                let is_directory = self.files.is_directory(&tree)
                    || (!self.files.is_file(&tree) && !name.contains('.'));
                let into = target.ends_with('/') || target == "." || sources.len() > 1;
                let server = if is_directory || !into {
                    directory.clone()
                } else {
                    path::inside(&directory, name)
                };
                pairs.push(Pair { server, tree });
            }
        }
        if !pairs.is_empty() {
            image.because.push(self.at(instruction));
        }
        image.pairs.splice(0..0, pairs);
    }

    /// The files of the tree that a source of COPY names.
    fn sources(&self, source: &str, from: Option<&str>, stages: &[(String, Image)]) -> Vec<String> {
        if let Some(from) = from {
            let number = from.parse::<usize>().ok().and_then(|at| stages.get(at));
            let stage = stages.iter().find(|(name, _)| name == from).or(number);
            let server = path::join("/", source);
            let tree = stage
                .zip(server)
                .and_then(|((_, image), server)| image.mapping().to_tree(&server));
            return tree.into_iter().collect();
        }
        let source = source.trim_start_matches('/');
        let Some(tree) = path::join(self.context, source) else {
            return Vec::new();
        };
        // Copying from further out than the context is refused by the builder.
        if path::below(self.context, &tree).is_none() {
            return Vec::new();
        }
        let pattern = path::base(&tree);
        if !pattern.contains(['*', '?', '[']) {
            return vec![tree];
        }
        let parent = path::parent(&tree);
        let mut names = self.files.list(parent);
        names.retain(|name| matches_part(pattern, name));
        names
            .iter()
            .map(|name| path::inside(parent, name))
            .collect()
    }
}

fn parsed(instruction: &Instruction, rest: &str) -> Vec<Command> {
    match instruction.exec() {
        Some(words) => words::exec(&words),
        None => words::commands(rest),
    }
}

/// `ln -s TARGET NAME`: what lies at the target lies at the name as well.
fn link(command: &Command, image: &mut Image) {
    if command.program() != "ln" {
        return;
    }
    let operands: Vec<&String> = command
        .args()
        .iter()
        .filter(|word| !word.starts_with('-'))
        .collect();
    let [target, name] = operands.as_slice() else {
        return;
    };
    let Some(name) = path::join(&image.directory, name) else {
        return;
    };
    let target = path::join(path::parent(&name), target);
    if let Some(tree) = target.and_then(|target| image.mapping().to_tree(&target)) {
        image.pairs.insert(0, Pair { server: name, tree });
    }
}

/// `A=1 B="2 3"`, or the old form `A 1`.
fn variables(text: &str) -> Vec<(String, String)> {
    let first = text.split_whitespace().next().unwrap_or_default();
    if !first.contains('=') {
        let (name, value) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        return vec![(name.to_owned(), value.trim().to_owned())];
    }
    // The words of a command are cut and unquoted alike; the first one keeps its sign.
    let line = format!("ENV {text}");
    let commands = words::commands(&line);
    let words = commands.first().map_or(&[][..], Command::args);
    let pairs = words.iter().filter_map(|word| word.split_once('='));
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}
