//! Requests for what attackers look for, told by their paths.
//!
//! The kinds are those of the lists that scanners work through. A visitor who asks for one such path has lost their
//! way; one who asks for many of several kinds is looking for credentials.

use std::fmt;

/// What a request is after, as bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Kinds(pub(super) u16);

const ENV: u16 = 1;
const WORDS: &[(u16, &str)] = &[
    (ENV, "environment files"),
    (1 << 1, "git repositories"),
    (1 << 2, "copies of wp-config.php"),
    (1 << 3, "backups and dumps"),
    (1 << 4, "phpinfo pages"),
    (1 << 5, "logs"),
    (1 << 6, "debug tools"),
    (1 << 7, "PHPUnit"),
    (1 << 8, "cloud and server credentials"),
    (1 << 9, "web shells"),
    (1 << 10, "path traversal"),
    (1 << 11, "actuators"),
];

/// Parts of lower-case paths, with the kind that each speaks for. The first that is there counts.
const NEEDLES: &[(&str, u16)] = &[
    (".git/", 1 << 1),
    (".svn/", 1 << 1),
    (".hg/", 1 << 1),
    ("wp-config", 1 << 2),
    ("configuration.php", 1 << 2),
    (".sql", 1 << 3),
    (".bak", 1 << 3),
    (".tar", 1 << 3),
    (".tgz", 1 << 3),
    (".zip", 1 << 3),
    (".rar", 1 << 3),
    (".7z", 1 << 3),
    ("backup", 1 << 3),
    ("phpinfo", 1 << 4),
    ("/info.php", 1 << 4),
    ("/pi.php", 1 << 4),
    ("/i.php", 1 << 4),
    ("debug.log", 1 << 5),
    ("laravel.log", 1 << 5),
    ("error_log", 1 << 5),
    ("error.log", 1 << 5),
    ("storage/logs", 1 << 5),
    ("_ignition", 1 << 6),
    ("telescope", 1 << 6),
    ("_profiler", 1 << 6),
    ("_debugbar", 1 << 6),
    ("horizon/api", 1 << 6),
    ("__clockwork", 1 << 6),
    ("app_dev.php", 1 << 6),
    ("phpunit", 1 << 7),
    (".aws/", 1 << 8),
    (".ssh/", 1 << 8),
    (".docker/", 1 << 8),
    (".npmrc", 1 << 8),
    (".htpasswd", 1 << 8),
    ("credentials", 1 << 8),
    ("secrets", 1 << 8),
    ("config.json", 1 << 8),
    ("config.yml", 1 << 8),
    ("sftp", 1 << 8),
    ("chit0ge", 1 << 9),
    ("alfa", 1 << 9),
    ("shell", 1 << 9),
    ("wso.php", 1 << 9),
    ("../", 1 << 10),
    ("/@fs/", 1 << 10),
    ("etc/passwd", 1 << 10),
    ("actuator", 1 << 11),
];

/// Tells requests for what attackers look for from others. Made once for each thread.
pub(super) struct Prober(aho_corasick::AhoCorasick);

impl Prober {
    pub(super) fn new() -> Result<Self, aho_corasick::BuildError> {
        let needles = NEEDLES.iter().map(|(needle, _)| needle);
        let automaton = aho_corasick::AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(aho_corasick::MatchKind::LeftmostFirst)
            .build(needles)?;
        Ok(Self(automaton))
    }

    /// What a plain path is after; nothing for those of ordinary visitors.
    pub(super) fn kinds(&self, path: &[u8]) -> Kinds {
        if is_env(path) {
            return Kinds(ENV);
        }
        let found = self.0.find(path);
        Kinds(found.map_or(0, |found| NEEDLES[found.pattern().as_usize()].1))
    }
}

/// `.env`, `env`, `.env.production`, `prod.env`.
fn is_env(path: &[u8]) -> bool {
    let start = memchr::memrchr(b'/', path).map_or(0, |slash| slash + 1);
    let name = &path[start..];
    let is_word = |at: usize| {
        let after = name.get(at + 3);
        let before = at.checked_sub(1).map(|at| name[at]);
        matches!(before, None | Some(b'.'))
            && after.is_none_or(|byte| matches!(byte, b'.' | b'_' | b'~' | b'-'))
    };
    let mut words = name.windows(3).enumerate();
    words.any(|(at, word)| word.eq_ignore_ascii_case(b"env") && is_word(at))
        && (name.contains(&b'.') || name.len() == 3)
}

impl Kinds {
    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn count(self) -> u32 {
        self.0.count_ones()
    }

    pub(super) fn is_env(self) -> bool {
        self.0 == ENV
    }
}

impl fmt::Display for Kinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = WORDS.iter().filter(|(bit, _)| self.0 & bit != 0);
        let words: Vec<&str> = words.map(|(_, word)| *word).collect();
        f.write_str(&words.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probes_are_told_from_visits() {
        let prober = Prober::new().unwrap();
        let of = |path: &str| prober.kinds(path.as_bytes()).to_string();
        for path in [
            "/.env",
            "/api/.env.bak",
            "/env",
            "/prod.env",
            "/.ENV",
            "/.env~",
            "/core/.env-old",
        ] {
            assert_eq!(of(path), "environment files", "{path}");
        }
        assert_eq!(of("/.git/config"), "git repositories");
        assert_eq!(of("/wp-config.php.bak"), "copies of wp-config.php");
        assert_eq!(of("/vendor/phpunit/src/Util/PHP/eval-stdin.php"), "PHPUnit");
        for path in [
            "/",
            "/index.php",
            "/environment",
            "/envelope.png",
            "/shop/git",
            "/events.envoy",
            "/wp-login.php",
        ] {
            assert_eq!(of(path), "", "{path}");
        }
    }
}
