//! Credentials in a compose file, and tools that it opens to everyone.

use crate::checks::names::is_compose;
use crate::checks::{Check, Context, Findings, secrets};
use crate::finding::{Confidence, Reason, Severity};
use crate::site::Want;
use crate::site::lex::yaml::{self, Leaf};

use super::published::is_open;

pub(in crate::checks) static CHECK: Check = Check {
    id: "docker-compose-secret",
    code: "DOC-003",
    title: "A compose file holds a credential, or opens a tool to everyone",
    description: "A compose file is committed with the application, and its values are seen by everyone who has the \
                  code, and by docker inspect. Mail catchers, database tools and caches have no password of their own.",
    severity: Severity::High,
    cwe: &[798, 538],
    fix: "Take values from the environment or from secrets, and bind the ports of tools to 127.0.0.1.",
    references: &[
        "https://docs.docker.com/compose/how-tos/use-secrets/",
        "https://docs.docker.com/reference/compose-file/services/#ports",
    ],
    wants: &[Want::start("docker-compose"), Want::start("compose")],
    run,
};

/// Images of tools that show mail, data or the environment to whoever asks.
const TOOLS: &[&str] = &[
    "mailhog",
    "mailpit",
    "mailcatcher",
    "mailtrap",
    "phpmyadmin",
    "adminer",
    "pgadmin",
    "redis-commander",
    "redis",
    "memcached",
    "mongo-express",
    "elasticsearch",
];

/// Starts of names by which images of databases and brokers get the password that they begin with.
const OWN_PASSWORDS: &[&str] = &[
    "MYSQL_",
    "MARIADB_",
    "POSTGRES_",
    "PGADMIN_",
    "MONGO_INITDB_",
    "REDIS_",
    "RABBITMQ_DEFAULT_",
    "MINIO_ROOT_",
];

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context.own_files().filter(|path| is_compose(path)) {
        let Some(text) = context.files.text(path) else {
            continue;
        };
        let leaves = yaml::leaves(&text);
        for leaf in &leaves {
            let is_value = ["environment", "command", "entrypoint", "labels", "args"]
                .iter()
                .any(|key| {
                    leaf.is_below(&["services", "*", key])
                        || leaf.is_below(&["services", "*", "build", key])
                });
            let is_shared = leaf.path.first().is_some_and(|key| key.starts_with("x-"));
            if is_value || is_shared {
                value(context, found, path, leaf);
            }
        }
        tools(context, found, path, &leaves);
    }
}

fn value(context: &Context<'_>, found: &mut Findings, path: &str, leaf: &Leaf) {
    let here = secrets::on_lines(context, path, &leaf.lines());
    let Some(worst) = secrets::worst(&here) else {
        return;
    };
    if secrets::is_kept_out_of_git(context, path) {
        return;
    }
    // The password that a database begins with, on a network of its own.
    let name = leaf
        .key()
        .parse::<usize>()
        .map_or(leaf.key(), |_| leaf.value.as_str());
    let is_own = OWN_PASSWORDS.iter().any(|start| name.starts_with(start));
    let is_local = is_own || worst < Severity::High || context.is_for_development(path);
    found
        .report(
            path,
            format!("It holds {} in clear.", secrets::names(&here)),
        )
        .at_line(leaf.line)
        .severe(if is_local {
            Severity::Low
        } else {
            Severity::High
        })
        .because(Reason::at(path, leaf.line, leaf.path.join(".")));
}

fn tools(context: &Context<'_>, found: &mut Findings, path: &str, leaves: &[Leaf]) {
    for image in leaves
        .iter()
        .filter(|leaf| leaf.is(&["services", "*", "image"]))
    {
        let name = image.value.rsplit('/').next().unwrap_or_default();
        let name = name.split([':', '@']).next().unwrap_or_default();
        let Some(service) = image.path.get(1).filter(|_| TOOLS.contains(&name)) else {
            continue;
        };
        let ports = leaves
            .iter()
            .filter(|leaf| leaf.is(&["services", service, "ports", "*"]));
        for port in ports.filter(|port| is_open(&port.value)) {
            let severity = if context.index.inside(path).contains("prod") {
                Severity::Medium
            } else {
                Severity::Info
            };
            found
                .report(
                    path,
                    format!(
                        "Port {} of {name} is open on all addresses of the machine.",
                        port.value
                    ),
                )
                .at_line(port.line)
                .severe(severity)
                .sure(Confidence::Medium)
                .because(Reason::at(
                    path,
                    image.line,
                    format!("image: {}", image.value),
                ));
        }
    }
}
