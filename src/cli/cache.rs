//! Where it is kept between runs what was read and found clean, and for which program and rules it counts.

use std::env;
use std::path::PathBuf;
use std::time::UNIX_EPOCH;

use sha2::{Digest as _, Sha256};

use crate::detect::Engine;
use crate::input::{Cache, CacheKey};

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
        program: program()?,
        rules: rules(engine)?,
    })
}

/// Changes with the program, whatever its version says.
fn program() -> Option<CacheKey> {
    let program = env::current_exe().ok()?.metadata().ok()?;
    let built = program.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    let version = env!("CARGO_PKG_VERSION");
    let named = format!("{version} {} {}", program.len(), built.as_nanos());
    Some(Sha256::digest(named).into())
}

/// Changes with every rule.
fn rules(engine: &Engine) -> Option<CacheKey> {
    let mut digest = Sha256::new();
    for compiled in engine.rules().rules() {
        digest.update(serde_json::to_vec(&compiled.rule).ok()?);
        digest.update([0]);
    }
    Some(digest.finalize().into())
}
