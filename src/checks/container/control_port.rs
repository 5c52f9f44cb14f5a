//! Ports that take orders, and ask nobody who he is.

use crate::checks::names::{is_compose, name};
use crate::checks::start::{self, Start};
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;
use crate::site::lex::yaml::{self, Leaf};

use super::control_file;
use super::published::published;

pub(in crate::checks) static CHECK: Check = Check {
    id: "open-control-port",
    code: "DOC-006",
    title: "A port takes orders from whoever reaches it",
    description: "Docker's API, FastCGI, uWSGI, Jupyter, Supervisor, aria2, YARN, Spark, Scrapyd and etcd run what they are told to, or write it to \
                  files. Without a password or a certificate whoever reaches the port reads the environment of what \
                  runs there, and then all else.",
    severity: Severity::High,
    cwe: &[306, 668],
    fix: "Let it listen on 127.0.0.1, on a socket file or on a network of its own, or ask for a password or a \
          certificate (`--tlsverify`, `rpc-secret`, `username`).",
    references: &[
        "https://docs.docker.com/engine/security/protect-access/",
        "https://supervisord.org/configuration.html#inet-http-server-section-settings",
        "https://jupyter-server.readthedocs.io/en/latest/operators/security.html",
    ],
    wants: &Want::both::<{ OWN.len() + start::WANTS.len() }>(OWN, start::WANTS),
    run,
};

const OWN: &[Want] = &[
    Want::text(".conf", "[inet_http_server]"),
    Want::text(".ini", "[inet_http_server]"),
    Want::name("daemon.json"),
    Want::name("aria2.conf"),
    Want::name("rsyncd.conf"),
    Want::name("jupyter_notebook_config.py"),
    Want::name("jupyter_server_config.py"),
];

fn run(context: &Context<'_>, found: &mut Findings) {
    for start in context.starts() {
        of_start(context, found, start);
    }
    for path in context.own_files() {
        if is_compose(path) {
            let text = context.files.text(path).unwrap_or_default();
            ports(context, found, path, &yaml::leaves(&text));
        } else if let Some(read) = control_file::reader(context, path) {
            let text = context.files.text(path).unwrap_or_default();
            for told in read(&text) {
                found
                    .report(path, told.message)
                    .at_line(told.line)
                    .severe(context.severity_where(path, told.severity));
            }
        }
    }
}

fn of_start(context: &Context<'_>, found: &mut Findings, start: &Start) {
    if let Some(message) = takes_orders(&start.command) {
        // What takes orders is one too many there.
        let severity = if is_compose(&start.file) {
            context.severity_in_compose(&start.file, Severity::Medium)
        } else {
            start.severity(Severity::High)
        };
        found
            .report(&start.file, message)
            .at_line(start.line)
            .severe(severity);
    }
}

/// What a command opens to everyone.
fn takes_orders(command: &str) -> Option<&'static str> {
    let words = start::words(command);
    let has = |word: &str| words.contains(&word);
    let starts = |start: &str| words.iter().any(|word| word.starts_with(start));
    let runs = |program: &str| {
        let is_it = |word: &&str| word.rsplit('/').next() == Some(program);
        words.iter().any(is_it)
    };
    let is_tcp = |word: &&str| {
        let word = word.rsplit("host=").next().unwrap_or(word);
        word.strip_prefix("tcp://").is_some_and(is_for_all)
    };
    if runs("dockerd") && words.iter().any(is_tcp) && !starts("--tlsverify") {
        return Some("Docker's API listens for everyone, and asks for no certificate.");
    }
    let is_empty_token = |word: &&str| {
        let (option, value) = word.split_once('=').unwrap_or((word, "?"));
        let is_token = option.ends_with("App.token") || option == "--IdentityProvider.token";
        is_token && value.trim_matches(['"', '\'']).is_empty()
    };
    if words.iter().any(is_empty_token) && !starts("--ServerApp.password") {
        return Some("Jupyter is started without a token: it runs the code of whoever reaches it.");
    }
    let is_on = |option: &str| has(option) || has(&format!("{option}=true"));
    if runs("aria2c")
        && is_on("--enable-rpc")
        && is_on("--rpc-listen-all")
        && !starts("--rpc-secret")
    {
        return Some("aria2 takes orders of everyone: it writes files wherever it is told to.");
    }
    None
}

/// Whether an address is not the machine itself.
pub(super) fn is_for_all(address: &str) -> bool {
    !["127.", "localhost", "[::1]", "::1"]
        .iter()
        .any(|start| address.starts_with(start))
}

