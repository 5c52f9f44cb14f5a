//! Receives the text of all files and keeps what was found.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use crate::detect::{Engine, FileKind, Match, Part};
use crate::finding::{Commits, Excerpt, Location, Secret, Suppression, line_hashes};
use crate::input::{Chunk, Encoding, Kind, Sink, SkipReason, Skipped, SourceFile, TextSource};
use crate::site::Watch;

use super::excerpt::excerpt;
use super::locate::locate;
use super::marker;

/// So many comments of a chunk are looked at.
const MAX_MARKERS: usize = 1000;

/// A match with its place in the file.
#[derive(Debug, Clone)]
pub struct LocatedMatch {
    /// The match.
    pub found: Match,
    /// Where it stands.
    pub location: Location,
    /// The masked lines around it.
    pub excerpt: Excerpt,
    /// GitHub's hash of its line, if it was asked for.
    pub line_hash: Option<String>,
    /// The commits that carry it, if it is in a history.
    pub commits: Option<Box<Commits>>,
    /// The comment beside it that allows it.
    pub allowed: Option<Suppression>,
}

/// What one file gave.
#[derive(Debug)]
pub struct FileFindings {
    /// As in [`SourceFile::path`].
    pub path: String,
    /// The file on disk.
    pub real: Option<PathBuf>,
    /// Its length in bytes.
    pub size: u64,
    /// Sorted by place.
    pub matches: Vec<LocatedMatch>,
}

/// Runs the engine on all files.
pub struct Collector<'e> {
    engine: &'e Engine,
    watch: Option<&'e Watch>,
    line_hashes: bool,
    concluded: Arc<AtomicU64>,
    kept: Mutex<Collected>,
}

/// What all files gave.
#[derive(Debug, Default)]
pub struct Collected {
    /// Sorted by path.
    pub files: Vec<FileFindings>,
    /// What was not looked at for all its being read.
    pub skipped: Vec<Skipped>,
    /// Comments of ours that allow nothing: path and line, sorted.
    pub idle: Vec<(String, u64)>,
    /// How many matches were left out because they are not new.
    pub unchanged: u64,
}

impl Collected {
    /// Leaves out what is not new. `added` tells which bytes of a file are, as ranges in order; all may be where it
    /// does not know.
    pub fn keep_added(&mut self, added: impl Fn(&str) -> Option<Vec<Range<u64>>>) {
        for file in &mut self.files {
            let Some(added) = added(&file.path) else {
                continue;
            };
            let counting = |file: &FileFindings| {
                let matches = file.matches.iter();
                matches.filter(|found| found.allowed.is_none()).count()
            };
            let all = counting(file);
            file.matches
                .retain(|found| touches(&added, &found.location));
            self.unchanged += (all - counting(file)) as u64;
        }
    }
}

/// Whether any byte of a place is in one of the ranges.
fn touches(ranges: &[Range<u64>], place: &Location) -> bool {
    let next = ranges.partition_point(|range| range.end <= place.offset);
    let end = place.offset + place.length.max(1);
    ranges.get(next).is_some_and(|range| range.start < end)
}

impl<'e> Collector<'e> {
    /// Starts with nothing. `watch` looks out for what the site model and the checks want; `line_hashes`: whether
    /// to compute GitHub's hashes of lines.
    pub fn new(engine: &'e Engine, watch: Option<&'e Watch>, line_hashes: bool) -> Self {
        Self {
            engine,
            watch,
            line_hashes,
            concluded: Arc::default(),
            kept: Mutex::default(),
        }
    }

