//! Where it is kept between runs what was found clean, and for which engine and rules it counts.

use std::env;
use std::path::PathBuf;
use std::time::UNIX_EPOCH;

use sha2::{Digest as _, Sha256};

use crate::detect::Engine;
use crate::input::{Cache, CleanKey};

/// The user's cache of histories, if there is one: `$XDG_CACHE_HOME`, `~/.cache`, or `%LOCALAPPDATA%`.
pub(super) fn of(engine: &Engine) -> Option<Cache> {
    let named = |name: &str| env::var_os(name).map(PathBuf::from);
    let home = || named("HOME").map(|home| home.join(".cache"));
    let cache = named("XDG_CACHE_HOME")
        .or_else(home)
        .or_else(|| named("LOCALAPPDATA"))
        .filter(|cache| cache.is_absolute())?;
    Some(Cache {
        directory: cache.join("spillcheck").join("history"),
        key: key(engine)?,
    })
}

/// Changes with the program, whatever its version says, and with every rule.
fn key(engine: &Engine) -> Option<CleanKey> {
    let program = env::current_exe().ok()?.metadata().ok()?;
    let built = program.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    let mut digest = Sha256::new();
    digest.update(format!(
        "{} {} {}",
        env!("CARGO_PKG_VERSION"),
        program.len(),
        built.as_nanos()
    ));
    for compiled in engine.rules().rules() {
        digest.update(serde_json::to_vec(&compiled.rule).ok()?);
        digest.update([0]);
    }
    Some(digest.finalize().into())
}
