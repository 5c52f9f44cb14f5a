//! The plain directives of a level.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use super::super::config::{
    Access, Alias, ErrorPage, Handler, HandlerKind, Network, Place, Root, Scope, Symlinks, Try,
    TryFiles,
};
use super::super::pattern::Pattern;
use super::super::syntax::{Fault, Node};
use super::super::template::Template;
use super::Builder;

/// Directives that change nothing of what is asked here: one name a line.
const HARMLESS: &str = include_str!("../harmless.txt");

fn is_harmless(name: &str) -> bool {
    static NAMES: OnceLock<BTreeSet<&'static str>> = OnceLock::new();
    NAMES
        .get_or_init(|| HARMLESS.lines().collect())
        .contains(name)
}

pub(super) fn template(node: &Node, text: &str) -> Result<Template, Fault> {
    Template::parse(text).ok_or_else(|| Fault::of(node, "invalid variable name"))
}

impl Builder {
    /// Everything but rewrite steps and blocks with names.
    pub(super) fn settings(&mut self, scope: &mut Scope, nodes: &[Node]) -> Result<(), Fault> {
        // What is inherited only if the level has none of its own.
        let has = |name: &[&str]| nodes.iter().any(|node| name.contains(&&*node.name));
        if has(&["allow", "deny"]) {
            scope.access = Arc::default();
        }
        if has(&["error_page"]) {
            scope.error_pages = Arc::default();
        }
        if has(&["index"]) {
            scope.index = Arc::default();
        }
        if has(&["fastcgi_param"]) {
            scope.params = Arc::default();
        }
        if nodes
            .iter()
            .filter(|node| matches!(&*node.name, "root" | "alias"))
            .count()
            > 1
        {
            let second = nodes
                .iter()
                .filter(|node| matches!(&*node.name, "root" | "alias"))
                .nth(1);
            if let Some(node) = second {
                return Err(Fault::of(
                    node,
                    format!("\"{}\" directive is duplicate", node.name),
                ));
            }
        }
        for node in nodes {
            self.setting(scope, node)?;
        }
        Ok(())
    }

    fn setting(&mut self, scope: &mut Scope, node: &Node) -> Result<(), Fault> {
        let is_on = node.arg(0).eq_ignore_ascii_case("on");
        match &*node.name {
            "root" | "alias" => scope.root = root(scope, node)?,
            "allow" | "deny" => Arc::make_mut(&mut scope.access).push(access(node)?),
            "satisfy" => scope.satisfies_any = node.arg(0) == "any",
            "auth_basic" => {
                let is_off = node.arg(0) == "off";
                let realm = template(node, node.arg(0))?;
                scope.auth = (!is_off).then(|| (realm, node.reason()));
            }
            "auth_basic_user_file" => scope.has_passwords = true,
            "error_page" => Arc::make_mut(&mut scope.error_pages).extend(error_pages(node)?),
            "recursive_error_pages" => scope.recursive_errors = is_on,
            "index" => {
                for arg in &node.args {
                    Arc::make_mut(&mut scope.index).push(template(node, arg)?);
                }
            }
            "autoindex" => scope.autoindex = is_on.then(|| node.reason()),
            "try_files" => {
                if scope.try_files.is_some() {
                    return Err(Fault::of(node, "\"try_files\" directive is duplicate"));
                }
                scope.try_files = Some(Arc::new(try_files(node)?));
            }
            "internal" => scope.internal = Some(node.reason()),
            "disable_symlinks" => {
                scope.symlinks = match node.arg(0) {
                    "on" => Symlinks::Refuse,
                    "if_not_owner" => Symlinks::IfOwner,
                    _ => Symlinks::Follow,
                };
            }
            _ => return self.handler(scope, node),
        }
        Ok(())
    }

    fn handler(&mut self, scope: &mut Scope, node: &Node) -> Result<(), Fault> {
        let kind = match &*node.name {
            "fastcgi_pass" => HandlerKind::FastCgi,
            "proxy_pass" => HandlerKind::Proxy,
            "uwsgi_pass" | "scgi_pass" | "grpc_pass" | "memcached_pass" => HandlerKind::Application,
            "stub_status"
            | "empty_gif"
            | "vhost_traffic_status_display"
            | "vhost_traffic_status_bypass_stats" => HandlerKind::Fixed,
            "fastcgi_param" => {
                let value = template(node, node.arg(1))?;
                Arc::make_mut(&mut scope.params).push((node.arg(0).to_owned(), value));
                return Ok(());
            }
            "fastcgi_index" => {
                scope.fastcgi_index = Some(node.arg(0).to_owned());
                return Ok(());
            }
            "fastcgi_split_path_info" => {
                scope.split_path_info = Some(Arc::new(Pattern::new(node.arg(0), false)));
                return Ok(());
            }
            "fastcgi_intercept_errors" => {
                scope.intercepts_errors = node.arg(0).eq_ignore_ascii_case("on");
                return Ok(());
            }
            _ => {
                if !self.is_elsewhere(node) {
                    self.doubt(scope, node);
                }
                return Ok(());
            }
        };
        scope.handler = Some(Handler {
            kind,
            at: node.reason(),
        });
        if let Place::Prefix { name, .. } | Place::Exact(name) = &scope.place {
            let is_pass = kind != HandlerKind::Fixed;
            scope.redirects_to_slash = is_pass && name.ends_with('/');
        }
        Ok(())
    }

