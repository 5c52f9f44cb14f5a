//! Tools of Spring Boot for developers that are left open.

use crate::checks::names::name;
use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;

use super::spring_settings::{Setting, Settings};

pub(in crate::checks) static CHECK: Check = Check {
    id: "spring-developer-tools",
    code: "SP-002",
    title: "A Spring Boot application leaves tools for developers open",
    description: "The console of H2 runs SQL, and by it code, for whoever reaches it, once others are allowed. The remote \
                  part of the developer tools loads classes of whoever knows its secret. Stack traces tell of the code \
                  and of paths.",
    severity: Severity::High,
    cwe: &[489, 209],
    fix: "Take spring.h2.console.settings.web-allow-others and spring.devtools.remote.secret out of what is deployed, or \
          put them into the profile for development, and leave server.error.include-stacktrace at `never`.",
    references: &[
        "https://docs.spring.io/spring-boot/reference/data/sql.html#data.sql.h2-web-console",
        "https://docs.spring.io/spring-boot/reference/using/devtools.html#using.devtools.remote-applications",
        "https://docs.spring.io/spring-boot/appendix/application-properties/index.html#application-properties.server.server.error.include-stacktrace",
    ],
    wants: &[Want::start("application"), Want::start("bootstrap.")],
    run,
};

fn run(context: &Context<'_>, found: &mut Findings) {
    let names = ["application", "bootstrap."].map(|start| context.index.starting(start));
    for path in names.into_iter().flatten() {
        let is_settings = [".properties", ".yml", ".yaml"]
            .iter()
            .any(|end| path.ends_with(end));
        if !is_settings || context.is_aside(path) {
            continue;
        }
        let text = context.files.text(path).unwrap_or_default();
        let settings = Settings::of(path, &text);
        for (setting, message, severity) in told(&settings) {
            let is_production = name(path).contains("prod");
            let severity = match severity {
                Severity::Low if is_production => Severity::Medium,
                severity => severity,
            };
            let exposure = found.report(path, message);
            exposure.at_line(setting.line).severe(severity);
            if context.is_for_development(path) {
                exposure.severe(Severity::Low);
            }
        }
    }
}

type Told<'s> = (&'s Setting, &'static str, Severity);

fn told(settings: &Settings) -> Vec<Told<'_>> {
    let mut found = Vec::new();
    let is_on = |setting: &&Setting| setting.value.trim_matches(['"', '\'']) == "true";
    let console = settings.get("spring.h2.console.enabled").filter(is_on);
    let others = settings.get("spring.h2.console.settings.web-allow-others");
    if let (Some(_), Some(others)) = (console, others.filter(is_on)) {
        found.push((
            others,
            "The console of H2 is open to others: it runs SQL, and by it code.",
            Severity::High,
        ));
    }
    let secret = settings.get("spring.devtools.remote.secret");
    let is_clear = |setting: &&Setting| !setting.value.is_empty() && !setting.value.contains("${");
    if let Some(secret) = secret.filter(is_clear) {
        found.push((
            secret,
            "The developer tools load classes of whoever knows the secret that stands here.",
            Severity::High,
        ));
    }
    let traces = settings.get("server.error.include-stacktrace");
    if let Some(traces) = traces.filter(|setting| setting.value.eq_ignore_ascii_case("always")) {
        found.push((
            traces,
            "Error pages show stack traces to everyone (include-stacktrace).",
            Severity::Low,
        ));
    }
    found
}
