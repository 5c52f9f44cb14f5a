//! Putting the hook where git looks for it, and taking it out.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cli::exit::Exit;
use crate::cli::{Failure, say};
use crate::rules::read_bounded;

use super::script::{Hook, is_ours};

pub(super) fn install(hook: Hook, force: bool) -> Result<Exit, Failure> {
    let directory = hooks(force)?;
    let file = directory.join(hook.name());
    let failed = |error: io::Error| failure(&file, &error);
    fs::create_dir_all(&directory).map_err(failed)?;
    let present = present(&file)?;
    let before = directory.join(hook.before());
    if present.as_deref().is_some_and(|text| !is_ours(text)) {
        if fs::symlink_metadata(&before).is_ok() {
            return Err(Failure::usage(format!(
                "{} is there already, from an installation before: look at both, and delete the one that is not wanted",
                before.display()
            )));
        }
        fs::rename(&file, &before).map_err(failed)?;
        say(&format!(
            "the hook that was there is {} now, and runs first",
            before.display()
        ));
    }
    let program = env::current_exe().map_err(failed)?;
    write(&file, &hook.script(&program)).map_err(failed)?;
    say(&format!(
        "{}: each {} is scanned from now on",
        file.display(),
        hook.act()
    ));
    Ok(Exit::Clean)
}

pub(super) fn uninstall(hook: Hook, force: bool) -> Result<Exit, Failure> {
    let directory = hooks(force)?;
    let file = directory.join(hook.name());
    let failed = |error: io::Error| failure(&file, &error);
    match present(&file)? {
        Some(text) if is_ours(&text) => fs::remove_file(&file).map_err(failed)?,
        Some(_) => {
            return Err(Failure::usage(format!(
                "{} is not ours, and stays as it is",
                file.display()
            )));
        }
        None => {
            say(&format!("{}: there is no hook", file.display()));
            return Ok(Exit::Clean);
        }
    }
    let before = directory.join(hook.before());
    if fs::symlink_metadata(&before).is_ok() {
        fs::rename(&before, &file).map_err(failed)?;
        say(&format!("{}: the hook of before is back", file.display()));
    } else {
        say(&format!("{}: taken out", file.display()));
    }
    Ok(Exit::Clean)
}

fn failure(file: &Path, error: &io::Error) -> Failure {
    Failure::usage(format!("the hook {}: {error}", file.display()))
}

/// What is there now, if anything is.
fn present(file: &Path) -> Result<Option<String>, Failure> {
    match fs::symlink_metadata(file) {
        // A program, or a link to one: not ours.
        Ok(metadata) if metadata.is_symlink() => Ok(Some(String::new())),
        Ok(_) => Ok(Some(read_bounded(file).unwrap_or_default())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failure(file, &error)),
    }
}

fn write(file: &Path, text: &str) -> io::Result<()> {
    fs::write(file, text)?;
    #[cfg(unix)]
    fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    Ok(())
}

/// Where git takes the hooks of this repository from, `core.hooksPath` included.
fn hooks(force: bool) -> Result<PathBuf, Failure> {
    let directory = PathBuf::from(git(&["rev-parse", "--git-path", "hooks"])?);
    let here = env::current_dir().map_err(Failure::internal)?;
    let real = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    // Of a directory that is still to be made, the one above tells where it is.
    let place = match directory.parent() {
        Some(above) if !directory.exists() => real(&here.join(above)),
        _ => real(&here.join(&directory)),
    };
    let mut own = vec![real(&here.join(git(&["rev-parse", "--git-common-dir"])?))];
    own.extend(git(&["rev-parse", "--show-toplevel"]).map(|top| real(Path::new(&top))));
    if !force && !own.iter().any(|own| place.starts_with(own)) {
        return Err(Failure::usage(format!(
            "git takes its hooks from {} (core.hooksPath), which is outside of this repository: others may use them as \
             well; --force installs there all the same",
            directory.display()
        )));
    }
    Ok(directory)
}

/// What git says, in one line.
fn git(args: &[&str]) -> Result<String, Failure> {
    let run = Command::new("git").args(args).output();
    let output = run.map_err(|error| Failure::usage(format!("git cannot be run: {error}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::usage(format!("git says: {}", said.trim())));
    }
    let said = String::from_utf8_lossy(&output.stdout);
    Ok(said.trim_end_matches(['\r', '\n']).to_owned())
}
