//! Which web server an image runs, and with which configuration.

use crate::finding::Reason;
use crate::input::Files as _;

use super::super::super::apache::{Apache, Defaults};
use super::super::super::mapping::{Mapped, Mapping};
use super::super::super::model::Hosted;
use super::super::super::path;
use super::super::super::server::{Server, Software};
use super::super::super::simple::{Manner, Mount, Simple};
use super::super::{Found, Search, commands, configs};
use super::image::Image;

/// Official images with Apache, PHP and an application: <https://hub.docker.com/_/php>.
const PHP_APACHE: &[&str] = &[
    "wordpress",
    "drupal",
    "joomla",
    "nextcloud",
    "phpmyadmin",
    "matomo",
    "mediawiki",
    "owncloud",
    "backdrop",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Web {
    PhpApache,
    Httpd,
    DebianApache,
    Nginx,
    Caddy,
    Lighttpd,
}

/// Adds the servers of an image; those that serve nothing of the tree apart from the others.
pub(super) fn serve(search: &Search<'_>, image: &Image, assumed: Option<&str>, found: &mut Found) {
    let mapping = image.mapping();
    let mut servers = commanded(search, image, &mapping);
    if servers.is_empty()
        && let Some(web) = web(image)
        && let Some(server) = configured(search, web, image, &mapping, found)
    {
        servers.push(Hosted {
            server,
            mapping: mapping.clone(),
            assumed: None,
            because: Vec::new(),
        });
    }
    for mut hosted in servers {
        if !configs::leads_into_tree(&hosted) {
            found.elsewhere.push(hosted);
            continue;
        }
        hosted.assumed = hosted.assumed.take().or_else(|| assumed.map(str::to_owned));
        hosted.because.splice(0..0, image.because.iter().cloned());
        found.servers.push(hosted);
    }
}

/// The servers that its commands start.
fn commanded(search: &Search<'_>, image: &Image, mapping: &Mapping) -> Vec<Hosted> {
    let site = commands::Site {
        files: search.files,
        mapping,
        directory: &image.directory,
    };
    let all: Vec<_> = image.entry.iter().chain(&image.command).cloned().collect();
    let at = image.command_at.clone().unwrap_or_default();
    commands::started(&all, &site, &at)
}

fn web(image: &Image) -> Option<Web> {
    let name = path::base(image.base.split('@').next().unwrap_or_default());
    let (name, tag) = name.split_once(':').unwrap_or((name, "latest"));
    if name == "php" && tag.contains("apache") {
        return Some(Web::PhpApache);
    }
    if PHP_APACHE.contains(&name) && !tag.contains("fpm") && !tag.contains("cli") {
        return Some(Web::PhpApache);
    }
    match name {
        "httpd" => return Some(Web::Httpd),
        "nginx" | "nginx-unprivileged" | "openresty" => return Some(Web::Nginx),
        "caddy" => return Some(Web::Caddy),
        "lighttpd" => return Some(Web::Lighttpd),
        _ => {}
    }
    let started = image
        .entry
        .iter()
        .chain(&image.command)
        .find_map(|command| match command.program() {
            "apache2-foreground" | "apache2ctl" | "apachectl" | "apache2" | "httpd" => {
                Some(Web::DebianApache)
            }
            "nginx" => Some(Web::Nginx),
            "caddy" => Some(Web::Caddy),
            "lighttpd" => Some(Web::Lighttpd),
            _ => None,
        });
    let installed = || {
        image.runs.iter().find_map(|(_, command)| {
            let installs = command.has(&["install", "add"]);
            let has = |word: &str| installs && command.has(&[word]);
            match () {
                () if has("apache2") || has("libapache2-mod-php") => Some(Web::DebianApache),
                () if has("nginx") => Some(Web::Nginx),
                () if has("lighttpd") => Some(Web::Lighttpd),
                () => None,
            }
        })
    };
    started.or_else(installed)
}

fn configured(
    search: &Search<'_>,
    web: Web,
    image: &Image,
    mapping: &Mapping,
    found: &mut Found,
) -> Option<Box<dyn Server>> {
    let files = Mapped::new(search.files, mapping);
    let listed = |directory: &str, ends: &[&str]| -> Vec<String> {
        let names = files.list(directory).into_iter();
        let named = names.filter(|name| ends.iter().any(|end| name.ends_with(end)));
        named.map(|name| path::inside(directory, &name)).collect()
    };
    let mut entries: Vec<String> = Vec::new();
    let mains: &[&str] = match web {
        Web::PhpApache | Web::DebianApache => {
            &["/etc/apache2/apache2.conf", "/etc/apache2/httpd.conf"]
        }
        Web::Httpd => &["/usr/local/apache2/conf/httpd.conf"],
        Web::Nginx => &[
            "/etc/nginx/nginx.conf",
            "/usr/local/openresty/nginx/conf/nginx.conf",
        ],
        Web::Caddy => &["/etc/caddy/Caddyfile"],
        Web::Lighttpd => &["/etc/lighttpd/lighttpd.conf"],
    };
    entries.extend(
        mains
            .iter()
            .filter(|main| files.is_file(main))
            .map(|main| (*main).to_owned()),
    );
    let has_main = !entries.is_empty();
    if !has_main {
        let more: &[(&str, &[&str])] = match web {
            Web::PhpApache | Web::DebianApache => &[
                ("/etc/apache2/conf-enabled", &[".conf"]),
                ("/etc/apache2/conf-available", &[".conf"]),
                ("/etc/apache2/conf.d", &[".conf"]),
                ("/etc/apache2/sites-available", &[".conf"]),
                ("/etc/apache2/sites-enabled", &[""]),
            ],
            Web::Nginx => &[
                ("/etc/nginx/conf.d", &[".conf"]),
                ("/etc/nginx/http.d", &[".conf"]),
                ("/etc/nginx/sites-enabled", &[""]),
                ("/etc/nginx/templates", &[".template"]),
            ],
            Web::Httpd | Web::Caddy | Web::Lighttpd => &[],
        };
        entries.extend(
            more.iter()
                .flat_map(|(directory, ends)| listed(directory, ends)),
        );
    }
    let in_tree: Vec<String> = entries
        .iter()
        .filter_map(|entry| mapping.to_tree(entry))
        .collect();
    found.used.extend(in_tree.iter().cloned());
    match web {
        Web::PhpApache | Web::DebianApache | Web::Httpd => {
            let defaults = if has_main {
                Defaults::none()
            } else {
                apache(web, image)
            };
            let defaults = defaults.with_text(&variables(image));
            Some(Box::new(Apache::load(&entries, &files, &defaults)))
        }
        Web::Nginx if in_tree.is_empty() => {
            Some(plain(image, Software::Nginx, "/usr/share/nginx/html"))
        }
        Web::Nginx => configs::nginx(search, &in_tree, mapping),
        Web::Caddy if in_tree.is_empty() => Some(plain(image, Software::Caddy, "/usr/share/caddy")),
        Web::Caddy => configs::caddy(search, in_tree.first()?),
        Web::Lighttpd => configs::lighttpd(search, in_tree.first()?),
    }
}

/// The configuration that comes with the image.
fn apache(web: Web, image: &Image) -> Defaults {
    let (defaults, root) = match web {
        Web::PhpApache => (Defaults::php_image(), "/var/www/html"),
        Web::Httpd => (
            Defaults::default().with_text(HTTPD),
            "/usr/local/apache2/htdocs",
        ),
        Web::DebianApache | Web::Nginx | Web::Caddy | Web::Lighttpd => {
            (Defaults::debian().with_php(), "/var/www/html")
        }
    };
    let root = replaced(image, root);
    defaults.with_text(&format!("DocumentRoot \"{root}\"\n"))
}

/// <https://github.com/docker-library/httpd>: what the image's `httpd.conf` says of its document root.
const HTTPD: &str = "<Directory />
AllowOverride none
Require all denied
</Directory>
<Directory \"/usr/local/apache2/htdocs\">
Options Indexes FollowSymLinks
AllowOverride None
Require all granted
</Directory>
DirectoryIndex index.html
<Files \".ht*\">
Require all denied
</Files>
";

/// The document root, if a RUN replaces it by `sed` in the image's own configuration.
fn replaced(image: &Image, root: &str) -> String {
    let all = image
        .runs
        .iter()
        .filter(|(_, command)| command.program() == "sed");
    let scripts = all.flat_map(|(_, command)| command.args());
    for script in scripts {
        let Some(rest) = script.strip_prefix('s') else {
            continue;
        };
        let Some(delimiter) = rest.chars().next() else {
            continue;
        };
        let parts: Vec<&str> = rest.split(delimiter).collect();
        if let [_, from, to, ..] = parts.as_slice()
            && from.trim_start_matches("DocumentRoot").trim() == root
        {
            return image.expanded(to.trim_start_matches("DocumentRoot").trim());
        }
    }
    root.to_owned()
}

/// Apache reads `${X}` from its environment.
fn variables(image: &Image) -> String {
    let plain = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c))
    };
    let pairs = image
        .env
        .iter()
        .filter(|(name, value)| plain(name) && plain(value));
    pairs
        .map(|(name, value)| format!("Define {name} {value}\n"))
        .collect()
}

/// A server with the configuration that its image brings: it sends every file.
fn plain(image: &Image, software: Software, root: &str) -> Box<dyn Server> {
    let mount = Mount {
        url: "/".to_owned(),
        dir: replaced(image, root),
        manner: Manner::PUBLIC,
        at: Reason::fact(format!("the image's own configuration serves {root}")),
    };
    Box::new(Simple::new(software, "*:80", vec![mount]))
}
