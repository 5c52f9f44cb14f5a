//! `spillcheck site`: which servers a tree has, and what they make of files and URLs.

use std::collections::BTreeSet;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;

use clap::{Args, ValueEnum};

use crate::detect::{Engine, FileKind};
use crate::finding::{Redactor, Secret};
use crate::input::{self, Chunk, Disk, Files, Kind, Root, Sink, SourceFile, TextSource, shown};
use crate::report::SiteReport;
use crate::rules;
use crate::rules::compile::RuleSet;
use crate::site::{self, Model, Watch};

use super::Failure;
use super::exit::Exit;
use super::servers::ServerArgs;
use super::survey::names;

#[derive(Debug, Args)]
pub(super) struct SiteArgs {
    /// The directory of the application [default: .], then files of it whose verdict is wanted
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// A file whose verdict is wanted; may be repeated
    #[arg(long = "path", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// A URL, or its path, whose answer is wanted; may be repeated
    #[arg(long = "url", value_name = "URL")]
    urls: Vec<String>,
    /// The verdict of every file of the tree
    #[arg(long)]
    all_files: bool,
    /// Format of what is written to standard output
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = SiteFormat::Human)]
    format: SiteFormat,
    #[command(flatten)]
    servers: ServerArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SiteFormat {
    /// For people
    Human,
    /// One JSON object, described by schemas/site-1.json
    Json,
}

/// Finds the servers, asks them, and writes what they answer.
pub(super) fn run(args: &SiteArgs) -> Result<Exit, Failure> {
    if let Some(path) = args.servers.missing() {
        return Err(Failure::usage(format!(
            "{}: no such file or directory; check the spelling",
            path.display()
        )));
    }
    let (tree, named) = tree_of(args);
    let root = Root::Path(tree.to_owned());
    let survey = Survey {
        watch: Watch::new(site::WANTS.iter().copied()).below(names(std::slice::from_ref(&root))),
        files: args.all_files.then(Mutex::default),
    };
    let options = input::Options {
        jobs: thread::available_parallelism().map_or(1, usize::from),
        excludes: Vec::new(),
        only: input::Only::All,
        // Servers do not look into them.
        archives: None,
    };
    input::read(std::slice::from_ref(&root), &options, &survey).map_err(Failure::usage)?;
    let mut roots = vec![root.clone()];
    roots.extend(args.servers.extra_roots());
    let disk = Disk::new(&roots);
    let all = survey
        .files
        .map(|files| files.into_inner().unwrap_or_else(PoisonError::into_inner));
    let index = survey.watch.finish();
    let model = site::discover(&disk, &index, &args.servers.settings(&[root]));
    let mut wanted: Vec<String> = all.into_iter().flatten().collect();
    let by_name = named.iter().chain(&args.files);
    wanted.extend(by_name.map(|file| file_name(tree, file, &disk)));
    wanted.dedup();
    let mut report = SiteReport {
        roots: model.roots(),
        frameworks: site::frameworks(&disk, &index),
        files: wanted
            .iter()
            .map(|file| model.look_up(file, &disk))
            .collect(),
        urls: args
            .urls
            .iter()
            .flat_map(|url| model.ask(url, &disk))
            .collect(),
        notes: notes(&model, index.is_capped()),
    };
    redact(&mut report, &disk)?;
    write(args.format, &report)
}

/// The application's directory, and what else is named.
fn tree_of(args: &SiteArgs) -> (&Path, &[PathBuf]) {
    match args.paths.as_slice() {
        [] => (Path::new("."), &[]),
        [first, rest @ ..] if first.is_dir() || rest.is_empty() && !first.is_file() => {
            (first, rest)
        }
        files => (Path::new("."), files),
    }
}

/// A file of the tree, named from its top or from the current directory, as reports name it.
fn file_name(tree: &Path, file: &Path, disk: &Disk) -> String {
    let inside = shown(&tree.join(file));
    let outside = shown(file);
    if disk.kind(&inside) != Kind::Missing || disk.kind(&outside) == Kind::Unmapped {
        inside
    } else {
        outside
    }
}

fn notes(model: &Model, is_capped: bool) -> Vec<String> {
    let mut notes: BTreeSet<String> = model.notes().map(str::to_owned).collect();
    if is_capped {
        notes.insert("the tree has more files that tell of servers than are looked at".to_owned());
    }
    notes.into_iter().collect()
}

/// Chains repeat lines of configurations, which may hold credentials.
fn redact(report: &mut SiteReport, disk: &Disk) -> Result<(), Failure> {
    let engine = Engine::new(RuleSet::new(rules::builtin())).map_err(Failure::internal)?;
    let sources: BTreeSet<&str> = report.sources().collect();
    let mut secrets: Vec<Secret> = Vec::new();
    for name in sources {
        let Some(text) = disk.read(name) else {
            continue;
        };
        let kind = FileKind::of(name, &text);
        let part = engine.scan(&kind, &text, 0, 0..text.len());
        let found = engine.conclude(&kind, vec![part]).matches;
        secrets.extend(found.into_iter().map(|found| found.secret));
    }
    let redactor = Redactor::new(&secrets).map_err(Failure::internal)?;
    report.redact(&redactor);
    Ok(())
}

fn write(format: SiteFormat, report: &SiteReport) -> Result<Exit, Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    let written = match format {
        SiteFormat::Human => report.write_human(&mut out),
        SiteFormat::Json => report.write_json(&mut out),
    };
    match written.and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(Exit::Clean),
    }
}

/// Watches a walk.
struct Survey {
    watch: Watch,
    /// Every file, if they are wanted.
    files: Option<Mutex<BTreeSet<String>>>,
}

impl Sink for Survey {
    type Part = ();

    fn saw(&self, path: &str, kind: Kind) {
        self.watch.saw(path, kind);
        if let Some(files) = &self.files
            && kind == Kind::File
        {
            let mut files = files.lock().unwrap_or_else(PoisonError::into_inner);
            files.insert(path.to_owned());
        }
    }

    fn scan(&self, file: &SourceFile, chunk: Chunk<'_>) {
        self.watch.read_chunk(&file.path, &chunk);
    }

    fn conclude(&self, _file: &SourceFile, _parts: Vec<()>, _text: &mut dyn TextSource) {}
}
