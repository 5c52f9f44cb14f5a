//! A configuration, ready to be asked.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::finding::Reason;

use super::pattern::Pattern;
use super::template::Template;

/// Everything below `http`.
#[derive(Debug, Default)]
pub(super) struct Config {
    pub(super) servers: Vec<Virtual>,
    pub(super) scopes: Vec<Scope>,
    /// Variables that `map`, `geo` and others define.
    pub(super) variables: BTreeMap<String, Source>,
    pub(super) upstreams: Vec<String>,
}

/// Where the value of a variable comes from.
#[derive(Debug)]
pub(super) enum Source {
    Map(Map),
    /// `geo` by the client's address.
    Geo(Geo),
    /// It cannot be told from the configuration.
    Unknown,
}

#[derive(Debug)]
pub(super) struct Map {
    pub(super) of: Template,
    pub(super) exact: BTreeMap<String, Template>,
    pub(super) hosts: bool,
    pub(super) patterns: Vec<(Pattern, Template)>,
    pub(super) default: Template,
}

#[derive(Debug)]
pub(super) struct Geo {
    pub(super) networks: Vec<(Network, String)>,
    pub(super) default: String,
}

/// A `server`.
#[derive(Debug)]
pub(super) struct Virtual {
    pub(super) names: Vec<String>,
    pub(super) listens: Vec<Listen>,
    pub(super) merge_slashes: bool,
    /// The index of its own scope.
    pub(super) scope: usize,
    pub(super) named: BTreeMap<String, usize>,
    pub(super) at: Reason,
}

/// A socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listen {
    pub(super) address: String,
    pub(super) port: u16,
    pub(super) is_default: bool,
    pub(super) is_tls: bool,
}

/// What kind of level a scope is.
#[derive(Debug, Clone)]
pub(super) enum Place {
    Server,
    /// `=`
    Exact(String),
    Prefix {
        name: String,
        /// `^~`
        stops: bool,
    },
    Regex(Arc<Pattern>),
    Named(String),
    /// `if` in a location, and `limit_except`.
    Nameless,
}

/// A level of the configuration, with everything that it inherits. Lists are shared by the levels that inherit them.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    pub(super) place: Place,
    pub(super) at: Option<Reason>,
    pub(super) root: Root,
    pub(super) access: Arc<Vec<Access>>,
    pub(super) satisfies_any: bool,
    pub(super) auth: Option<(Template, Reason)>,
    /// Without a file of passwords, none is asked for.
    pub(super) has_passwords: bool,
    pub(super) error_pages: Arc<Vec<Arc<ErrorPage>>>,
    pub(super) recursive_errors: bool,
    pub(super) index: Arc<Vec<Template>>,
    pub(super) autoindex: Option<Reason>,
    pub(super) try_files: Option<Arc<TryFiles>>,
    pub(super) internal: Option<Reason>,
    pub(super) handler: Option<Handler>,
    pub(super) params: Arc<Vec<(String, Template)>>,
    pub(super) fastcgi_index: Option<String>,
    pub(super) split_path_info: Option<Arc<Pattern>>,
    pub(super) intercepts_errors: bool,
    pub(super) symlinks: Symlinks,
    /// Directives that may decide, and are not understood.
    pub(super) doubts: Arc<Vec<Reason>>,
    pub(super) codes: Vec<Code>,
    /// Whether GET is among the methods that `limit_except` lets through, and the scope for the others.
    pub(super) limit_except: Option<(bool, usize)>,
    /// Static locations in it.
    pub(super) fixed: Vec<usize>,
    /// Regex locations in it, in order.
    pub(super) regexes: Vec<usize>,
    /// Of a fixed location: whether its name without the slash at the end is redirected to it.
    pub(super) redirects_to_slash: bool,
}

/// `root` or `alias`.
#[derive(Debug, Clone)]
pub(super) struct Root {
    pub(super) path: Template,
    pub(super) alias: Alias,
    pub(super) at: Option<Reason>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alias {
    /// `root`.
    None,
    /// So many bytes of the URI are replaced.
    Prefix(usize),
    /// In a regex location: the whole path is written out.
    Whole,
}

/// What `disable_symlinks` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Symlinks {
    Follow,
    Refuse,
    IfOwner,
}

