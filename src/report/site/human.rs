//! For people.

use std::io::{self, Write};

use super::SiteReport;
use crate::finding::Reason;
use crate::report::human::text::printable;
use crate::site::{DocumentRoot, FileVerdict, Framework, UrlVerdict};

/// Of the URLs of one file this many are shown.
const MAX_URLS: usize = 8;

pub(super) fn write(report: &SiteReport, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "Document roots:")?;
    if report.roots.is_empty() {
        writeln!(
            out,
            "  none: nothing in the tree says how it is served; name one with --docroot, or a configuration with \
             --server-config"
        )?;
    }
    for root in &report.roots {
        write_root(root, out)?;
    }
    if !report.frameworks.is_empty() {
        writeln!(out, "\nFrameworks:")?;
    }
    for framework in &report.frameworks {
        write_framework(framework, out)?;
    }
    for file in &report.files {
        write_file(file, out)?;
    }
    for answer in &report.urls {
        let name = answer.path.as_deref().map(named);
        let what = match name {
            Some(name) if answer.is_listing => format!("a list of the files in {name}"),
            Some(name) => name,
            None => "no file".to_owned(),
        };
        writeln!(out, "\n{} -> {what}", printable(&answer.asked))?;
        write_verdict(&answer.verdict, out)?;
    }
    if !report.notes.is_empty() {
        writeln!(out, "\nNotes:")?;
    }
    for note in &report.notes {
        writeln!(out, "  {}", printable(note))?;
    }
    Ok(())
}

fn write_root(root: &DocumentRoot, out: &mut dyn Write) -> io::Result<()> {
    let path = match &root.path {
        Some(path) => named(path),
        None => format!("{} (not in the tree)", printable(&root.server_path)),
    };
    let assumed = if root.assumed.is_some() {
        ", assumed"
    } else {
        ""
    };
    writeln!(
        out,
        "  {path} at {} of {} ({}{assumed})",
        printable(&root.url),
        printable(&root.host),
        server(&root.server)
    )?;
    write_reasons(&root.because, out)?;
    if let Some(assumed) = &root.assumed {
        writeln!(out, "      assumed: {}", printable(assumed))?;
    }
    Ok(())
}

fn write_framework(framework: &Framework, out: &mut dyn Write) -> io::Result<()> {
    let version = framework.version.as_deref().unwrap_or("of unknown version");
    writeln!(
        out,
        "  {}: {} {}",
        named(&framework.directory),
        framework.name,
        printable(version)
    )?;
    write_reasons(&framework.because, out)
}

fn write_file(file: &FileVerdict, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}", named(&file.path))?;
    if file.urls.is_empty() {
        writeln!(out, "  no URL leads to it")?;
    }
    for url in file.urls.iter().take(MAX_URLS) {
        write_verdict(url, out)?;
    }
    if file.urls.len() > MAX_URLS {
        writeln!(out, "  and {} more URLs", file.urls.len() - MAX_URLS)?;
    }
    Ok(())
}

fn write_verdict(url: &UrlVerdict, out: &mut dyn Write) -> io::Result<()> {
    let status = url
        .status
        .map_or_else(String::new, |status| format!(" ({status})"));
    let assumed = if url.assumed.is_some() {
        ", assumed"
    } else {
        ""
    };
    writeln!(
        out,
        "  {}{status}: {} of {} ({}{assumed})",
        url.verdict.word(),
        printable(&url.url),
        printable(&url.host),
        server(&url.server)
    )?;
    write_reasons(&url.because, out)?;
    if let Some(assumed) = &url.assumed {
        writeln!(out, "      assumed: {}", printable(assumed))?;
    }
    if let Some(settle) = &url.settle {
        writeln!(out, "      it would be settled by: {}", printable(settle))?;
    }
    Ok(())
}

fn write_reasons(because: &[Reason], out: &mut dyn Write) -> io::Result<()> {
    for reason in because {
        let directive = printable(&reason.directive);
        match (&reason.file, reason.line) {
            (Some(file), Some(line)) => {
                writeln!(out, "      {}:{line}: {directive}", printable(file))?;
            }
            (Some(file), None) => writeln!(out, "      {}: {directive}", printable(file))?,
            (None, _) => writeln!(out, "      {directive}")?,
        }
    }
    Ok(())
}

/// A server of which nothing is known has no name.
fn server(word: &str) -> &str {
    if word == "assumed" {
        "server unknown"
    } else {
        word
    }
}

/// The empty name is the current directory.
fn named(path: &str) -> String {
    if path.is_empty() {
        ".".to_owned()
    } else {
        printable(path)
    }
}
