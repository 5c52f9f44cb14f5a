//! Spring Boot's actuator.

use crate::checks::names::{directory, join};
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
const ENDPOINTS: &[&str] = &["heapdump", "jolokia", "env", "configprops", "logfile"];

fn run(context: &Context<'_>, found: &mut Findings) {
    let names = context
        .index
        .starting("application")
        .chain(context.index.starting("bootstrap."));
    for path in names.filter(|path| !context.is_aside(path)) {
        let is_settings = [".properties", ".yml", ".yaml"]
            .iter()
            .any(|end| path.ends_with(end));
        let Some(text) = context.files.text(path).filter(|_| is_settings) else {
            continue;
        };
        let settings = Settings::of(path, &text);
        let build = build_file(context, path).unwrap_or_default();
        if let Some((include, endpoints)) = exposed(&settings, boot_version(&build)) {
            report(
                context,
                found,
                path,
                (&settings, include, &build),
                &endpoints,
            );
        }
    }
}

/// The endpoints that are exposed and give something out, and the setting that does it.
fn exposed(
    settings: &Settings,
    version: Option<(u32, u32)>,
) -> Option<(&Setting, Vec<&'static str>)> {
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
        // <https://github.com/spring-projects/spring-boot/wiki/Spring-Boot-3.5-Release-Notes#actuator-heapdump-endpoint>
        let has_to_be_opened = **name == "heapdump" && version >= Some((3, 5));
        let is_closed = is_off || (has_to_be_opened && access.is_none() && enabled.is_none());
        // Under `*` these are there only with a library, or with a file that logs are written to.
        let is_extra = matches!(**name, "jolokia" | "logfile");
        let is_included = if is_extra {
            included.iter().any(|item| item == **name)
        } else {
            has(&included, name)
        };
        is_included && !has(&excluded, name) && !is_closed
    };
    let endpoints: Vec<&str> = ENDPOINTS.iter().filter(is_on).copied().collect();
    (!endpoints.is_empty()).then_some((include, endpoints))
}

fn report(
    context: &Context<'_>,
    found: &mut Findings,
    path: &str,
    (settings, include, build): (&Settings, &Setting, &str),
    endpoints: &[&str],
) {
    let base = settings
        .get("management.endpoints.web.base-path")
        .map_or("/actuator", |setting| setting.value.as_str());
    let shows = settings
        .get("management.endpoint.env.show-values")
        .filter(|setting| setting.value.eq_ignore_ascii_case("always"));
    // Jolokia reads every bean, that of the heap dump among them.
    let of_memory = ["heapdump", "jolokia"];
    let gives_all = of_memory.iter().any(|one| endpoints.contains(one)) || shows.is_some();
    let has_secrets = !secrets::all_of(context, path).is_empty();
    // It asks for a password unless it is told otherwise.
    let is_guarded = build.contains("spring-boot-starter-security")
        || build.contains("spring-security")
        || is_elsewhere(settings);
    // Since 3.0, env and configprops hide all values.
    let hides =
        !gives_all && !endpoints.contains(&"logfile") && boot_version(build) >= Some((3, 0));
    let severity = if is_guarded || hides || context.is_for_development(path) {
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

/// The text of the nearest build file above.
fn build_file(context: &Context<'_>, path: &str) -> Option<String> {
    let mut at = directory(path);
    loop {
        let names = ["pom.xml", "build.gradle", "build.gradle.kts"].iter();
        let mut texts = names.filter_map(|name| context.files.text(&join(at, name)));
        if let Some(text) = texts.next() {
            return Some(text);
        }
        if at.is_empty() {
            return None;
        }
        at = directory(at);
    }
}

/// The version of Spring Boot that a build file names, as far as two numbers go.
fn boot_version(build: &str) -> Option<(u32, u32)> {
    let starts = [
        "spring-boot-starter-parent</artifactId>",
        "org.springframework.boot",
    ];
    let mut rests = starts
        .iter()
        .filter_map(|start| Some(build.split_once(start)?.1));
    rests.find_map(|rest| {
        let after = rest.split_once("version")?.1;
        let start = after.find(|char: char| char.is_ascii_digit())?;
        // Further off stands the version of something else.
        let mut numbers = after.get(start..)?.split(['.', '-', '<', '\'', '"']);
        let major = numbers.next()?.parse().ok()?;
        let minor = numbers.next()?.parse().ok()?;
        (start < 12).then_some((major, minor))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_build_files() {
        let pom = "<parent><groupId>org.springframework.boot</groupId>\n<artifactId>spring-boot-starter-parent</artifactId>\n<version>3.5.1</version></parent>";
        assert_eq!(boot_version(pom), Some((3, 5)));
        assert_eq!(
            boot_version("id 'org.springframework.boot' version '2.7.18'"),
            Some((2, 7))
        );
        assert_eq!(
            boot_version("id(\"org.springframework.boot\") version \"4.0.0-M1\""),
            Some((4, 0))
        );
        assert_eq!(
            boot_version("<artifactId>x</artifactId><version>1.0</version>"),
            None
        );
    }
}