    /// Whether it decides nothing, or is read elsewhere.
    fn is_elsewhere(&self, node: &Node) -> bool {
        match &*node.name {
            "location"
            | "server"
            | "if"
            | "set"
            | "return"
            | "rewrite"
            | "break"
            | "limit_except"
            | "upstream"
            | "map"
            | "geo"
            | "split_clients"
            | "listen"
            | "server_name"
            | "merge_slashes"
            | "valid_referers"
            | "geoip_city"
            | "geoip_country"
            | "geoip_org"
            | "perl_set"
            | "js_set"
            | "proxy_intercept_errors"
            | "http"
            | "events" => true,
            "auth_request" | "auth_jwt" => node.arg(0) == "off",
            "random_index" | "modsecurity" | "image_filter" | "passenger_enabled" => {
                node.arg(0).eq_ignore_ascii_case("off")
            }
            "ssl_verify_client" => !node.arg(0).eq_ignore_ascii_case("on"),
            "include" => !may_decide(node.arg(0)),
            name => is_harmless(name) || name.starts_with("ssl_") || name.starts_with("set_by_lua"),
        }
    }
}

/// Whether a file that is not there may hold directives that decide, as far as its name tells.
fn may_decide(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase();
    let is_tls = file.contains("ssl") || file.contains("tls");
    let words = ["params", "headers", "gzip", "mime", "log"];
    !(is_tls || words.iter().any(|word| file.contains(word)) || file.ends_with(".types"))
}

fn root(scope: &Scope, node: &Node) -> Result<Root, Fault> {
    let arg = node.arg(0);
    let is_alias = node.name == "alias";
    if arg.contains("$document_root") || arg.contains("${document_root}") {
        return Err(Fault::of(
            node,
            "the $document_root variable cannot be used here",
        ));
    }
    let alias = match (&scope.place, is_alias) {
        (_, false) => Alias::None,
        (Place::Regex(_), true) => Alias::Whole,
        (Place::Prefix { name, .. } | Place::Exact(name), true) => Alias::Prefix(name.len()),
        (Place::Server | Place::Named(_) | Place::Nameless, true) => {
            return Err(Fault::of(node, "\"alias\" directive is not allowed here"));
        }
    };
    let arg = match arg.strip_suffix('/') {
        Some(short) if !is_alias => short,
        _ => arg,
    };
    let full = match arg.chars().next() {
        Some('/' | '$') => arg.to_owned(),
        None if node.arg(0) == "/" => String::new(),
        _ => format!("/etc/nginx/{arg}"),
    };
    Ok(Root {
        path: template(node, &full)?,
        alias,
        at: Some(node.reason()),
    })
}

fn access(node: &Node) -> Result<Access, Fault> {
    let who = network(node.arg(0));
    Ok(Access {
        allows: node.name == "allow",
        who: who.ok_or_else(|| Fault::of(node, "invalid parameter"))?,
        at: node.reason(),
    })
}

pub(super) fn network(text: &str) -> Option<Network> {
    match text {
        "all" => return Some(Network::All),
        "unix:" => return Some(Network::Unix),
        _ => {}
    }
    let (address, bits) = text.split_once('/').unwrap_or((text, ""));
    let first: std::net::IpAddr = address.parse().ok()?;
    let width = if first.is_ipv4() { 32 } else { 128 };
    let bits = if bits.is_empty() {
        width
    } else {
        bits.parse().ok()?
    };
    (bits <= width).then_some(Network::Addresses { first, bits })
}

fn error_pages(node: &Node) -> Result<Vec<Arc<ErrorPage>>, Fault> {
    let invalid = || Fault::of(node, "invalid value");
    let (target, rest) = node.args.split_last().ok_or_else(invalid)?;
    let (overwrite, codes) = match rest.split_last() {
        Some((last, codes)) if last.starts_with('=') => {
            let code = if last.len() > 1 {
                last[1..].parse().map_err(|_| invalid())?
            } else {
                0
            };
            (Some(code), codes)
        }
        _ => (None, rest),
    };
    if codes.is_empty() {
        return Err(invalid());
    }
    let mut pages = Vec::new();
    for code in codes {
        let status: u16 = code.parse().map_err(|_| invalid())?;
        if !(300..=599).contains(&status) {
            return Err(invalid());
        }
        pages.push(Arc::new(ErrorPage {
            status,
            overwrite,
            target: template(node, target)?,
            at: node.reason(),
        }));
    }
    Ok(pages)
}

fn try_files(node: &Node) -> Result<TryFiles, Fault> {
    let (last, _) = node
        .args
        .split_last()
        .filter(|(_, rest)| !rest.is_empty())
        .ok_or_else(|| Fault::of(node, "invalid number of arguments in \"try_files\""))?;
    let code = match last.strip_prefix('=') {
        Some(code) => {
            let code = code.parse().map_err(|_| Fault::of(node, "invalid code"))?;
            Some(code)
        }
        None => None,
    };
    let mut tries = Vec::new();
    for (index, arg) in node.args.iter().enumerate() {
        let is_last = index + 1 == node.args.len();
        let short = arg.strip_suffix('/').filter(|_| !is_last);
        tries.push(Try {
            path: template(node, short.unwrap_or(arg))?,
            is_directory: short.is_some(),
        });
    }
    Ok(TryFiles {
        tries,
        code,
        at: node.reason(),
    })
}
