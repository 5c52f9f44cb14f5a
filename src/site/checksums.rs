//! What WordPress ships: the MD5 of each file of a version, from a list that the user has.
//!
//! <https://api.wordpress.org/core/checksums/1.0/?version=6.8.1&locale=en_US> gives it as JSON, `md5sum` as lines.

use std::collections::BTreeMap;

use md5::{Digest as _, Md5};

use super::packages::{ReadError, json};

/// A longer list names more than WordPress.
const MAX_FILES: usize = 50_000;

/// Where users keep what is theirs; the lists name what comes along with WordPress there.
const OWN: &str = "wp-content/";

/// The files of a version of WordPress, without those in `wp-content`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checksums {
    by_path: BTreeMap<String, u128>,
}

impl Checksums {
    /// Reads a list: what api.wordpress.org answers, or the lines of `md5sum` in the directory of WordPress.
    ///
    /// # Errors
    /// It is neither, or names no file.
    pub fn read(name: &str, bytes: &[u8]) -> Result<Self, ReadError> {
        let text = std::str::from_utf8(bytes)
            .map_err(|_| ReadError::new(name, 1, "a list of checksums is UTF-8"))?;
        let mut list = Self::default();
        if text.trim_start().starts_with('{') {
            let all = json::parse(name, text)?;
            let sums = all.get("checksums").map_or(&[][..], json::Node::members);
            // Without a version in the question the answer has a list for each.
            let nested = sums.first().map_or(&[][..], |first| first.node.members());
            for member in if nested.is_empty() { sums } else { nested } {
                let sum = member.node.text().unwrap_or_default();
                list.add(name, member.line, (&member.key, sum))?;
            }
        } else {
            for (line, text) in (1..).zip(text.lines()) {
                if let Some((sum, path)) = text.split_once(char::is_whitespace) {
                    list.add(name, line, (path, sum))?;
                }
            }
        }
        if list.by_path.is_empty() {
            let reason = "no checksums are in it; api.wordpress.org/core/checksums/1.0/?version=… gives them";
            return Err(ReadError::new(name, 1, reason));
        }
        Ok(list)
    }

    fn add(&mut self, name: &str, line: u32, (path, sum): (&str, &str)) -> Result<(), ReadError> {
        let is_sum = sum.len() == 32 && sum.bytes().all(|byte| byte.is_ascii_hexdigit());
        let sum = u128::from_str_radix(sum, 16).ok().filter(|_| is_sum);
        let sum = sum.ok_or_else(|| ReadError::new(name, line, "that is no MD5 in hexadecimal"))?;
        // `md5sum` writes a star before the name of what it read as binary.
        let path = path.trim().trim_start_matches('*').trim_start_matches("./");
        if !path.starts_with(OWN) {
            if self.by_path.len() == MAX_FILES {
                let reason = format!("more than {MAX_FILES} files; WordPress has far fewer");
                return Err(ReadError::new(name, line, reason));
            }
            self.by_path.insert(path.to_owned(), sum);
        }
        Ok(())
    }

    /// A list of files as they are.
    #[cfg(test)]
    pub(crate) fn of<'f>(files: impl IntoIterator<Item = (&'f str, &'f [u8])>) -> Self {
        let sums = files.into_iter();
        Self {
            by_path: sums
                .map(|(path, bytes)| (path.to_owned(), sum(bytes)))
                .collect(),
        }
    }

    /// The files, as they lie in the directory of WordPress.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.by_path.keys().map(String::as_str)
    }

    /// Whether a file is listed.
    pub fn lists(&self, path: &str) -> bool {
        self.by_path.contains_key(path)
    }

    /// Whether a listed file has the bytes that it was shipped with.
    pub fn is_as_shipped(&self, path: &str, bytes: &[u8]) -> bool {
        self.by_path.get(path) == Some(&sum(bytes))
    }
}

fn sum(bytes: &[u8]) -> u128 {
    u128::from_be_bytes(Md5::digest(bytes).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of no bytes: RFC 1321, A.5.
    const EMPTY: &str = "d41d8cd98f00b204e9800998ecf8427e";

    #[test]
    fn lists_are_read_as_they_are_given_out() {
        let lists = [
            format!(
                "{{\"checksums\":{{\"wp-load.php\":\"{EMPTY}\",\"wp-content/index.php\":\"{EMPTY}\"}}}}"
            ),
            format!("{{\"checksums\":{{\"6.8.1\":{{\"wp-load.php\":\"{EMPTY}\"}}}}}}"),
            format!("{EMPTY}  ./wp-load.php\n{EMPTY} *wp-content/index.php\n"),
        ];
        for text in lists {
            let list = Checksums::read("sums", text.as_bytes()).unwrap();
            assert_eq!(list.paths().collect::<Vec<_>>(), ["wp-load.php"], "{text}");
            assert!(list.is_as_shipped("wp-load.php", b""));
            assert!(!list.is_as_shipped("wp-load.php", b"<?php"));
        }
    }

    #[test]
    fn what_is_no_list_is_refused() {
        for text in [
            "",
            "{}",
            "{\"checksums\":false}",
            "hello world",
            "{\"checksums\":{\"a\":\"1\"}}",
            "\u{0}",
        ] {
            let error = Checksums::read("sums", text.as_bytes()).unwrap_err();
            assert!(error.to_string().starts_with("sums:"), "{error}");
        }
        assert!(Checksums::read("sums", b"\xff").is_err());
    }
}