/// Ports of a compose file that are published, and behind which something takes orders.
fn ports(context: &Context<'_>, found: &mut Findings, path: &str, leaves: &[Leaf]) {
    for port in published(leaves) {
        let (service, inside) = (port.service, port.inside);
        let of_service = |key: &str| {
            let leaf = leaves
                .iter()
                .find(|leaf| leaf.is(&["services", service, key]));
            leaf.map_or("", |leaf| leaf.value.as_str())
        };
        let image = name(of_service("image"));
        let command = of_service("command");
        let (message, severity) = match inside {
            "2375" => (
                "Docker's API without certificates is open on all addresses of the machine.",
                Severity::Medium,
            ),
            "9000" if image.starts_with("php:") && image.contains("fpm") => (
                "FastCGI is open on all addresses of the machine: it runs what it is told to.",
                Severity::Low,
            ),
            _ if of_image(image, inside).is_some_and(|one| !is_guarded(leaves, service, one)) => (
                of_image(image, inside).map_or("", |one| one.message),
                Severity::Medium,
            ),
            _ if is_uwsgi(command, inside) => (
                "uWSGI's own protocol is open on all addresses of the machine: it runs what it is told to.",
                Severity::Low,
            ),
            _ => continue,
        };
        port.report((context, found), path, (message, severity));
    }
}

/// A port that takes orders, by the image behind it.
struct OfImage {
    image: &'static str,
    ports: &'static [&'static str],
    /// What in the settings of the service says that it asks who is there.
    guard: &'static str,
    message: &'static str,
}

/// <https://hadoop.apache.org/docs/stable/hadoop-yarn/hadoop-yarn-site/ResourceManagerRest.html>,
/// <https://spark.apache.org/docs/latest/security.html>, <https://scrapyd.readthedocs.io/en/latest/config.html>,
/// <https://etcd.io/docs/v3.5/op-guide/security/>.
const OF_IMAGES: &[OfImage] = &[
    OfImage {
        image: "hadoop",
        ports: &["8088"],
        guard: "kerberos",
        message: "YARN's API is open on all addresses of the machine: it runs what it is told to.",
    },
    OfImage {
        image: "spark",
        ports: &["6066", "7077"],
        guard: "authenticat",
        message: "Spark's master is open on all addresses of the machine: it runs what it is told to.",
    },
    OfImage {
        image: "scrapyd",
        ports: &["6800"],
        guard: "password",
        message: "Scrapyd is open on all addresses of the machine: it runs the code that it is sent.",
    },
    OfImage {
        image: "etcd",
        ports: &["2379"],
        guard: "client-cert-auth",
        message: "etcd is open on all addresses of the machine: it gives every value to whoever asks, and takes new ones.",
    },
];

fn of_image(image: &str, port: &str) -> Option<&'static OfImage> {
    let name = image.split([':', '@']).next().unwrap_or_default();
    let mut all = OF_IMAGES.iter();
    all.find(|one| name.split('-').any(|part| part == one.image) && one.ports.contains(&port))
}

/// Whether a service says that it asks who is there: in its command, or in its environment.
fn is_guarded(leaves: &[Leaf], service: &str, one: &OfImage) -> bool {
    let says = |text: &str| text.to_ascii_lowercase().contains(one.guard);
    let mut settings = leaves.iter().filter(|leaf| {
        let is_setting = |key: &&str| leaf.is_below(&["services", service, key]);
        ["command", "entrypoint", "environment", "volumes"]
            .iter()
            .any(is_setting)
    });
    settings.any(|leaf| says(&leaf.value) || says(leaf.key()))
}

/// `uwsgi --socket 0.0.0.0:8000`; `--http` is another protocol.
fn is_uwsgi(command: &str, port: &str) -> bool {
    let words: Vec<&str> = command.split_whitespace().collect();
    words.contains(&"uwsgi")
        && words.windows(2).any(|pair| {
            matches!(pair[0], "--socket" | "-s" | "--uwsgi-socket")
                && pair[1].rsplit(':').next() == Some(port)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_that_take_orders() {
        for command in [
            "dockerd -H tcp://0.0.0.0:2375 -H unix:///var/run/docker.sock",
            "/usr/bin/dockerd --host=tcp://0.0.0.0:2375",
            "start-notebook.sh --NotebookApp.token=''",
            "jupyter lab --ip=0.0.0.0 --ServerApp.token=",
            "aria2c --enable-rpc --rpc-listen-all=true",
        ] {
            assert!(takes_orders(command).is_some(), "{command}");
        }
        for command in [
            "dockerd -H tcp://127.0.0.1:2375",
            "dockerd -H tcp://0.0.0.0:2376 --tlsverify",
            "jupyter lab --ServerApp.token=$TOKEN",
            "aria2c --enable-rpc --rpc-listen-all --rpc-secret=$SECRET",
            "aria2c --enable-rpc",
        ] {
            assert!(takes_orders(command).is_none(), "{command}");
        }
        assert!(is_uwsgi(
            "uwsgi --socket 0.0.0.0:8000 --module server",
            "8000"
        ));
        assert!(!is_uwsgi("uwsgi --http 0.0.0.0:8000", "8000"));
    }
}
