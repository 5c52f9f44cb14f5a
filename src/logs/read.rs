//! One pass over all logs, on all threads, in bounded memory.

use std::io::Read as _;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::input::{Plain, open_plain};

use super::format::{Columns, Format, Formats, HEAD_LINES, HEADER};
use super::probe::Prober;
use super::tally::{Tally, site_of};
use super::target::Targets;

/// Lines come in blocks of about this many bytes.
const BLOCK: usize = 1 << 20;
/// Blocks that wait for a thread.
const WAITING: usize = 4;

/// A log on disk.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Log {
    /// As reports name it.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
}

/// What happened to a log that was not read, or not to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// As reports name it.
    pub name: String,
    /// Why, and what to do.
    pub why: String,
}

/// Lines of one log.
struct Block {
    log: u32,
    /// The number of the first line, from 1.
    line: u64,
    format: Arc<Format>,
    bytes: Vec<u8>,
}

/// Reads all logs, and counts.
pub(super) fn read(
    logs: &[Log],
    formats: &Formats,
    targets: &Targets,
    jobs: usize,
) -> (Tally, Vec<Unread>) {
    let (sender, receiver) = sync_channel::<Block>(WAITING);
    let receiver = Mutex::new(receiver);
    let (free, emptied) = sync_channel::<Vec<u8>>(WAITING + jobs + 1);
    let mut unread = Vec::new();
    let mut tally = Tally::new(targets.all.len(), logs.len());
    let sites: Vec<u64> = logs.iter().map(|log| site_of(&log.name)).collect();
    thread::scope(|scope| {
        let work = || worker(&receiver, &free, (formats, targets, &sites));
        let workers: Vec<_> = (0..jobs.max(1)).map(|_| scope.spawn(work)).collect();
        for (number, log) in logs.iter().enumerate() {
            let mut reader = Reader {
                log: u32::try_from(number).unwrap_or(u32::MAX),
                formats,
                sender: &sender,
                emptied: &emptied,
            };
            if let Err(why) = reader.read(log) {
                unread.push(Unread {
                    name: log.name.clone(),
                    why,
                });
            }
        }
        drop(sender);
        for worker in workers {
            if let Ok(part) = worker.join() {
                tally.merge(part);
            }
        }
    });
    (tally, unread)
}

struct Reader<'r> {
    log: u32,
    formats: &'r Formats,
    sender: &'r SyncSender<Block>,
    emptied: &'r Receiver<Vec<u8>>,
}

impl Reader<'_> {
    /// Reads one log to its end. The error says why not, in words.
    fn read(&mut self, log: &Log) -> Result<(), String> {
        let Plain {
            bytes: mut source,
            most,
        } = open_plain(&log.path).map_err(|error| error.to_string())?;
        let mut format: Option<Arc<Format>> = None;
        let mut line = 1;
        let mut rest: Vec<u8> = Vec::new();
        let mut total = 0;
        loop {
            let mut bytes = self.emptied.try_recv().unwrap_or_default();
            bytes.clear();
            bytes.append(&mut rest);
            let wanted = (BLOCK.saturating_sub(bytes.len()) + 1) as u64;
            let read = source.by_ref().take(wanted).read_to_end(&mut bytes);
            let read = read.map_err(|error| format!("it could not be read to its end: {error}"))?;
            total += read as u64;
            let is_last = read == 0;
            let end = if is_last {
                bytes.len()
            } else {
                memchr::memrchr(b'\n', &bytes).map_or(0, |at| at + 1)
            };
            rest.extend_from_slice(&bytes[end..]);
            bytes.truncate(end);
            if rest.len() > BLOCK {
                // No line of a log is as long as that.
                rest.clear();
            }
            if !bytes.is_empty() {
                let format = self.format(&mut format, &bytes)?;
                let count = memchr::memchr_iter(b'\n', &bytes).count() as u64;
                let block = Block {
                    log: self.log,
                    line,
                    format,
                    bytes,
                };
                line += count;
                if self.sender.send(block).is_err() {
                    return Err("it could not be read to its end".to_owned());
                }
            }
            if is_last {
                return Ok(());
            }
            if total > most {
                return Err(format!(
                    "more comes out of it than is unpacked of a file of its length: {most} bytes were read; unpack it"
                ));
            }
        }
    }

    /// The format of a block. Columns may be named anew in the middle of a log.
    fn format(&self, known: &mut Option<Arc<Format>>, bytes: &[u8]) -> Result<Arc<Format>, String> {
        let format = match known.take() {
            Some(format) => format,
            None => {
                let lines = bytes.split(|&byte| byte == b'\n').map(trimmed);
                let head: Vec<&[u8]> = lines.take(2 * HEAD_LINES).collect();
                let guessed = self.formats.guess(&head).ok_or(
                    "its lines are of no format that is known; --server-config with the configuration that sets the \
                     format settles it",
                )?;
                Arc::new(guessed)
            }
        };
        let mut next = Arc::clone(&format);
        if matches!(*format, Format::Columns(_)) {
            let headers = memchr::memmem::find_iter(bytes, HEADER);
            if let Some(columns) = headers
                .last()
                .and_then(|at| Columns::of(first_line(&bytes[at..])))
            {
                next = Arc::new(Format::Columns(columns));
            }
        }
        *known = Some(next);
        Ok(format)
    }
}

fn first_line(bytes: &[u8]) -> &[u8] {
    trimmed(
        bytes
            .split(|&byte| byte == b'\n')
            .next()
            .unwrap_or_default(),
    )
}

fn trimmed(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Takes blocks until there are no more.
fn worker(
    receiver: &Mutex<Receiver<Block>>,
    free: &SyncSender<Vec<u8>>,
    (formats, targets, sites): (&Formats, &Targets, &[u64]),
) -> Tally {
    let mut tally = Tally::new(targets.all.len(), sites.len());
    let Ok(prober) = Prober::new() else {
        return tally;
    };
    loop {
        let block = receiver
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .recv();
        let Ok(block) = block else {
            return tally;
        };
        count(&mut tally, &block, formats, (targets, &prober, sites));
        // Nobody takes it when the last log has been read.
        let _ = free.try_send(block.bytes);
    }
}

fn count(tally: &mut Tally, block: &Block, formats: &Formats, known: (&Targets, &Prober, &[u64])) {
    let mut format = Arc::clone(&block.format);
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', &block.bytes).chain([block.bytes.len()]);
    for (number, end) in (block.line..).zip(ends) {
        let text = trimmed(&block.bytes[start..end]);
        let at = (block.log, number);
        start = (end + 1).min(block.bytes.len());
        if text.is_empty() {
            continue;
        }
        if text[0] == b'#' {
            if let Some(columns) = Columns::of(text) {
                format = Arc::new(Format::Columns(columns));
            }
            continue;
        }
        match format.parse(text).or_else(|| formats.parse_other(text)) {
            Some(line) => tally.add(&line, at, known),
            None => tally.unparsed(block.log),
        }
    }
}
