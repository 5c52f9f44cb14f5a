//! Databases that everyone reaches, and that ask for no password or for one that stands beside.

use crate::checks::names::is_compose;
use crate::checks::{Check, Context, Findings, secrets};
use crate::finding::Severity;
use crate::site::Want;
use crate::site::lex::yaml::{self, Leaf};

use super::database_file;
use super::published::{Published, given, published};

pub(in crate::checks) static CHECK: Check = Check {
    id: "open-database",
    code: "DOC-008",
    title: "A database can be reached from outside, and asks for no password",
    description: "Settings of applications, with keys to send mail, sessions and accounts stand in databases. Bots read \
                  those that ask for no password within hours of their start.",
    severity: Severity::High,
    cwe: &[306, 668],
    fix: "Publish no port of a database, or bind it to 127.0.0.1 (`127.0.0.1:6379:6379`), and let it ask for a password.",
    references: &[
        "https://redis.io/docs/latest/operate/oss_and_stack/management/security/",
        "https://www.elastic.co/docs/deploy-manage/security",
        "https://www.mongodb.com/docs/manual/administration/security-checklist/",
    ],
    wants: &[
        Want::start("docker-compose"),
        Want::start("compose"),
        Want::name("redis.conf"),
        Want::name("valkey.conf"),
        Want::name("elasticsearch.yml"),
        Want::name("mongod.conf"),
        Want::name("pg_hba.conf"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context.own_files() {
        if is_compose(path) {
            let text = context.files.text(path).unwrap_or_default();
            // Laravel Sail writes compose files for the machines of developers.
            if !text.contains("laravel.test") {
                compose(context, found, path, &yaml::leaves(&text));
            }
        } else if let Some(read) = database_file::reader(path) {
            let text = context.files.text(path).unwrap_or_default();
            if let Some(told) = read(&text) {
                found
                    .report(path, told.message)
                    .at_line(told.line)
                    .severe(context.severity_where(path, told.severity));
            }
        }
    }
}

fn compose(context: &Context<'_>, found: &mut Findings, path: &str, leaves: &[Leaf]) {
    for port in published(leaves) {
        let service = Service::of(leaves, &port);
        let why = service
            .asks_nothing()
            .map(str::to_owned)
            .or_else(|| service.known_password(context, path));
        if let Some(why) = why {
            let message = format!("Port {} is published, and {why}.", port.written());
            port.report((context, found), path, (message, Severity::Medium));
        }
    }
}

/// What a compose file says of a service.
struct Service<'l> {
    /// Its image without registry and version.
    image: &'l str,
    version: &'l str,
    inside: &'l str,
    own: Vec<&'l Leaf>,
    leaves: &'l [Leaf],
    name: &'l str,
}

impl<'l> Service<'l> {
    fn of(leaves: &'l [Leaf], port: &Published<'l>) -> Self {
        let name = port.service;
        let own: Vec<&Leaf> = leaves
            .iter()
            .filter(|leaf| leaf.is_below(&["services", name]))
            .collect();
        let image = own
            .iter()
            .find(|leaf| leaf.is(&["services", name, "image"]));
        let image = image.map_or("", |leaf| leaf.value.as_str());
        let image = image.rsplit('/').next().unwrap_or_default();
        let (image, version) = image.split_once(':').unwrap_or((image, ""));
        Self {
            image,
            version,
            inside: port.inside,
            own,
            leaves,
            name,
        }
    }

    fn variable(&self, name: &str) -> Option<&'l str> {
        let mut given = given(self.leaves);
        given
            .find(|one| one.service == self.name && one.name == name)
            .map(|one| one.value)
    }

    fn is_on(&self, name: &str) -> bool {
        let value = self.variable(name).unwrap_or_default();
        matches!(value.to_ascii_lowercase().as_str(), "1" | "true" | "yes")
    }

    fn says(&self, word: &str) -> bool {
        self.own
            .iter()
            .any(|leaf| leaf.value.contains(word) || leaf.key().contains(word))
    }

    fn major(&self) -> Option<u32> {
        self.version.split(['.', '-']).next()?.parse().ok()
    }

    /// How its database is known to ask for nothing.
    fn asks_nothing(&self) -> Option<&'static str> {
        let is_open = match (self.image, self.inside) {
            ("redis" | "valkey" | "keydb", "6379") => {
                !["requirepass", "PASSWORD", ".conf", "--aclfile", "env_file"]
                    .iter()
                    .any(|word| self.says(word))
            }
            ("elasticsearch", "9200") => {
                let security = self.variable("xpack.security.enabled");
                match security {
                    Some(value) => value == "false",
                    None => self.major().is_some_and(|major| major < 8),
                }
            }
            ("opensearch", "9200") => self.is_on("DISABLE_SECURITY_PLUGIN"),
            ("mongo", "27017") => !["ROOT_USERNAME", "--auth", ".conf", "env_file", "--keyFile"]
                .iter()
                .any(|word| self.says(word)),
            ("mysql" | "mariadb", "3306") => [
                "MYSQL_ALLOW_EMPTY_PASSWORD",
                "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD",
            ]
            .iter()
            .any(|name| self.is_on(name)),
            ("memcached", "11211") => true,
            ("phpmyadmin", "80") => {
                return self
                    .variable("PMA_PASSWORD")
                    .map(|_| "phpmyadmin logs in whoever opens it, by PMA_PASSWORD");
            }
            _ => return None,
        };
        is_open.then_some("the database asks for no password")
    }

    /// A password that the file has in clear for a database.
    fn known_password(&self, context: &Context<'_>, path: &str) -> Option<String> {
        let is_database = matches!(
            (self.image, self.inside),
            ("mysql" | "mariadb", "3306") | ("postgres", "5432") | ("mongo", "27017")
        );
        if !is_database || secrets::is_kept_out_of_git(context, path) {
            return None;
        }
        let environment = self
            .own
            .iter()
            .filter(|leaf| leaf.is_below(&["services", "*", "environment"]));
        environment
            .map(|leaf| secrets::on_lines(context, path, &leaf.lines()))
            .find(|here| !here.is_empty())
            .map(|here| {
                format!(
                    "{} of the database stands in the same file",
                    secrets::names(&here)
                )
            })
    }
}
