//! Traefik's dashboard, open to everyone.

use crate::checks::{Check, Context, Findings};
use crate::finding::{Reason, Severity};
use crate::site::Want;

pub(in crate::checks) static CHECK: Check = Check {
    id: "traefik-insecure-api",
    code: "TRA-001",
    title: "Traefik's dashboard and API are open to everyone",
    description: "With `api.insecure` Traefik answers on a port of its own without asking who is there: routes, \
                  services, middleware and their settings can be read.",
    severity: Severity::Medium,
    cwe: &[306, 497],
    fix: "Leave `api.insecure` out, and put a router with authentication in front of `api@internal`.",
    references: &["https://doc.traefik.io/traefik/operations/api/#insecure"],
    wants: &[
        Want::start("docker-compose"),
        Want::start("compose."),
        Want::name("traefik.yml"),
        Want::name("traefik.yaml"),
        Want::name("traefik.toml"),
    ],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    let starts = ["docker-compose", "compose.", "traefik."];
    for start in starts {
        for file in context.index.starting(start) {
            if let Some(text) = context.files.text(file) {
                look(file, &text, found);
            }
        }
    }
}

fn look(file: &str, text: &str, found: &mut Findings) {
    let mut in_api = false;
    for (number, line) in (1..).zip(text.lines()) {
        let trimmed = line.trim();
        let lower = trimmed
            .trim_matches(['-', ' ', '"', '\''])
            .to_ascii_lowercase();
        if trimmed.starts_with('#') {
            continue;
        }
        if matches!(lower.as_str(), "api:" | "[api]") {
            in_api = true;
            continue;
        }
        let is_option = matches!(lower.as_str(), "api.insecure" | "api.insecure=true")
            && trimmed.contains("--api.insecure");
        let is_set = in_api
            && matches!(
                lower.replace(' ', "").as_str(),
                "insecure:true" | "insecure=true"
            );
        if !line.starts_with([' ', '\t']) && !lower.is_empty() && !lower.starts_with("insecure") {
            in_api = false;
        }
        if is_option || is_set {
            found
                .report(file, "Traefik's API answers everyone who reaches its port")
                .at_line(number)
                .because(Reason::at(file, number, trimmed));
        }
    }
}