    /// Counts the files that have been looked at.
    pub fn counter(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.concluded)
    }

    /// What was found.
    pub fn finish(self) -> Collected {
        let mut kept = self
            .kept
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        kept.files.sort_by(|a, b| a.path.cmp(&b.path));
        kept.idle.sort();
        kept
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Collected> {
        self.kept
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn look(&self, file: &SourceFile, kind: &FileKind, chunk: &Chunk<'_>) -> Part {
        let (path, owned) = (file.path.as_str(), chunk.owned.clone());
        // What lies in an archive is no part of the site.
        let watch = self.watch.filter(|_| file.archive.is_none());
        let Some((watch, asked)) = watch.and_then(|watch| Some((watch, watch.asked(path)?))) else {
            return self.engine.scan(kind, chunk.text, chunk.offset, owned);
        };
        let (part, heard) = self
            .engine
            .scan_listening(kind, chunk.text, chunk.offset, owned);
        match heard {
            Some(heard) => watch.heard((path, asked), chunk, &heard),
            None => watch.read_chunk(path, chunk),
        }
        part
    }

    /// Gives matches their places; what is left of `markers` are those that allow nothing.
    fn locate(
        &self,
        (file, markers): (&SourceFile, &mut Vec<u64>),
        matches: Vec<Match>,
        text: &mut dyn TextSource,
    ) -> std::io::Result<Vec<LocatedMatch>> {
        let spans: Vec<_> = matches.iter().map(|found| found.span.clone()).collect();
        let places = locate(file, &spans, text)?;
        let secrets: Vec<(_, &Secret)> = matches
            .iter()
            .map(|found| (found.span.clone(), &found.secret))
            .collect();
        let excerpts: Vec<Excerpt> = places
            .iter()
            .map(|place| excerpt(place, &secrets))
            .collect();
        let lines: Vec<u64> = places.iter().map(|place| place.start.line).collect();
        let hashes = if self.line_hashes && file.encoding == Encoding::Bytes {
            line_hashes(&lines, |visit| text.pieces(visit))?
        } else {
            vec![None; lines.len()]
        };
        let located = matches.into_iter().zip(places).zip(excerpts).zip(hashes);
        let located = located.map(|(((found, place), excerpt), line_hash)| {
            let marker = marker::of(&place, self.rule(&found), &spans);
            if let Some(at) = marker.as_ref().and_then(|marker| marker.at) {
                markers.retain(|&start| start != at);
            }
            LocatedMatch {
                found,
                location: Location {
                    path: file.path.clone(),
                    offset: place.file_span.start,
                    length: place.file_span.end - place.file_span.start,
                    start: place.start,
                    end: place.end,
                    archive: file.archive.clone(),
                },
                excerpt,
                line_hash,
                commits: None,
                allowed: marker.map(|marker| marker.suppression),
            }
        });
        Ok(located.collect())
    }

    /// Takes down comments of ours that allow nothing.
    fn idle(
        &self,
        file: &SourceFile,
        markers: &[u64],
        text: &mut dyn TextSource,
    ) -> std::io::Result<()> {
        if markers.is_empty() || is_prose(&file.path) {
            return Ok(());
        }
        let spans: Vec<_> = markers.iter().map(|&at| marker::span(at)).collect();
        let places = locate(file, &spans, text)?;
        let places = places
            .iter()
            .map(|place| (file.path.clone(), place.start.line));
        self.kept().idle.extend(places);
        Ok(())
    }

    fn rule(&self, found: &Match) -> &str {
        &self.engine.rules().rules()[found.rule].rule.id
    }
}

/// Whether a file tells people about comments rather than having any.
fn is_prose(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    ["md", "mdx", "markdown", "rst", "adoc"].contains(&extension)
}

/// What a chunk gave.
#[derive(Debug)]
pub struct ChunkPart {
    kind: FileKind,
    part: Part,
    /// Where comments of ours start in the text of the file.
    markers: Vec<u64>,
}

impl Sink for Collector<'_> {
    type Part = ChunkPart;

    fn saw(&self, path: &str, kind: Kind) {
        if let Some(watch) = self.watch {
            watch.saw(path, kind);
        }
    }

    fn scan(&self, file: &SourceFile, chunk: Chunk<'_>) -> Self::Part {
        let kind = FileKind::of(&file.relative, chunk.text);
        let part = self.look(file, &kind, &chunk);
        // The bytes after what the chunk owns: those that a comment at its end goes on with.
        let end = (chunk.owned.end + marker::LEN).min(chunk.text.len());
        let own = &chunk.text[chunk.owned.start..end];
        let start = chunk.offset + chunk.owned.start as u64;
        let markers = marker::starts(own)
            .filter(|&at| at < chunk.owned.len())
            .take(MAX_MARKERS)
            .map(|at| start + at as u64)
            .collect();
        ChunkPart {
            kind,
            part,
            markers,
        }
    }

    fn conclude(&self, file: &SourceFile, parts: Vec<Self::Part>, text: &mut dyn TextSource) {
        self.concluded.fetch_add(1, Ordering::Relaxed);
        let mut kind = None;
        let mut markers = Vec::new();
        let parts = parts.into_iter().map(|chunk| {
            kind.get_or_insert(chunk.kind);
            markers.extend(chunk.markers);
            chunk.part
        });
        let parts: Vec<Part> = parts.collect();
        let Some(kind) = kind else { return };
        let found = self.engine.conclude(&kind, parts);
        let capped = found.capped.iter().map(|&rule| Skipped {
            path: file.path.clone(),
            reason: SkipReason::Capped,
            detail: Some(format!(
                "more matches of rule {} than are kept",
                self.engine.rules().rules()[rule].rule.id
            )),
        });
        self.kept().skipped.extend(capped);
        let located = if found.matches.is_empty() {
            Ok(Vec::new())
        } else {
            self.locate((file, &mut markers), found.matches, text)
        };
        let located = located.and_then(|matches| self.idle(file, &markers, text).map(|()| matches));
        match located {
            Ok(matches) if matches.is_empty() => {}
            Ok(matches) => self.kept().files.push(FileFindings {
                path: file.path.clone(),
                real: file.real.clone(),
                size: file.size,
                matches,
            }),
            Err(error) => self.kept().skipped.push(Skipped {
                path: file.path.clone(),
                reason: SkipReason::Unreadable,
                detail: Some(format!("changed while it was read: {error}")),
            }),
        }
    }
}
