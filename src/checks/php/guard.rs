//! Whether something before a place in a script may keep strangers from it.

use crate::site::lex::php::{Kind, Script};

/// Names that such things have.
const WORDS: &[&str] = &[
    "auth",
    "login",
    "logged",
    "session",
    "admin",
    "permission",
    "current_user",
    "is_granted",
    "acl",
    "token",
    "nonce",
    "php_sapi",
    "remote_addr",
    "password",
    "debug",
];

/// What stands before a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guard {
    /// Nothing that asks.
    Nothing,
    /// Something that may ask: another file, a condition on the user or the address.
    Perhaps,
    /// The file ends at once if it is asked for by itself.
    Always,
}

/// What stands before a token.
pub(super) fn before(script: &Script<'_>, at: usize) -> Guard {
    let mut guard = Guard::Nothing;
    for number in 0..at {
        let is_include = ["include", "include_once", "require", "require_once"]
            .iter()
            .any(|name| script.is_name(number, name));
        if is_include || has_word(script, number) {
            guard = Guard::Perhaps;
        }
        if script.is_name(number, "defined") && is_exit_near(script, number, at) {
            return Guard::Always;
        }
    }
    guard
}

fn has_word(script: &Script<'_>, at: usize) -> bool {
    let kinds = [Kind::Name, Kind::Variable, Kind::Text];
    if !kinds.iter().any(|kind| script.is(at, *kind)) {
        return false;
    }
    let written = script.written(at);
    if written.len() > 200 {
        return false;
    }
    let written = written.to_ascii_lowercase();
    WORDS.iter().any(|word| written.contains(word))
}

/// `defined('ABSPATH') || exit;`, `if (!defined('X')) { die(); }`.
fn is_exit_near(script: &Script<'_>, at: usize, before: usize) -> bool {
    (at..before.min(at + 12)).any(|at| script.is_name(at, "exit") || script.is_name(at, "die"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_ask_is_told_from_what_ends_the_file() {
        let guard = |text: &str| {
            let script = Script::new(text);
            let call = script.calls().find(|call| call.is("phpinfo")).unwrap();
            before(&script, call.at)
        };
        assert_eq!(guard("<?php $a = 1; phpinfo();"), Guard::Nothing);
        assert_eq!(
            guard("<?php define('A_TO_ROOT', ''); phpinfo();"),
            Guard::Nothing
        );
        assert_eq!(
            guard("<?php require_once A . 'b.php'; phpinfo();"),
            Guard::Perhaps
        );
        assert_eq!(
            guard("<?php if (!current_user_can('x')) die; phpinfo();"),
            Guard::Perhaps
        );
        assert_eq!(
            guard("<?php if (!defined('A')) { die(); } phpinfo();"),
            Guard::Always
        );
        assert_eq!(
            guard("<?php defined('A') || exit; phpinfo();"),
            Guard::Always
        );
    }
}
