//! The sample application: a bakery that leaks in all the usual ways.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::rules::template;

use super::args::{DemoArgs, ReadArgs, ScanArgs};
use super::exit::Exit;
use super::{Failure, scan};

const SAMPLE: &str = include_str!("../../fixtures/demo.template");
/// Each file of the sample starts with a line of this and its path.
const FILE_MARK: &str = "==> ";
const SEED: u64 = 7;

/// Renders the sample application, scans it and shows what is found. Findings are what a demonstration is for,
/// so they do not make it fail.
pub(super) fn run(args: &DemoArgs) -> Result<Exit, Failure> {
    let temporary = tempfile::tempdir()
        .map_err(|error| Failure::internal(format!("no temporary directory: {error}")))?;
    let dir = args
        .keep
        .clone()
        .unwrap_or_else(|| temporary.path().join("bakery"));
    write_sample(&dir).map_err(|error| {
        Failure::usage(format!(
            "the sample cannot be written to {}: {error}",
            dir.display()
        ))
    })?;
    // From inside, so that paths are as short as at home.
    let home = env::current_dir().map_err(Failure::internal)?;
    env::set_current_dir(&dir).map_err(Failure::internal)?;
    let scan_args = ScanArgs {
        read: ReadArgs {
            paths: vec![PathBuf::from(".")],
            isolated: true,
            ..ReadArgs::default()
        },
        exit_zero: true,
        no_color: args.no_color,
        ..ScanArgs::default()
    };
    let exit = scan::run(&scan_args);
    env::set_current_dir(home).map_err(Failure::internal)?;
    exit
}

fn write_sample(dir: &Path) -> io::Result<()> {
    for (path, text) in sample()? {
        let path = dir.join(path);
        fs::create_dir_all(path.parent().unwrap_or(dir))?;
        fs::write(path, text)?;
    }
    Ok(())
}

fn sample() -> io::Result<Vec<(PathBuf, String)>> {
    let rendered = template::render(SAMPLE, SEED).map_err(io::Error::other)?;
    let text = String::from_utf8(rendered.text).map_err(io::Error::other)?;
    let files = text
        .split(FILE_MARK)
        .filter_map(|file| file.split_once('\n'));
    Ok(files
        .map(|(path, text)| (PathBuf::from(path), text.to_owned()))
        .collect())
}
