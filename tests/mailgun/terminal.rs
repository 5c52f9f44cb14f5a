//! The binary on a terminal: that of `script`, from util-linux.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::mailgun_mock::Mock;
use crate::support::{Outcome, command};

/// What does not appear in this time does not appear.
const PATIENCE: Duration = Duration::from_secs(30);

/// A run that a test watches, and types into.
pub(crate) struct Terminal {
    child: Child,
    keyboard: ChildStdin,
    screen: Arc<Mutex<String>>,
    reader: JoinHandle<()>,
    /// How much of the screen has been waited for.
    seen: usize,
}

impl Terminal {
    /// Starts the binary with arguments.
    #[track_caller]
    pub(crate) fn start(dir: &Path, variables: &[(&str, &str)], args: &[&str]) -> Self {
        let words = [&[env!("CARGO_BIN_EXE_spillcheck")], args].concat();
        let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
        // The process is known by its number, so that it can be ended as hard as anything can be.
        let line = format!("echo process=$$.; exec {}", quoted.join(" "));
        let mut child = Command::new("script")
            .args(["-q", "-e", "-c", &line, "/dev/null"])
            .current_dir(dir)
            .env_remove("MAILGUN_API_KEY")
            .env("XDG_STATE_HOME", dir.join("state"))
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let screen = Arc::new(Mutex::new(String::new()));
        let mut output = child.stdout.take().unwrap();
        let shared = Arc::clone(&screen);
        let reader = thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(read @ 1..) = output.read(&mut buffer) {
                let text = String::from_utf8_lossy(&buffer[..read]);
                shared.lock().unwrap().push_str(&text);
            }
        });
        Self {
            keyboard: child.stdin.take().unwrap(),
            child,
            screen,
            reader,
            seen: 0,
        }
    }

    /// Starts `spillcheck mailgun` with the key of an administrator.
    #[track_caller]
    pub(crate) fn mailgun(mock: &Mock, dir: &Path, args: &[&str]) -> Self {
        let key = mock.account().keys[0].secret.clone();
        let plain = command(mock, dir, args);
        let args: Vec<&str> = plain.get_args().filter_map(|arg| arg.to_str()).collect();
        Self::start(dir, &[("MAILGUN_API_KEY", &key)], &args)
    }

    /// Waits until a text appears, and gives what stood before it.
    #[track_caller]
    pub(crate) fn waits_for(&mut self, text: &str) -> String {
        let start = Instant::now();
        loop {
            let screen = self.screen.lock().unwrap().clone();
            if let Some(at) = screen[self.seen..].find(text) {
                let before = screen[self.seen..self.seen + at].to_owned();
                self.seen += at + text.len();
                return before;
            }
            assert!(
                start.elapsed() < PATIENCE,
                "`{text}` is missing in {screen}"
            );
            thread::sleep(Duration::from_millis(5));
        }
    }

    pub(crate) fn types(&mut self, line: &str) {
        writeln!(self.keyboard, "{line}").unwrap();
    }

    /// Ends the process where it is.
    #[track_caller]
    pub(crate) fn kill(self) {
        let screen = self.screen.lock().unwrap().clone();
        let (_, rest) = screen.split_once("process=").unwrap();
        let (process, _) = rest.split_once('.').unwrap();
        let status = Command::new("kill").args(["-9", process]).status().unwrap();
        assert!(status.success(), "{screen}");
        self.ends();
    }

    /// Waits for the end. Both outputs come as one.
    pub(crate) fn ends(mut self) -> Outcome {
        let code = self.child.wait().unwrap().code();
        self.reader.join().unwrap();
        let stdout = self.screen.lock().unwrap().clone();
        Outcome {
            code,
            stdout,
            stderr: String::new(),
        }
    }
}

/// Runs `spillcheck mailgun` with the key of an administrator, and types a line.
#[track_caller]
pub(crate) fn on_terminal(mock: &Mock, dir: &Path, args: &[&str], typed: &str) -> Outcome {
    let mut terminal = Terminal::mailgun(mock, dir, args);
    terminal.types(typed.trim_end());
    terminal.ends()
}