/// `allow` or `deny`.
#[derive(Debug, Clone)]
pub(super) struct Access {
    pub(super) allows: bool,
    pub(super) who: Network,
    pub(super) at: Reason,
}

/// Whom an address rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Network {
    All,
    Unix,
    Addresses { first: std::net::IpAddr, bits: u8 },
}

#[derive(Debug)]
pub(super) struct ErrorPage {
    pub(super) status: u16,
    /// `None`: as it was; 0: what the page answers.
    pub(super) overwrite: Option<u16>,
    pub(super) target: Template,
    pub(super) at: Reason,
}

#[derive(Debug)]
pub(super) struct TryFiles {
    pub(super) tries: Vec<Try>,
    pub(super) code: Option<u16>,
    pub(super) at: Reason,
}

#[derive(Debug)]
pub(super) struct Try {
    pub(super) path: Template,
    pub(super) is_directory: bool,
}

/// What answers in place of the file handlers.
#[derive(Debug, Clone)]
pub(super) struct Handler {
    pub(super) kind: HandlerKind,
    pub(super) at: Reason,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HandlerKind {
    FastCgi,
    /// `uwsgi_pass`, `scgi_pass`, `grpc_pass`, `memcached_pass`: an application that gets no file name.
    Application,
    Proxy,
    /// `stub_status`, `empty_gif`.
    Fixed,
}

/// A step of the rewrite module.
#[derive(Debug, Clone)]
pub(super) enum Code {
    Rewrite(Arc<Rewrite>),
    Return {
        status: u16,
        text: Option<Template>,
        at: Reason,
    },
    If {
        condition: Arc<Condition>,
        scope: Option<usize>,
        /// Where it goes on if the condition does not hold.
        next: usize,
        at: Reason,
    },
    Set {
        name: String,
        value: Template,
    },
    Break,
}

#[derive(Debug)]
pub(super) struct Rewrite {
    pub(super) pattern: Pattern,
    pub(super) replacement: Template,
    pub(super) adds_args: bool,
    pub(super) flag: Flag,
    pub(super) at: Reason,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flag {
    None,
    Last,
    Break,
    Redirect(u16),
}

#[derive(Debug)]
pub(super) enum Condition {
    True(String),
    Equal {
        variable: String,
        value: Template,
        negated: bool,
    },
    Match {
        variable: String,
        pattern: Pattern,
        negated: bool,
    },
    File {
        test: char,
        path: Template,
        negated: bool,
    },
}

impl Scope {
    /// What nginx has before anything is configured.
    pub(super) fn base() -> Self {
        let text = |text: &str| Template::parse(text).unwrap_or_default();
        Self {
            place: Place::Server,
            at: None,
            root: Root {
                path: text("/etc/nginx/html"),
                alias: Alias::None,
                at: None,
            },
            access: Arc::default(),
            satisfies_any: false,
            auth: None,
            has_passwords: false,
            error_pages: Arc::default(),
            recursive_errors: false,
            index: Arc::new(vec![text("index.html")]),
            autoindex: None,
            try_files: None,
            internal: None,
            handler: None,
            params: Arc::default(),
            fastcgi_index: None,
            split_path_info: None,
            intercepts_errors: false,
            symlinks: Symlinks::Follow,
            doubts: Arc::default(),
            codes: Vec::new(),
            limit_except: None,
            fixed: Vec::new(),
            regexes: Vec::new(),
            redirects_to_slash: false,
        }
    }

    /// What a level in this one starts from.
    pub(super) fn child(&self, place: Place, at: Reason) -> Self {
        let keeps_handler = matches!(place, Place::Nameless);
        Self {
            place,
            at: Some(at),
            try_files: None,
            handler: self.handler.clone().filter(|_| keeps_handler),
            codes: Vec::new(),
            limit_except: None,
            fixed: Vec::new(),
            regexes: Vec::new(),
            redirects_to_slash: false,
            ..self.clone()
        }
    }
}
