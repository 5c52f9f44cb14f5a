//! Where a new secret goes: into a named file, or onto the terminal, once.

use std::env;
use std::fs;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::{Failure, say};
use crate::finding::{Moment, Secret};
use crate::input::private_directory;

/// A longer file is no `.env`.
const MAX_LEN: u64 = 4 * 1024 * 1024;

/// Where a new secret goes.
#[derive(Debug, Args)]
pub(super) struct DeliverArgs {
    /// Write the new value into this .env file, and show it nowhere
    #[arg(long, value_name = "FILE", requires = "name")]
    write_to: Option<PathBuf>,
    /// The variable that gets it: MAILGUN_SECRET
    #[arg(long, value_name = "NAME", requires = "write_to")]
    name: Option<String>,
    /// Where the file is copied to before [default: spillcheck/backups in the user's state directory]
    #[arg(long, value_name = "DIR", requires = "write_to")]
    backup_dir: Option<PathBuf>,
}

/// A way for a secret that was looked at: once there is a new secret, it must not get lost.
#[derive(Debug)]
pub(super) enum Delivery {
    /// Onto the terminal.
    Terminal,
    /// Into a file.
    File(EnvFile),
}

/// A variable of a file.
#[derive(Debug)]
pub(super) struct EnvFile {
    path: PathBuf,
    name: String,
    backups: PathBuf,
}

impl DeliverArgs {
    /// Looks whether the secret can go where it shall.
    pub(super) fn prepare(&self) -> Result<Delivery, Failure> {
        let (Some(path), Some(name)) = (&self.write_to, &self.name) else {
            return match io::stdout().is_terminal() {
                true => Ok(Delivery::Terminal),
                false => Err(Failure::usage(
                    "a new secret is shown on a terminal alone: run this on one, or name a file with --write-to FILE \
                     --name NAME",
                )),
            };
        };
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if name.is_empty()
            || !name.chars().all(is_name)
            || name.starts_with(|c: char| c.is_ascii_digit())
        {
            return Err(Failure::usage(format!(
                "{name}: this is no name of a variable"
            )));
        }
        let about = |error: io::Error| Failure::usage(format!("{}: {error}", path.display()));
        // What a link leads to is what is changed.
        let path = fs::canonicalize(path).map_err(about)?;
        let metadata = fs::metadata(&path).map_err(about)?;
        if !metadata.is_file() || metadata.len() > MAX_LEN {
            return Err(Failure::usage(format!(
                "{}: this is no .env file",
                path.display()
            )));
        }
        let backups = self.backup_dir.clone().or_else(state_directory).ok_or_else(|| {
            Failure::usage("there is no home directory for a copy of the file: name a place with --backup-dir DIR")
        })?;
        private_directory(&backups)
            .map_err(|error| Failure::usage(format!("{}: {error}", backups.display())))?;
        Ok(Delivery::File(EnvFile {
            path,
            name: name.clone(),
            backups,
        }))
    }
}

impl Delivery {
    /// Hands a secret over. Gives the file that it was written into.
    pub(super) fn deliver(&self, what: &str, secret: &Secret) -> Result<Option<&Path>, Failure> {
        let file = match self {
            Self::Terminal => {
                show(what, secret)?;
                return Ok(None);
            }
            Self::File(file) => file,
        };
        match file.write(secret) {
            Ok(copy) => {
                say(&format!(
                    "{what} is in {} as {}; a copy of the file as it was is {}",
                    file.path.display(),
                    file.name,
                    copy.display()
                ));
                Ok(Some(&file.path))
            }
            // It exists at the provider, and nobody can ask for it again.
            Err(error) if io::stdout().is_terminal() => {
                say(&format!(
                    "{}: {error}; here is the value instead",
                    file.path.display()
                ));
                show(what, secret)?;
                Ok(None)
            }
            Err(error) => Err(Failure::usage(format!(
                "{}: {error}; {what} was made and is lost: make another one, and delete this one",
                file.path.display()
            ))),
        }
    }
}

