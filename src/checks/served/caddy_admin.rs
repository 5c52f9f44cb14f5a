//! Caddy's interface for administrators, where others reach it.

use crate::checks::{Check, Context, Findings};
use crate::finding::{Reason, Severity};
use crate::site::{Directive, Software};

use super::all_of;

pub(in crate::checks) static CHECK: Check = Check {
    id: "caddy-admin-api",
    code: "CAD-002",
    title: "Caddy's admin API listens beyond its own machine",
    description: "The API asks nobody for a password: `GET /config/` gives the whole configuration with the tokens of \
                  DNS providers and the hashes of passwords, and `POST /load` sets another one, which may serve any \
                  file of the machine.",
    severity: Severity::High,
    cwe: &[306, 497],
    fix: "Leave `admin` out, which listens on localhost:2019 only, give it the path of a Unix socket, or write `admin off`.",
    references: &[
        "https://caddyserver.com/docs/api",
        "https://caddyserver.com/docs/caddyfile/options#admin",
    ],
    wants: &[],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    for hosted in all_of(context, Software::Caddy) {
        for directive in hosted.server.directives() {
            let is_option = directive.name == "admin" && directive.inside.is_empty();
            if is_option && directive.args.first().is_some_and(|at| is_beyond(at)) {
                report(directive, found);
            }
        }
    }
}

/// `:2019`, `0.0.0.0:2019`, `tcp/caddy:2019`; not `localhost:2019`, a Unix socket, `off`, and what the environment says.
fn is_beyond(address: &str) -> bool {
    let address = address.strip_prefix("tcp/").unwrap_or(address);
    let Some((host, port)) = address.rsplit_once(':') else {
        return false;
    };
    let host = host.trim_matches(['[', ']']);
    let is_own = host == "localhost" || host == "::1" || host.starts_with("127.");
    let is_network = address.contains('/') || address.contains('{');
    !is_own && !is_network && port.bytes().all(|byte| byte.is_ascii_digit())
}

fn report(directive: &Directive, found: &mut Findings) {
    let address = &directive.args[0];
    let shown = format!("admin {address}");
    found
        .report(
            &directive.file,
            format!("whoever reaches {address} reads and changes Caddy's configuration"),
        )
        .at_line(directive.line)
        .because(Reason::at(&*directive.file, directive.line, shown));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_that_others_reach_are_beyond() {
        for beyond in [":2019", "0.0.0.0:2019", "[::]:2019", "tcp/10.0.0.2:2019"] {
            assert!(is_beyond(beyond), "{beyond}");
        }
        for own in [
            "off",
            "localhost:2019",
            "127.0.0.1:2020",
            "[::1]:2019",
            "unix//run/caddy.sock",
            "{$CADDY_ADMIN:localhost:2019}",
        ] {
            assert!(!is_beyond(own), "{own}");
        }
    }
}
