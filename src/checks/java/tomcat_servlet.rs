//! Tomcat that takes files, lists them, or trusts whoever speaks AJP.

use crate::checks::{Check, Context, Findings};
use crate::finding::Severity;
use crate::site::Want;
use crate::site::lex::xml::{self, Element};

pub(in crate::checks) static CHECK: Check = Check {
    id: "tomcat-open-server",
    code: "TOM-002",
    title: "Tomcat takes files from visitors, lists them, or trusts whoever speaks AJP",
    description: "With readonly=false the default servlet stores what a visitor sends by PUT, a page that runs among it. \
                  With listings=true it shows which files there are. An AJP connector without a secret lets whoever \
                  reaches it read every file of an application, WEB-INF among them.",
    severity: Severity::High,
    cwe: &[434, 548, 306],
    fix: "Take readonly and listings out of web.xml, and remove the AJP connector, or give it the address 127.0.0.1 and a \
          secret.",
    references: &[
        "https://tomcat.apache.org/tomcat-10.1-doc/default-servlet.html",
        "https://tomcat.apache.org/tomcat-10.1-doc/config/ajp.html",
    ],
    wants: &[
        Want::text(".xml", "DefaultServlet"),
        Want::text(".xml", "AJP/1.3"),
    ],
    run,
};

/// What is wrong with an element.
struct Told {
    line: u32,
    message: &'static str,
    severity: Severity,
}

fn run(context: &Context<'_>, found: &mut Findings) {
    let servlets = context.index.holding(".xml", "DefaultServlet");
    let connectors = context.index.holding(".xml", "AJP/1.3");
    let mut paths: Vec<&str> = servlets.chain(connectors).collect();
    paths.sort_unstable();
    paths.dedup();
    for path in paths.into_iter().filter(|path| !context.is_aside(path)) {
        let text = context.files.text(path).unwrap_or_default();
        let Ok(root) = xml::parse(&path.into(), &text) else {
            continue;
        };
        for told in servlet(&root).into_iter().chain(ajp(&root)) {
            found
                .report(path, told.message)
                .at_line(told.line)
                .severe(context.severity_where(path, told.severity));
        }
    }
}

fn servlet(root: &Element) -> Vec<Told> {
    let mut found = Vec::new();
    for servlet in root.all("servlet") {
        let is_default = servlet
            .all("servlet-class")
            .any(|class| class.text.ends_with(".DefaultServlet"));
        for parameter in servlet.all("init-param").filter(|_| is_default) {
            let of = |name| parameter.all(name).next().map(|one| one.text.as_str());
            match (of("param-name"), of("param-value")) {
                (Some("readonly"), Some("false")) => found.push(Told {
                    line: parameter.line,
                    message: "Tomcat stores what a visitor sends by PUT, and runs it where it is a page.",
                    severity: Severity::High,
                }),
                (Some("listings"), Some("true")) => found.push(Told {
                    line: parameter.line,
                    message: "Tomcat lists the files of directories (listings).",
                    severity: Severity::Medium,
                }),
                _ => {}
            }
        }
    }
    found
}

/// Since 9.0.31 a connector listens on the machine itself and asks for a secret, unless it is told otherwise. What
/// older ones do is said of their version.
fn ajp(root: &Element) -> Vec<Told> {
    let connectors = root.at(&["Service", "Connector"]).into_iter();
    let is_open = |connector: &&Element| {
        let is_ajp = connector
            .get("protocol")
            .is_some_and(|protocol| protocol.starts_with("AJP") || protocol.contains(".ajp."));
        let address = connector.get("address").unwrap_or_default();
        let is_for_all = matches!(address, "0.0.0.0" | "::" | "::0" | "*");
        is_ajp && is_for_all && connector.says("secretRequired", "false")
    };
    let told = connectors.filter(is_open).map(|connector| Told {
        line: connector.line,
        message: "AJP listens for everyone and asks for no secret: whoever reaches it reads every file of the applications.",
        severity: Severity::High,
    });
    told.collect()
}
