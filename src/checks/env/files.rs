//! Which files are environment files.

use crate::checks::Context;
use crate::checks::names::name;
use crate::site::Want;

pub(super) const WANTS: &[Want] = &[Want::start(".env"), Want::start("env."), Want::end(".env")];

/// What an environment file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `.env`.
    Plain,
    /// Another name for it, or a copy: `.env.production`, `.env.bak`, `mail.env`.
    Variant,
    /// A template for others to fill in: `.env.example`.
    Example,
    /// Encrypted: `.env.vault`.
    Encrypted,
}

/// What kind of environment file this is, if it is one.
pub(super) fn kind_of(path: &str) -> Option<Kind> {
    let name = name(path).to_ascii_lowercase();
    if name == ".env" {
        return Some(Kind::Plain);
    }
    let tail = match name.strip_prefix(".env") {
        Some(tail) if tail == "rc" || tail.starts_with(['.', '_', '-', '~']) => tail,
        Some(tail) if tail.bytes().all(|byte| byte.is_ascii_digit()) => tail,
        Some(_) => return None,
        // `env.ts` is a module of many applications; it is code, and served as such or not at all.
        None => match name.strip_prefix("env.") {
            Some("txt" | "bak" | "old" | "backup" | "prod" | "production" | "local" | "save") => "",
            Some("example" | "sample" | "dist" | "template") => "example",
            Some(_) => return None,
            None => name.strip_suffix(".env")?,
        },
    };
    let has_word = |words: &[&str]| {
        tail.split(['.', '_', '-'])
            .any(|part| words.contains(&part))
    };
    if has_word(&[
        "example", "sample", "dist", "template", "tpl", "schema", "default", "defaults",
    ]) {
        return Some(Kind::Example);
    }
    if has_word(&["vault", "enc", "encrypted", "age", "gpg"]) {
        return Some(Kind::Encrypted);
    }
    if has_word(&["d", "ts", "mjs", "php"]) {
        return None;
    }
    Some(Kind::Variant)
}

/// The application's environment files of these kinds that hold credentials.
pub(super) fn with_credentials<'c>(
    context: &'c Context<'_>,
    kinds: &'c [Kind],
) -> impl Iterator<Item = &'c str> {
    let holding = context.credentials.iter();
    holding.filter_map(move |(path, credentials)| {
        let kind = kind_of(path)?;
        let counts = kinds.contains(&kind) && !credentials.is_empty() && !context.is_aside(path);
        counts.then_some(path.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_a_file_is_for() {
        for (name, kind) in [
            ("a/.env", Some(Kind::Plain)),
            (".env.bak", Some(Kind::Variant)),
            (".env~", Some(Kind::Variant)),
            (".env_1", Some(Kind::Variant)),
            (".envrc", Some(Kind::Variant)),
            ("env.txt", Some(Kind::Variant)),
            ("sendgrid.env", Some(Kind::Variant)),
            (".env.production.local", Some(Kind::Variant)),
            (".env.example", Some(Kind::Example)),
            (".env.local.example", Some(Kind::Example)),
            ("example.env", Some(Kind::Example)),
            ("env.example", Some(Kind::Example)),
            (".env.vault", Some(Kind::Encrypted)),
            (".env.production.encrypted", Some(Kind::Encrypted)),
            (".environment", None),
            ("env.ts", None),
            (".env.php", None),
            ("environment", None),
        ] {
            assert_eq!(kind_of(name), kind, "{name}");
        }
    }
}
