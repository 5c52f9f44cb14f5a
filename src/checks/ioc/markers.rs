//! Names by which known web shells and mailers call themselves, as hashes of their words.
//!
//! The names stand in public lists such as
//! <https://github.com/coreruleset/coreruleset/blob/main/rules/web-shells-php.data>.

use std::collections::BTreeSet;

const SHELL: &str = "web shell";
const MAILER: &str = "mailer that sends spam";

/// One word or two.
struct Marker {
    /// Made when this program is built.
    hash: u64,
    shapes: [Shape; 2],
    needle: &'static str,
    names: &'static str,
}

/// How a word begins, in lower case, and how long it is.
#[derive(Clone, Copy)]
struct Shape(u8, usize);

const MARKERS: &[Marker] = &[
    one("filesman", SHELL),
    one("b374k", SHELL),
    one("c99sh", SHELL),
    one("c99shell", SHELL),
    one("c99sh_getupdate", SHELL),
    one("c999sh", SHELL),
    one("r57shell", SHELL),
    two("r57", "shell", "r57", SHELL),
    two("c99", "shell", "c99", SHELL),
    two("c100", "shell", "c100", SHELL),
    one("wsologin", SHELL),
    two("wso", "login", "wso", SHELL),
    one("wsoex", SHELL),
    one("indoxploit", SHELL),
    one("solevisible", SHELL),
    one("alfacgiapi", SHELL),
    one("alfa_data", SHELL),
    one("anonymousfox", SHELL),
    one("chitoge", SHELL),
    one("simattacker", SHELL),
    one("ajaxshell", SHELL),
    two("ajax", "shell", "shell", SHELL),
    one("phpjackal", SHELL),
    one("safe0ver", SHELL),
    one("cyb3rsh3ll", SHELL),
    two("cyber", "shell", "cyber", SHELL),
    one("sosyete", SHELL),
    one("p0wny", SHELL),
    one("phpspy", SHELL),
    one("nstview", SHELL),
    one("locus7s", SHELL),
    one("tryag", SHELL),
    one("antichat", SHELL),
    one("webadmin2000", SHELL),
    one("gammashell", SHELL),
    one("h4ntu", SHELL),
    one("nfmphp", SHELL),
    two("angel", "shell", "shell", SHELL),
    one("leafmailer", MAILER),
    two("leaf", "phpmailer", "leaf", MAILER),
    one("alexusmailer", MAILER),
    one("xleet", MAILER),
    two("owl", "phpmailer", "phpmailer", MAILER),
    one("gammasmtp", MAILER),
    two("inbox", "mass", "inbox", MAILER),
];

/// A piece of each marker: where none of them stands no marker does.
pub(super) const NEEDLES: &[&str] = &{
    let mut needles = [""; MARKERS.len()];
    let mut at = 0;
    while at < MARKERS.len() {
        needles[at] = MARKERS[at].needle;
        at += 1;
    }
    needles
};

/// More names than this stand in lists of signatures.
const MAX_NAMES: usize = 4;

