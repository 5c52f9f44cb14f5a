//! Java that lets others debug or manage it.

use crate::checks::names::{is_compose, is_dockerfile};
use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Severity};
use crate::site::Want;

pub(in crate::checks) static CHECK: Check = Check {
    id: "java-remote-port",
    code: "JVM-001",
    title: "Java is debugged or managed by whoever reaches a port",
    description: "The debugger of Java (JDWP) asks for no password: whoever reaches its port runs code, and reads the \
                  environment and the memory. The same is so of JMX with authenticate=false.",
    severity: Severity::High,
    cwe: &[489, 306],
    fix: "Start without -agentlib:jdwp where others come by, or let it listen on 127.0.0.1; give JMX a password file and \
          TLS, or bind it to 127.0.0.1 as well.",
    references: &[
        "https://docs.oracle.com/en/java/javase/21/docs/specs/jpda/conninv.html#socket-transport",
        "https://docs.oracle.com/en/java/javase/21/management/monitoring-and-management-using-jmx-technology.html",
    ],
    wants: &Want::texts::<{ ENDS.len() * NEEDLES.len() }>(ENDS, NEEDLES),
    run,
};

/// What starts Java, or says with which options.
const ENDS: &[&str] = &[
    "dockerfile",
    ".yml",
    ".yaml",
    ".sh",
    ".service",
    ".env",
    ".conf",
    "procfile",
];

const NEEDLES: &[&str] = &["jdwp", "jmxremote"];

fn run(context: &Context<'_>, found: &mut Findings) {
    let mut paths: Vec<&str> = Vec::new();
    for end in ENDS {
        for needle in NEEDLES {
            paths.extend(context.index.holding(end, needle));
        }
    }
    paths.sort_unstable();
    paths.dedup();
    for path in paths.into_iter().filter(|path| !context.is_aside(path)) {
        let text = context.files.text(path).unwrap_or_default();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.starts_with('#') {
                continue;
            }
            let (message, is_sure) = match (debugs(line), manages(line)) {
                (Some(is_sure), _) => (
                    "Java's debugger listens for everyone: it runs the code of whoever reaches it.",
                    is_sure,
                ),
                (None, true) => (
                    "JMX listens for everyone and asks for no password: whoever reaches it runs code.",
                    true,
                ),
                (None, false) => continue,
            };
            let severity = if is_compose(path) {
                context.severity_in_compose(path, Severity::Medium)
            } else {
                context.severity_where(path, Severity::High)
            };
            let exposure = found.report(path, message);
            exposure.at_line(number).severe(severity);
            if !is_sure || !is_dockerfile(path) {
                exposure.sure(Confidence::Medium);
            }
            if !is_sure {
                exposure.severe(severity.min(Severity::Low));
            }
        }
    }
}

/// Whether a line lets everyone debug, and whether that is so in every version: a port alone is one of the machine
/// itself since Java 9, and one of all addresses before.
fn debugs(line: &str) -> Option<bool> {
    let options = ["-agentlib:jdwp=", "-Xrunjdwp:"]
        .iter()
        .find_map(|start| Some(line.split_once(start)?.1))?;
    let end = options.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\''));
    let options = &options[..end.unwrap_or(options.len())];
    let of = |key: &str| {
        let mut all = options
            .split(',')
            .filter_map(|option| option.split_once('='));
        all.find(|(name, _)| *name == key).map(|(_, value)| value)
    };
    let address = of("address").filter(|_| of("server") == Some("y"))?;
    match address.rsplit_once(':') {
        Some(("*" | "0.0.0.0" | "[::]" | "::", _)) => Some(true),
        Some(_) => None,
        None => Some(false),
    }
}

fn manages(line: &str) -> bool {
    let says = |option: &str| line.contains(&format!("com.sun.management.jmxremote.{option}"));
    let is_local = ["host=127.", "host=localhost", "local.only=true"];
    says("port=") && says("authenticate=false") && !is_local.iter().any(|local| says(local))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_of_the_debugger() {
        let of = |address: &str| {
            debugs(&format!(
                "JAVA_OPTS=\"-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address={address}\" -Xmx1g"
            ))
        };
        assert_eq!(of("*:5005"), Some(true));
        assert_eq!(of("0.0.0.0:8000"), Some(true));
        assert_eq!(of("5005"), Some(false));
        assert_eq!(of("127.0.0.1:5005"), None);
        assert_eq!(of("localhost:5005"), None);
        assert_eq!(
            debugs("-agentlib:jdwp=transport=dt_socket,server=n,address=ide:5005"),
            None
        );
        assert_eq!(debugs("-agentlib:hprof"), None);
    }

    #[test]
    fn options_of_jmx() {
        let start =
            "-Dcom.sun.management.jmxremote.port=9010 -Dcom.sun.management.jmxremote.authenticate=";
        assert!(manages(&format!("{start}false")));
        assert!(!manages(&format!("{start}true")));
        assert!(!manages(&format!(
            "{start}false -Dcom.sun.management.jmxremote.host=127.0.0.1"
        )));
    }
}
