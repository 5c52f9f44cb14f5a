//! Docker's socket in the hands of an application.

use crate::checks::names::is_compose;
use crate::checks::{Check, Context, Findings};
use crate::finding::{Reason, Severity};
use crate::site::Want;
use crate::site::lex::yaml;

pub(in crate::checks) static CHECK: Check = Check {
    id: "docker-socket",
    code: "DOC-004",
    title: "Docker's socket is mounted into a container",
    description: "Whoever can talk to the socket can read the environment and the files of all containers, and can \
                  become root on the machine. One fault in the application is then enough. A read-only mount changes \
                  nothing: the socket is written to all the same.",
    severity: Severity::High,
    cwe: &[250, 668],
    fix: "Take the mount away, or put a proxy before the socket that lets only the calls through that are needed.",
    references: &["https://docs.docker.com/engine/security/#docker-daemon-attack-surface"],
    wants: &[Want::start("docker-compose"), Want::start("compose")],
    run,
};

/// Programs whose work is to talk to Docker.
const MANAGERS: &[&str] = &[
    "traefik",
    "portainer",
    "watchtower",
    "docker-socket-proxy",
    "nginx-proxy",
    "proxy",
    "acme-companion",
    "docker-gen",
    "dozzle",
    "cadvisor",
    "promtail",
    "alloy",
    "datadog",
    "agent",
    "telegraf",
    "ouroboros",
    "autoheal",
    "vector",
    "gitlab-runner",
    "diun",
    "caddy-docker-proxy",
    "localstack",
    "fluent-bit",
    "netdata",
    "filebeat",
    "homepage",
];

fn run(context: &Context<'_>, found: &mut Findings) {
    for path in context.own_files().filter(|path| is_compose(path)) {
        let Some(text) = context.files.text(path) else {
            continue;
        };
        let leaves = yaml::leaves(&text);
        let is_mount = |leaf: &&yaml::Leaf| {
            leaf.is(&["services", "*", "volumes", "*"])
                || leaf.is(&["services", "*", "volumes", "*", "source"])
        };
        for leaf in leaves.iter().filter(is_mount) {
            let source = leaf.value.split(':').next().unwrap_or_default();
            let is_socket = matches!(source, "/var/run/docker.sock" | "/run/docker.sock");
            let Some(service) = leaf.path.get(1).filter(|_| is_socket) else {
                continue;
            };
            let image = leaves
                .iter()
                .find(|leaf| leaf.is(&["services", service, "image"]));
            let name = image.map_or("", |leaf| leaf.value.as_str());
            let is_manager = MANAGERS
                .iter()
                .any(|manager| name.contains(manager) || service.contains(manager));
            if is_manager || context.is_for_development(path) {
                continue;
            }
            let has_ports = leaves
                .iter()
                .any(|leaf| leaf.is_below(&["services", service, "ports"]));
            let severity = if has_ports {
                Severity::High
            } else {
                Severity::Medium
            };
            found
                .report(path, format!("Service {service} gets Docker's socket."))
                .at_line(leaf.line)
                .severe(severity)
                .because(Reason::at(path, leaf.line, leaf.value.clone()));
        }
    }
}