/// The first of these names and its line. A file that has many is a list of them.
pub(super) fn tool(text: &str) -> Option<(u32, &'static str)> {
    let mut first: Option<(u32, &'static str)> = None;
    let mut names = BTreeSet::new();
    let (mut line, mut before) = (1, 0);
    for word in words(text.as_bytes()) {
        let word = match word {
            Piece::Word(word) => word,
            Piece::LineEnd => {
                (line, before) = (line + 1, 0);
                continue;
            }
        };
        if !has_shape(word) {
            before = 0;
            continue;
        }
        let hash = hash(word, START);
        let pair = if before == 0 {
            0
        } else {
            hash_word(before, word)
        };
        before = hash;
        if !may_be_marker(hash) && !may_be_marker(pair) {
            continue;
        }
        let known = |marker: &&Marker| marker.hash == hash || marker.hash == pair;
        if let Some(marker) = MARKERS.iter().find(known) {
            names.insert(marker.hash);
            first.get_or_insert((line, marker.names));
        }
    }
    first.filter(|_| names.len() <= MAX_NAMES)
}

/// By the last bits of its hash: nearly every word is told apart from all markers by these.
const LAST_BITS: usize = 4096;
static MARKED: [bool; LAST_BITS] = {
    let mut marked = [false; LAST_BITS];
    let mut at = 0;
    while at < MARKERS.len() {
        marked[MARKERS[at].hash as usize % LAST_BITS] = true;
        at += 1;
    }
    marked
};

/// The lengths that words of markers have, by their first byte: nearly no other word has to be hashed.
static SHAPES: [u64; 256] = {
    let mut shapes = [0; 256];
    let mut at = 0;
    while at < MARKERS.len() {
        let [Shape(first, length), Shape(second, other)] = MARKERS[at].shapes;
        shapes[first as usize] |= 1 << length;
        shapes[second as usize] |= 1 << other;
        at += 1;
    }
    shapes
};

fn has_shape(word: &[u8]) -> bool {
    let first = word.first().map_or(0, u8::to_ascii_lowercase);
    SHAPES[usize::from(first)] >> word.len() & 1 == 1
}

fn may_be_marker(hash: u64) -> bool {
    MARKED[hash as usize % LAST_BITS]
}

enum Piece<'t> {
    Word(&'t [u8]),
    LineEnd,
}

/// Words of a length that names have, and the ends of lines.
fn words(text: &[u8]) -> impl Iterator<Item = Piece<'_>> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = &text[at..];
            let first = *rest.first()?;
            if !is_word(first) {
                at += 1;
                if first == b'\n' {
                    return Some(Piece::LineEnd);
                }
                continue;
            }
            let len = rest.iter().position(|&byte| !is_word(byte));
            let word = &rest[..len.unwrap_or(rest.len())];
            at += word.len();
            if (3..=32).contains(&word.len()) {
                return Some(Piece::Word(word));
            }
        }
    })
}

const START: u64 = 0xcbf2_9ce4_8422_2325;

const fn one(word: &'static str, names: &'static str) -> Marker {
    let shape = shape(word);
    Marker {
        hash: hash(word.as_bytes(), START),
        shapes: [shape, shape],
        needle: piece(word),
        names,
    }
}

/// The needle is a piece of the word that is met less often.
const fn two(first: &str, second: &str, needle: &'static str, names: &'static str) -> Marker {
    Marker {
        hash: hash_word(hash(first.as_bytes(), START), second.as_bytes()),
        shapes: [shape(first), shape(second)],
        needle,
        names,
    }
}

/// Without its first letter: this program, too, is searched by those who look for such names.
const fn piece(word: &'static str) -> &'static str {
    word.split_at(1).1
}

const fn shape(word: &str) -> Shape {
    Shape(word.as_bytes()[0].to_ascii_lowercase(), word.len())
}

const fn hash_word(before: u64, word: &[u8]) -> u64 {
    hash(word, hash(b" ", before))
}

/// FNV-1a without regard to case: <http://www.isthe.com/chongo/tech/comp/fnv/>.
const fn hash(bytes: &[u8], mut value: u64) -> u64 {
    let mut at = 0;
    while at < bytes.len() {
        value ^= bytes[at].to_ascii_lowercase() as u64;
        value = value.wrapping_mul(0x0000_0100_0000_01b3);
        at += 1;
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_as_words_and_lists_of_them_are_not() {
        assert_eq!(tool("<?php\n// Leaf  PHPMailer 2.8"), Some((2, MAILER)));
        assert_eq!(tool("$title = 'IndoXploit';"), Some((1, SHELL)));
        assert_eq!(tool("autumn leaf, phpmailers"), None);
        assert_eq!(tool("filesmanager"), None);
        assert_eq!(tool("leaf\nphpmailer"), None);
        assert_eq!(tool("b374k c99sh r57shell xleet tryag"), None);
    }

    #[test]
    fn where_a_name_stands_a_needle_stands() {
        for name in [
            "FilesMan",
            "Leaf PHPMailer",
            "Owl PHPmailer",
            "WSO Login",
            "ajax shell",
            "R57 shell",
        ] {
            let lower = name.to_ascii_lowercase();
            assert!(
                NEEDLES.iter().any(|needle| lower.contains(needle)),
                "{name}"
            );
            assert!(tool(name).is_some(), "{name}");
        }
    }
}
