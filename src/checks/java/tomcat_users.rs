//! Tomcat's manager with a password that everybody knows.

use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Reason, Severity};
use crate::site::Want;
use crate::site::lex::xml::{self, Element};

pub(in crate::checks) static CHECK: Check = Check {
    id: "tomcat-manager-password",
    code: "TOM-001",
    title: "Tomcat's manager has a password that everybody tries first",
    description: "Whoever signs in to the manager installs an application, which runs code as Tomcat does, and reads the \
                  configuration and the environment of all others. Passwords such as tomcat and s3cret are tried by \
                  every scanner.",
    severity: Severity::High,
    cwe: &[1393, 521],
    fix: "Remove the user, or give it a long password that is stored as a digest, and keep the valve that lets only \
          127.0.0.1 reach the manager.",
    references: &[
        "https://tomcat.apache.org/tomcat-10.1-doc/manager-howto.html#Configuring_Manager_Application_Access",
        "https://tomcat.apache.org/tomcat-10.1-doc/security-howto.html",
    ],
    wants: &[Want::name("tomcat-users.xml"), Want::name("context.xml")],
    run,
};

/// Roles that install applications, or change what is served:
/// <https://tomcat.apache.org/tomcat-10.1-doc/manager-howto.html>; the last two are those of Tomcat 6.
const ROLES: &[&str] = &[
    "manager-gui",
    "manager-script",
    "manager-jmx",
    "admin-gui",
    "admin-script",
    "manager",
    "admin",
];

/// What documentation and examples have, and what is tried first.
const KNOWN: &[&str] = &[
    "",
    "tomcat",
    "s3cret",
    "secret",
    "admin",
    "manager",
    "password",
    "changeit",
    "changeme",
    "change_me",
    "root",
    "test",
    "role1",
    "123456",
    "tomcat123",
    "admin123",
];

fn run(context: &Context<'_>, found: &mut Findings) {
    let valve = context.index.named("context.xml").find_map(|path| {
        let text = context.files.text(path)?;
        let line = opened(&text)?;
        Some(Reason::at(
            path,
            line,
            "the manager's RemoteAddrValve is taken out",
        ))
    });
    for path in context.index.named("tomcat-users.xml") {
        let text = context.files.text(path).filter(|_| !context.is_aside(path));
        let Some(root) = text.and_then(|text| xml::parse(&path.into(), &text).ok()) else {
            continue;
        };
        for user in root.all("user").filter(|user| is_known(user)) {
            let name = user.get("username").or_else(|| user.get("name"));
            let exposure = found.report(
                path,
                format!(
                    "The user {} may install applications, with a password that is tried first.",
                    name.unwrap_or_default().escape_debug()
                ),
            );
            exposure.at_line(user.line).because(Reason::at(
                path,
                user.line,
                format!("roles={}", user.get("roles").unwrap_or_default()),
            ));
            match &valve {
                Some(reason) => exposure.because(reason.clone()),
                None => exposure.sure(Confidence::Medium),
            };
            if context.is_for_development(path) {
                exposure.severe(Severity::Low);
            }
        }
    }
}

fn is_known(user: &Element) -> bool {
    let roles = user.get("roles").unwrap_or_default();
    let is_manager = roles.split(',').any(|role| ROLES.contains(&role.trim()));
    let password = user.get("password").unwrap_or_default();
    let name = user.get("username").or_else(|| user.get("name"));
    is_manager
        && (KNOWN
            .iter()
            .any(|known| password.eq_ignore_ascii_case(known))
            || name == Some(password))
}

/// The line of a context that is the manager's and has no valve: it alone is privileged and resists locking.
fn opened(text: &str) -> Option<u32> {
    let root = xml::parse(&"context.xml".into(), text).ok()?;
    let is_manager = root.name == "Context" && root.says("privileged", "true");
    let has_valve = root.all("Valve").any(|valve| {
        let class = valve.get("className").unwrap_or_default();
        class.contains("RemoteAddrValve") || class.contains("RemoteCIDRValve")
    });
    (is_manager && !has_valve).then_some(root.line)
}
