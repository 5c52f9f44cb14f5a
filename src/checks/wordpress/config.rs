//! What `wp-config.php` says.

use crate::checks::Context;
use crate::checks::names::{directory, name};
use crate::site::Want;
use crate::site::lex::php::{Define, Literal, Place, Script};

pub(super) const WANTS: &[Want] = &[Want::name("wp-config.php")];

/// The configurations of a tree: the file, and its text.
pub(super) fn configs<'c>(context: &'c Context<'_>) -> impl Iterator<Item = (&'c str, String)> {
    let all = context.index.named("wp-config.php");
    all.filter(|path| name(path) == "wp-config.php" && !context.is_aside(path))
        .filter_map(|path| Some((path, context.files.text(path)?)))
}

/// Constants that are set whatever happens; the first counts, as PHP keeps it.
pub(super) struct Constants<'s> {
    script: &'s Script<'s>,
    all: Vec<Define>,
}

impl<'s> Constants<'s> {
    pub(super) fn of(script: &'s Script<'s>) -> Self {
        let is_unset = |define: &Define| {
            let from = define.at.saturating_sub(12);
            // `if ( ! defined( 'X' ) ) { define( 'X', … ); }` sets it like the plain line.
            (from..define.at).any(|at| script.is_name(at, "defined"))
        };
        let counts = |define: &Define| script.place(define.at) == Place::Top || is_unset(define);
        Self {
            script,
            all: script.defines().filter(counts).collect(),
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Define> {
        self.all.iter().find(|define| define.name == name)
    }

    /// Its value, if that is written out.
    pub(super) fn value(&self, name: &str) -> Option<Literal> {
        self.script.literal(self.get(name)?.value.clone())
    }

    pub(super) fn is_true(&self, name: &str) -> bool {
        self.value(name).is_some_and(|value| value.is_true())
    }

    /// The line of its definition, from 1.
    pub(super) fn line(&self, name: &str) -> u32 {
        self.get(name).map_or(1, |define| define.line)
    }
}

/// Where WordPress itself is: beside its configuration, or below it in a directory of its own.
pub(super) fn root(config: &str) -> &str {
    directory(config)
}
