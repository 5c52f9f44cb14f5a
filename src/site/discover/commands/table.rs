//! Programs that serve a directory, by how they are started.

use crate::finding::Reason;
use crate::input::Files;

use super::super::super::path;
use super::super::super::server::Software;
use super::super::super::simple::{Manner, Mount, Simple};
use super::words::Command;

/// A server that a command starts. Directories are the server's.
pub(super) struct Started {
    pub(super) server: Simple,
    /// Whether it is for development only.
    pub(super) is_dev: bool,
}

/// What is known where a command runs.
pub(super) struct Place<'p> {
    /// Files by the server's names.
    pub(super) files: &'p dyn Files,
    /// The directory that it runs in.
    pub(super) directory: &'p str,
    /// What says that it runs.
    pub(super) at: &'p Reason,
}

/// The server that a command starts, if it serves a directory.
pub(super) fn server(command: &Command, place: &Place<'_>) -> Option<Started> {
    let directory = command
        .changed
        .iter()
        .try_fold(place.directory.to_owned(), |at, to| path::join(&at, to))?;
    let run = Run {
        command,
        place,
        directory,
    };
    match command.program() {
        "php" | "php8" | "php7" => run.php(),
        "artisan" => run.artisan(),
        "symfony" if command.has(&["serve", "server:start", "local:server:start"]) => {
            run.one("symfony serve", Manner::PHP, Some("public"), true)
        }
        "http-server" => {
            let fallback = if run.is_directory("public") {
                "public"
            } else {
                "."
            };
            let directory =
                command.operand(&["-p", "--port", "-a", "-c", "-P", "-C", "-K", "-t", "-e"]);
            run.one(
                "http-server",
                Manner::HTTP_SERVER,
                Some(directory.unwrap_or(fallback)),
                false,
            )
        }
        "serve" => {
            let single = command.has(&["-s", "--single", "-sl", "-ls"]);
            let manner = if single {
                Manner::SERVE_SINGLE
            } else {
                Manner::SERVE
            };
            let valued = [
                "-l",
                "--listen",
                "-p",
                "--port",
                "-c",
                "--config",
                "--ssl-cert",
                "--ssl-key",
                "-sl",
            ];
            run.one("serve", manner, command.operand(&valued), false)
        }
        "sirv" => {
            let manner = if command.has(&["--dev", "-D"]) {
                Manner::SIRV_DEV
            } else {
                Manner::SIRV
            };
            run.one(
                "sirv",
                manner,
                command.operand(&["--port", "-p", "--host", "-H"]),
                false,
            )
        }
        "vite" => run.vite(),
        "next" => run.next(),
        "react-scripts" if command.has(&["start"]) => {
            run.one("react-scripts start", Manner::PUBLIC, Some("public"), true)
        }
        program if program.starts_with("python") => run.python(),
        _ => None,
    }
}

struct Run<'r> {
    command: &'r Command,
    place: &'r Place<'r>,
    directory: String,
}

impl Run<'_> {
    fn is_directory(&self, name: &str) -> bool {
        path::join(&self.directory, name).is_some_and(|name| self.place.files.is_directory(&name))
    }

    fn mount(&self, url: &str, directory: &str, manner: Manner) -> Option<Mount> {
        Some(Mount {
            url: url.to_owned(),
            dir: path::join(&self.directory, directory)?,
            manner,
            at: self.place.at.clone(),
        })
    }

    fn one(
        &self,
        name: &'static str,
        manner: Manner,
        directory: Option<&str>,
        is_dev: bool,
    ) -> Option<Started> {
        let mount = self.mount("/", directory.unwrap_or("."), manner)?;
        Some(Started {
            server: Simple::new(Software::Command(name), "*", vec![mount]),
            is_dev,
        })
    }

    fn php(&self) -> Option<Started> {
        let command = self.command;
        if command.args().iter().any(|word| word.ends_with("artisan")) {
            return self.artisan();
        }
        if command
            .args()
            .iter()
            .any(|word| path::base(word) == "spark")
            && command.has(&["serve"])
        {
            return self.one("php spark serve", Manner::PHP, Some("public"), true);
        }
        command.option(&["-S"])?;
        let started = self.one("php -S", Manner::PHP, command.option(&["-t"]), false)?;
        let script = command.operand(&["-S", "-t", "-d", "-c"]);
        Some(match script {
            Some(script) => Started {
                server: started.server.noting(format!(
                    "`{}` asks {script} first, which is not followed: it may refuse what the directory holds",
                    command.shown()
                )),
                ..started
            },
            None => started,
        })
    }

    /// Its own script sends what is in `public`, and calls `index.php` for everything else.
    fn artisan(&self) -> Option<Started> {
        let serves = self.command.has(&["serve"]) || self.command.has(&["octane:start"]);
        serves.then(|| self.one("artisan serve", Manner::PHP, Some("public"), false))?
    }

    fn python(&self) -> Option<Started> {
        let module = self.command.option(&["-m"])?;
        if module != "http.server" && module != "SimpleHTTPServer" {
            return None;
        }
        let directory = self.command.option(&["-d", "--directory"]);
        self.one("python -m http.server", Manner::PYTHON, directory, false)
    }

    fn vite(&self) -> Option<Started> {
        let command = self.command;
        if command.has(&["build", "optimize"]) {
            return None;
        }
        if command.has(&["preview"]) {
            let directory = command.option(&["--outDir"]).unwrap_or("dist");
            return self.one("vite preview", Manner::SIRV_DEV, Some(directory), false);
        }
        let operand = command.operand(&["--port", "--mode", "-m", "--config", "-c", "--base"]);
        let root = operand
            .filter(|word| !matches!(*word, "dev" | "serve"))
            .unwrap_or(".");
        let public = path::join(root, "public")?;
        let mounts = vec![
            self.mount("/", &public, Manner::PUBLIC)?,
            self.mount("/", root, Manner::VITE)?,
        ];
        Some(Started {
            server: Simple::new(Software::Command("vite"), "*", mounts),
            is_dev: true,
        })
    }

    /// <https://nextjs.org/docs/app/api-reference/file-conventions/public-folder>.
    fn next(&self) -> Option<Started> {
        let command = self.command;
        let is_dev = command.has(&["dev"]) || command.args().is_empty();
        if !is_dev && !command.has(&["start"]) {
            return None;
        }
        let mounts = vec![
            self.mount("/_next/static", ".next/static", Manner::PUBLIC)?,
            self.mount("/", "public", Manner::PUBLIC)?,
        ];
        let name = if is_dev { "next dev" } else { "next start" };
        Some(Started {
            server: Simple::new(Software::Command(name), "*", mounts),
            is_dev,
        })
    }
}
