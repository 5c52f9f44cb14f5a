//! How each product serves a directory.
//!
//! What becomes of files whose names start with a dot was measured, in a directory with `.env` and `.git/config`:
//! express 5.3.0 (serve-static 2.2.1), koa-static 5, @fastify/static 10.1.11, sirv-cli 3.0.1, serve 14.2.7,
//! http-server 14.1.1, vite 6.2.2, PHP 8.2 and Python 3.11; of frameworks whose root a program declares it is said
//! where that is read.

use super::ends_with;

/// What becomes of files and directories whose names start with a dot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dots {
    /// They are sent like others.
    Sent,
    /// As if they were not there.
    Hidden,
    /// Refused with status 403.
    Refused,
    /// Some are refused by name, as by vite's `server.fs.deny`.
    Named,
    /// As if they were not there, but what lies in such directories is sent.
    OwnName,
}

/// What is sent where there is no file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// Nothing: status 404, or what the application makes of it.
    Nothing,
    /// `index.html` of the directory that is served.
    Page,
    /// `index.php` or `index.html` of the nearest directory, upwards.
    Nearest,
}

/// How a product serves a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manner {
    /// What becomes of names with a dot in front.
    pub dots: Dots,
    /// The same in words, for the reader.
    pub fact: &'static str,
    /// Ends of names of files that are run instead of sent.
    pub runs: &'static [&'static str],
    /// Files that stand for their directory.
    pub index: &'static [&'static str],
    /// Whether it lists a directory without such a file.
    pub lists: bool,
    /// What is sent where there is no file.
    pub missing: Missing,
    /// Only files directly in it are sent, as where a route takes one name.
    pub is_flat: bool,
    /// Endings of names in lower case, with spaces between: others are not sent.
    pub only: Option<&'static str>,
}

const PLAIN: Manner = Manner {
    dots: Dots::Sent,
    fact: "",
    runs: &[],
    index: &["index.html"],
    lists: false,
    missing: Missing::Nothing,
    is_flat: false,
    only: None,
};

impl Manner {
    /// A directory that is by convention a document root, or that the user names: every file is sent, and PHP is
    /// run, as the distributions set it up.
    pub const CONVENTION: Self = Self {
        runs: &[".php", ".phtml", ".phar"],
        index: &["index.html", "index.htm", "index.php"],
        ..PLAIN
    };
    /// `php -S`: <https://www.php.net/manual/en/features.commandline.webserver.php>.
    pub const PHP: Self = Self {
        fact: "php -S sends files whose names start with a dot (measured, 8.2)",
        runs: &[".php"],
        index: &["index.php", "index.html"],
        missing: Missing::Nearest,
        ..PLAIN
    };
    /// `http-server`.
    pub const HTTP_SERVER: Self = Self {
        fact: "http-server sends files whose names start with a dot (measured, 14.1.1)",
        lists: true,
        ..PLAIN
    };
    /// `serve`.
    pub const SERVE: Self = Self {
        fact: "serve sends files whose names start with a dot (measured, 14.2.7)",
        lists: true,
        ..PLAIN
    };
    /// `serve --single`.
    pub const SERVE_SINGLE: Self = Self {
        missing: Missing::Page,
        ..Self::SERVE
    };
    /// `python -m http.server`.
    pub const PYTHON: Self = Self {
        fact: "http.server sends files whose names start with a dot (measured, Python 3.11)",
        index: &["index.html", "index.htm"],
        lists: true,
        ..PLAIN
    };
    /// express.static, and what else is made of `send`, by default.
    pub const SEND: Self = Self {
        dots: Dots::Hidden,
        fact: "files whose names start with a dot are ignored by default (measured, express 5.3.0 and koa-static 5)",
        ..PLAIN
    };
    /// The same with `dotfiles: 'allow'`, or `hidden: true` of koa-static.
    pub const SEND_ALLOW: Self = Self {
        fact: "an option allows files whose names start with a dot",
        ..PLAIN
    };
    /// The same with `dotfiles: 'deny'`.
    pub const SEND_DENY: Self = Self {
        dots: Dots::Refused,
        fact: "an option refuses files whose names start with a dot",
        ..PLAIN
    };
    /// @fastify/static by default.
    pub const FASTIFY: Self = Self {
        fact: "@fastify/static sends files whose names start with a dot unless told otherwise (measured, 10.1.11)",
        ..PLAIN
    };
    /// serve-handler by default.
    pub const HANDLER: Self = Self {
        fact: "serve-handler sends files whose names start with a dot (measured, serve 14.2.7)",
        lists: true,
        ..PLAIN
    };
    /// sirv in production.
    pub const SIRV: Self = Self {
        dots: Dots::Hidden,
        fact: "sirv ignores files whose names start with a dot unless `dev` or `dotfiles` is set (measured, sirv-cli 3.0.1)",
        ..PLAIN
    };
    /// @hapi/inert by default: <https://github.com/hapijs/inert/blob/master/API.md>.
    pub const INERT: Self = Self {
        dots: Dots::Hidden,
        fact: "@hapi/inert ignores files whose names start with a dot unless `showHidden` is set (documented)",
        ..PLAIN
    };
    /// `sirv --dev`, `sirv(dir, { dev: true })`, and `vite preview`, which is made of it.
    pub const SIRV_DEV: Self = Self {
        fact: "sirv in its development mode sends files whose names start with a dot (measured, sirv-cli 3.0.1)",
        ..PLAIN
    };
    /// vite's development server.
    pub const VITE: Self = Self {
        dots: Dots::Named,
        fact: "vite refuses .env files, keys and .git by default, and nothing else (`server.fs.deny`; measured, 6.2.2)",
        missing: Missing::Page,
        ..PLAIN
    };
    /// A framework that sends files whose names start with a dot, and no page for a directory; the fact says where
    /// that is known from.
    pub const fn sending(fact: &'static str) -> Self {
        Self {
            fact,
            index: &[],
            ..PLAIN
        }
    }
    /// The same with a page for a directory that has one.
    #[must_use]
    pub const fn with_index(self) -> Self {
        Self {
            index: PLAIN.index,
            ..self
        }
    }
    /// The same with a list of a directory that has no page, if so.
    #[must_use]
    pub const fn listing(self, lists: bool) -> Self {
        Self { lists, ..self }
    }
    /// The same for files directly in the directory, if so.
    #[must_use]
    pub const fn flat(self, is_flat: bool) -> Self {
        Self { is_flat, ..self }
    }
    /// Whether a file of this name has a type that is sent.
    pub(super) fn sends(&self, name: &str) -> bool {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending);
        let is_known = |known: &str| {
            ending.is_some_and(|ending| {
                known
                    .split(' ')
                    .any(|known| known.eq_ignore_ascii_case(ending))
            })
        };
        self.only.is_none_or(is_known)
    }
    /// `public` of a framework whose server sends what is in it.
    pub const PUBLIC: Self = PLAIN;
}

/// What vite refuses by default: <https://vite.dev/config/server-options.html#server-fs-deny>.
pub(super) fn is_denied_by_vite(path: &str) -> bool {
    const ENDS: &[&str] = &[".crt", ".pem", ".key", ".p12", ".pfx", ".cer", ".der"];
    const NAMES: &[&str] = &[".env", ".npmrc", ".yarnrc.yml"];
    let name = path.rsplit('/').next().unwrap_or_default();
    let lower = name.to_ascii_lowercase();
    NAMES.contains(&lower.as_str())
        || lower.starts_with(".env.")
        || ENDS.iter().any(|end| ends_with(name, end))
        || path
            .split('/')
            .any(|part| part.eq_ignore_ascii_case(".git"))
}
