//! `spillcheck report convert` and `spillcheck merge`: what to do with saved reports.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use crate::finding::Severity;
use crate::report::{self, Format, RenderOptions, Saved};

use super::Failure;
use super::args::{level, parse_output};
use super::exit::Exit;
use super::scan::{ended, to_file, to_stdout};

/// Longer reports are not read.
const MAX_REPORT: u64 = 1024 * 1024 * 1024;

#[derive(Debug, Subcommand)]
pub(super) enum ReportCommand {
    /// Write a saved JSON report in another format
    Convert {
        /// A report of `--format json`; `-` is standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[command(flatten)]
        output: OutputArgs,
    },
}

#[derive(Debug, Args)]
pub(super) struct MergeArgs {
    /// Reports of `--format json`; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Debug, Args)]
pub(super) struct OutputArgs {
    /// Format of what is written to standard output
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Json)]
    format: Format,
    /// Write a report to a file as well: `sarif=spillcheck.sarif`; may be repeated
    #[arg(long = "output", value_name = "FORMAT=PATH", value_parser = parse_output)]
    outputs: Vec<(Format, PathBuf)>,
    /// Exit as a scan with this --fail-on would: with 1 for findings, with 3 for what was not read
    #[arg(long, value_name = "SEVERITY", value_parser = level::<Severity>(Severity::WORDS))]
    fail_on: Option<Severity>,
}

pub(super) fn run(command: &ReportCommand) -> Result<Exit, Failure> {
    match command {
        ReportCommand::Convert { file, output } => output.write(&read(file)?),
    }
}

pub(super) fn merge(args: &MergeArgs) -> Result<Exit, Failure> {
    let mut merged: Option<Saved> = None;
    for file in &args.files {
        let report = read(file)?;
        merged = Some(match merged {
            Some(others) => others.merge(report),
            None => report,
        });
    }
    match merged {
        Some(report) => args.output.write(&report),
        None => Err(Failure::usage("name the reports to merge")),
    }
}

impl OutputArgs {
    fn write(&self, report: &Saved) -> Result<Exit, Failure> {
        let options = RenderOptions {
            fail_on: self.fail_on,
            ended: ended(),
            ..RenderOptions::default()
        };
        for (format, path) in &self.outputs {
            to_file(path, |out| {
                report::write_saved(report, *format, &options, out)
            })?;
        }
        to_stdout(|out| report::write_saved(report, self.format, &options, out))?;
        Ok(self.exit(report))
    }

    fn exit(&self, report: &Saved) -> Exit {
        let Some(bar) = self.fail_on else {
            return Exit::Clean;
        };
        if report.severities().any(|severity| severity >= bar) {
            Exit::Findings
        } else if report.is_complete() {
            Exit::Clean
        } else {
            Exit::Incomplete
        }
    }
}

fn read(file: &Path) -> Result<Saved, Failure> {
    let text = bytes(file)
        .map_err(|error| Failure::usage(format!("{} cannot be read: {error}", file.display())))?;
    Saved::read(&text).map_err(|error| Failure::usage(format!("{}: {error}", file.display())))
}

fn bytes(file: &Path) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    if file == Path::new("-") {
        io::stdin()
            .lock()
            .take(MAX_REPORT + 1)
            .read_to_end(&mut text)?;
    } else {
        File::open(file)?
            .take(MAX_REPORT + 1)
            .read_to_end(&mut text)?;
    }
    if text.len() as u64 > MAX_REPORT {
        return Err(io::Error::other(format!(
            "it is longer than {MAX_REPORT} bytes"
        )));
    }
    Ok(text)
}
