//! Values made of words.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::super::alphabet::Profile;
use super::super::randomness::{is_random, randomness};
use super::vocabulary;

/// Longer words are not read as `p4ssw0rd` is.
const MAX_LEET: usize = 16;
/// More digits are a number that no one remembers.
const MAX_NUMBER: usize = 12;
/// A telling part beside so many random characters is part of a name, not of the value.
const MIN_RANDOM: usize = 16;
/// Bits a character: below this, letters are a word that somebody wrote.
const WRITTEN: f32 = 0.1;

static TELLING: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .ascii_case_insensitive(true)
        .build(vocabulary::telling_parts())
        .ok()
});

/// Whether the value is an instruction to put another one there, or says that there is none.
pub(super) fn says_what_belongs_there(value: &[u8], profile: &Profile) -> bool {
    is_no_value(value)
        || is_setting_name(value, profile)
        || has_telling_part(value)
        || is_foreign(value, profile)
}

/// Words in a script that has no letter of ASCII: labels and instructions. Generators take none of these.
fn is_foreign(value: &[u8], profile: &Profile) -> bool {
    !value.is_ascii()
        && profile.letters() + profile.digits == 0
        && std::str::from_utf8(value).is_ok()
}

/// Whether it says that there is none, perhaps between brackets or stars: `[FILTERED]`, `**REMOVED**`.
fn is_no_value(value: &[u8]) -> bool {
    let frames = |byte: &u8| b"*[](){}<>-_#".contains(byte);
    let start = value.iter().take_while(|byte| frames(byte)).count();
    let end = value.len()
        - value[start..]
            .iter()
            .rev()
            .take_while(|byte| frames(byte))
            .count();
    vocabulary::is_no_value(value) || (start > 0 && vocabulary::is_no_value(&value[start..end]))
}

/// Whether the value is made of words.
pub(super) fn is_made_up(value: &[u8], profile: &Profile) -> bool {
    is_written(value, profile) || is_common(value, profile)
}

fn has_telling_part(value: &[u8]) -> bool {
    let found = TELLING.as_ref().and_then(|telling| telling.find(value));
    found.is_some_and(|part| {
        let beside = [&value[..part.start()], &value[part.end()..]];
        !beside
            .iter()
            .any(|rest| rest.len() >= MIN_RANDOM && is_random(rest))
    })
}

/// `MAILGUN_API_KEY`: constants of words, one of which names a credential.
fn is_setting_name(value: &[u8], profile: &Profile) -> bool {
    profile.lower == 0
        && profile.has(b'_')
        && profile.upper + profile.digits + value.iter().filter(|&&byte| byte == b'_').count()
            == value.len()
        && value
            .split(|&byte| byte == b'_')
            .any(|word| NAMING.contains(&word))
        && !is_random(value)
}

const NAMING: &[&[u8]] = &[
    b"API",
    b"APIKEY",
    b"KEY",
    b"SECRET",
    b"TOKEN",
    b"PASSWORD",
    b"PASS",
    b"PASSWD",
    b"PWD",
    b"AUTH",
    b"ID",
    b"URL",
    b"USER",
    b"USERNAME",
    b"DSN",
    b"SALT",
    b"CREDENTIALS",
    b"HOST",
    b"DOMAIN",
];

/// Only words of the vocabulary, spelt with digits and symbols or not, numbers between and behind them.
fn is_common(value: &[u8], profile: &Profile) -> bool {
    if profile.len() > 64 {
        return false;
    }
    is_common_word(value)
        || (profile.letters() > 0 && words_of(value).all(|word| is_common_word(&value[word])))
}

fn is_common_word(word: &[u8]) -> bool {
    let core = word.trim_suffix_of(|byte| byte.is_ascii_digit() || byte.is_ascii_punctuation());
    let is_number = core.is_empty() && word.len() <= MAX_NUMBER;
    is_number || vocabulary::is_common(core) || is_label(core) || is_leet(word)
}

/// `dbpass`, `mysqlpassword`: what a password is for and that it is one, as variables and templates call it.
fn is_label(word: &[u8]) -> bool {
    let word = word.to_ascii_lowercase();
    let ends: &[&[u8]] = &[b"password", b"passwd", b"pass", b"pwd", b"pw"];
    let mut whats = ends.iter().filter_map(|end| word.strip_suffix(*end));
    whats.any(|what| LABELLED.contains(&what))
}

/// What passwords are for.
const LABELLED: &[&[u8]] = &[
    b"db",
    b"database",
    b"sql",
    b"mysql",
    b"mariadb",
    b"postgres",
    b"pgsql",
    b"pg",
    b"mongo",
    b"redis",
    b"smtp",
    b"mail",
    b"email",
    b"imap",
    b"ftp",
    b"ldap",
    b"user",
    b"my",
];

/// `p4ssw0rd`, `s3cret!`.
fn is_leet(word: &[u8]) -> bool {
    let word = word.trim_suffix_of(|byte| byte == b'!' || byte == b'.');
    if word.iter().all(u8::is_ascii_alphabetic) {
        return false;
    }
    let mut plain = [0; MAX_LEET];
    let Some(plain) = plain.get_mut(..word.len()) else {
        return false;
    };
    for (to, &from) in plain.iter_mut().zip(word) {
        *to = match from {
            b'0' => b'o',
            b'1' | b'!' => b'i',
            b'3' => b'e',
            b'4' | b'@' => b'a',
            b'5' | b'$' => b's',
            b'7' => b't',
            other => other,
        };
    }
    vocabulary::is_common(plain)
}

trait TrimSuffix {
    fn trim_suffix_of(&self, trims: impl Fn(u8) -> bool) -> &Self;
}

impl TrimSuffix for [u8] {
    fn trim_suffix_of(&self, trims: impl Fn(u8) -> bool) -> &Self {
        let end = self.iter().rposition(|&byte| !trims(byte));
        &self[..end.map_or(0, |last| last + 1)]
    }
}

/// Runs of letters and digits, cut where camel case starts a word.
fn words_of(value: &[u8]) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = 0;
    value
        .chunk_by(|&a, &b| {
            a.is_ascii_alphanumeric() == b.is_ascii_alphanumeric()
                && !(a.is_ascii_lowercase() && b.is_ascii_uppercase())
        })
        .map(move |chunk| {
            let range = start..start + chunk.len();
            start = range.end;
            range
        })
        .filter(|range| value[range.start].is_ascii_alphanumeric())
}

/// Words or a sentence that somebody wrote: letters and what joins words, as improbable from a generator as
/// text is.
fn is_written(value: &[u8], profile: &Profile) -> bool {
    let joins_only = value
        .iter()
        .all(|byte| byte.is_ascii_alphabetic() || b" _-.,:'!?".contains(byte) || !byte.is_ascii());
    let is_long_enough = profile.letters() >= 6;
    joins_only && is_long_enough && randomness(value) < WRITTEN
}
