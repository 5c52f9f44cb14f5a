//! Spring Boot's actuator.

use crate::checks::aside::is_aside;
use crate::checks::names::{directory, is_for_development, join, name};
use crate::checks::{Check, Context, Findings, secrets};
use crate::finding::{Confidence, Reach, Reason, Severity};
use crate::site::Want;

use super::spring_settings::{Setting, Settings};

pub(in crate::checks) static CHECK: Check = Check {
    id: "spring-actuator",
    code: "SP-001",
    title: "The actuator shows the environment, or the memory",
    description: "The heap dump holds every value that the application knows, in clear. The endpoints env and \
                  configprops show settings; Spring Boot 2 hides values by the names of their keys alone, and \
                  show-values=ALWAYS hides nothing.",
    severity: Severity::High,
    cwe: &[215, 497],
    fix: "Expose health only, or ask for a password before the actuator, or give it a port of its own that is not \
          reached from outside.",
    references: &[
        "https://docs.spring.io/spring-boot/reference/actuator/endpoints.html#actuator.endpoints.exposing",
        "https://docs.spring.io/spring-boot/reference/actuator/endpoints.html#actuator.endpoints.sanitization",
    ],
    wants: &[
        Want::start("application"),
        Want::start("bootstrap."),
        Want::name("pom.xml"),
        Want::name("build.gradle"),
        Want::name("build.gradle.kts"),
    ],
    run,
};

/// Endpoints that give credentials out.
const ENDPOINTS: &[&str] = &["heapdump", "env", "configprops"];

fn run(context: &Context<'_>, found: &mut Findings) {
    let names = context
        .index
        .starting("application")
        .chain(context.index.starting("bootstrap."));
    for path in names.filter(|path| !is_aside(path)) {
        let is_settings = [".properties", ".yml", ".yaml"]
            .iter()
            .any(|end| path.ends_with(end));
        let Some(text) = context.files.text(path).filter(|_| is_settings) else {
            continue;
        };
        let settings = Settings::of(path, &text);
        if let Some((include, endpoints)) = exposed(&settings) {
            report(context, found, path, (&settings, include), &endpoints);
        }
    }
}

/// The endpoints that are exposed and give something out, and the setting that does it.
fn exposed(settings: &Settings) -> Option<(&Setting, Vec<&'static str>)> {
    let include = settings.get("management.endpoints.web.exposure.include")?;
    let excluded = settings.get("management.endpoints.web.exposure.exclude");
    let list = |value: &str| -> Vec<String> {
        let items = value.split(',').map(|item| {
            item.trim()
                .trim_matches(['"', '\'', '[', ']'])
                .to_ascii_lowercase()
        });
        items.collect()
    };
    let included = list(&include.value);
    let excluded = excluded.map_or_else(Vec::new, |setting| list(&setting.value));
    let has = |list: &[String], name: &str| list.iter().any(|item| item == "*" || item == name);
    let is_on = |name: &&&str| {
        let access = settings.get(&format!("management.endpoint.{name}.access"));
        let enabled = settings.get(&format!("management.endpoint.{name}.enabled"));
        let is_off = access.is_some_and(|setting| setting.value.eq_ignore_ascii_case("none"))
            || enabled.is_some_and(|setting| setting.value == "false");
        has(&included, name) && !has(&excluded, name) && !is_off
    };
    let endpoints: Vec<&str> = ENDPOINTS.iter().filter(is_on).copied().collect();
    (!endpoints.is_empty()).then_some((include, endpoints))
}

fn report(
    context: &Context<'_>,
    found: &mut Findings,
    path: &str,
    (settings, include): (&Settings, &Setting),
    endpoints: &[&str],
) {
    let base = settings
        .get("management.endpoints.web.base-path")
        .map_or("/actuator", |setting| setting.value.as_str());
    let shows = settings
        .get("management.endpoint.env.show-values")
        .filter(|setting| setting.value.eq_ignore_ascii_case("always"));
    let gives_all = endpoints.contains(&"heapdump") || shows.is_some();
    let has_secrets = !secrets::all_of(context, path).is_empty();
    let is_guarded = is_guarded(context, path) || is_elsewhere(settings);
    let severity = if is_guarded || is_for_development(name(path)) {
        Severity::Low
    } else if gives_all && has_secrets {
        Severity::Critical
    } else {
        Severity::High
    };
    let exposure = found.report(
        path,
        format!("Everyone can ask for {}.", endpoints.join(", ")),
    );
    exposure
        .at_line(include.line)
        .severe(severity)
        .sure(Confidence::Medium)
        .because(Reason::at(
            path,
            include.line,
            format!(
                "management.endpoints.web.exposure.include={}",
                include.value
            ),
        ));
    if is_guarded {
        exposure.message = format!(
            "Whoever gets past the guard can ask for {}.",
            endpoints.join(", ")
        );
    }
    if let Some(shows) = shows {
        exposure.because(Reason::at(path, shows.line, "show-values=ALWAYS"));
    }
    let base = base.trim_end_matches('/');
    exposure.urls.extend(
        endpoints
            .iter()
            .map(|endpoint| format!("{base}/{endpoint}")),
    );
    if gives_all && has_secrets && severity > Severity::Low {
        exposure.exposing(path).reaching(Reach::Likely);
    }
}

/// The actuator listens where nobody else comes by.
fn is_elsewhere(settings: &Settings) -> bool {
    let address = settings.get("management.server.address");
    let is_local = address
        .is_some_and(|setting| matches!(setting.value.as_str(), "127.0.0.1" | "localhost" | "::1"));
    is_local || settings.get("management.server.port").is_some()
}

/// Whether a build file above names Spring Security, which asks for a password unless it is told otherwise.
fn is_guarded(context: &Context<'_>, path: &str) -> bool {
    let mut at = directory(path);
    loop {
        for build in ["pom.xml", "build.gradle", "build.gradle.kts"] {
            if let Some(text) = context.files.text(&join(at, build)) {
                return text.contains("spring-boot-starter-security")
                    || text.contains("spring-security");
            }
        }
        if at.is_empty() {
            return false;
        }
        at = directory(at);
    }
}