fn show(what: &str, secret: &Secret) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    writeln!(out, "{what}, shown this once:")?;
    out.write_all(secret.expose())?;
    writeln!(out)?;
    out.flush()?;
    Ok(())
}

impl EnvFile {
    /// Replaces the value. Gives the copy of the file as it was.
    fn write(&self, secret: &Secret) -> io::Result<PathBuf> {
        let before = fs::read(&self.path)?;
        let directory = self.path.parent().unwrap_or(Path::new("/"));
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        // Like every file of `tempfile`, for its owner alone, and of a name that no other copy has.
        let mut kept = tempfile::Builder::new()
            .prefix(&format!("{name}-{}-", Moment::now().0))
            .tempfile_in(&self.backups)?;
        kept.write_all(&before)?;
        let (_, copy) = kept.keep().map_err(|error| error.error)?;
        let mut new = tempfile::Builder::new()
            .prefix(".spillcheck")
            .tempfile_in(directory)?;
        new.write_all(&replaced(&before, self.name.as_bytes(), secret.expose()))?;
        new.as_file()
            .set_permissions(fs::metadata(&self.path)?.permissions())?;
        keep_owner(new.as_file(), &self.path)?;
        new.as_file().sync_all()?;
        new.persist(&self.path).map_err(|error| error.error)?;
        Ok(copy)
    }
}

/// An application reads its `.env` as another user than root, who may be the one that runs this.
#[cfg(unix)]
fn keep_owner(new: &fs::File, old: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let (old, made) = (fs::metadata(old)?, new.metadata()?);
    if (old.uid(), old.gid()) != (made.uid(), made.gid()) {
        fchown(new, Some(old.uid()), Some(old.gid()))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn keep_owner(_: &fs::File, _: &Path) -> io::Result<()> {
    Ok(())
}

/// The text with a value for a name: in every line that assigns it, or in a new one at the end.
fn replaced(text: &[u8], name: &[u8], value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + name.len() + value.len() + 2);
    let mut is_there = false;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let body = line.trim_ascii_end();
        let start = body.trim_ascii_start();
        let after_export = start
            .strip_prefix(b"export ")
            .unwrap_or(start)
            .trim_ascii_start();
        let rest = after_export
            .strip_prefix(name)
            .map(<[u8]>::trim_ascii_start);
        if rest.is_some_and(|rest| rest.first() == Some(&b'=')) {
            is_there = true;
            out.extend_from_slice(&body[..body.len() - after_export.len()]);
            out.extend_from_slice(&[name, b"=", value].concat());
            out.extend_from_slice(&line[body.len()..]);
        } else {
            out.extend_from_slice(line);
        }
    }
    if !is_there {
        if out.last().is_some_and(|last| *last != b'\n') {
            out.push(b'\n');
        }
        out.extend_from_slice(&[name, b"=", value, b"\n"].concat());
    }
    out
}

/// `$XDG_STATE_HOME/spillcheck/backups`
/// (<https://specifications.freedesktop.org/basedir-spec/latest/>).
fn state_directory() -> Option<PathBuf> {
    let home = || Some(Path::new(&env::var_os("HOME")?).join(".local/state"));
    let state = env::var_os("XDG_STATE_HOME").map(PathBuf::from);
    let state = state.filter(|path| path.is_absolute()).or_else(home)?;
    Some(state.join("spillcheck/backups"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_replaced_and_nothing_else() {
        let text =
            |text: &str| String::from_utf8(replaced(text.as_bytes(), b"KEY", b"new")).unwrap();
        assert_eq!(
            text("A=1\r\nexport KEY = 'old'\r\nB=2"),
            "A=1\r\nexport KEY=new\r\nB=2"
        );
        assert_eq!(
            text("KEYS=1\n#KEY=2\n  KEY=3\n"),
            "KEYS=1\n#KEY=2\n  KEY=new\n"
        );
        assert_eq!(text("A=1"), "A=1\nKEY=new\n");
        assert_eq!(text(""), "KEY=new\n");
    }
}
