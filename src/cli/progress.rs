//! A sign of life for long scans.

use std::io::{self, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Short scans show no progress at all.
const BEFORE_FIRST: Duration = Duration::from_millis(500);
const BETWEEN: Duration = Duration::from_millis(200);

/// Shows on standard error how many files have been looked at.
pub(super) struct Progress {
    shown: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Starts to show a counter, if wanted.
    pub(super) fn start(wanted: bool, counter: Arc<AtomicU64>) -> Self {
        let shown = wanted.then(|| {
            let (stop, stopped) = mpsc::channel::<()>();
            let thread = thread::spawn(move || {
                let mut wait = BEFORE_FIRST;
                while stopped.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                    wait = BETWEEN;
                    let files = counter.load(Ordering::Relaxed);
                    let _ = write!(io::stderr().lock(), "\r{files} files");
                }
                if wait == BETWEEN {
                    let _ = write!(io::stderr().lock(), "\r\x1b[K");
                }
            });
            (stop, thread)
        });
        Self { shown }
    }

    /// Takes the counter off the terminal.
    pub(super) fn stop(self) {
        if let Some((stop, thread)) = self.shown {
            drop(stop);
            let _ = thread.join();
        }
    }
}
