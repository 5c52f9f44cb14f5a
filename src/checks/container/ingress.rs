//! What a cluster lets in from outside.

use std::collections::BTreeSet;

use crate::checks::{Check, Context, Findings};
use crate::finding::{Confidence, Exposure, Reason, Severity};
use crate::site::Want;
use crate::site::lex::yaml::{self, Leaf};

pub(in crate::checks) static CHECK: Check = Check {
    id: "kubernetes-ingress",
    code: "K8S-002",
    title: "An ingress lets everyone in where only operators belong",
    description: "An ingress makes a path of a service one of the internet. Behind the paths of management and \
                  debugging stand the environment, memory dumps and settings, and nobody asks who calls. What a \
                  snippet says is put into the configuration of nginx as it is: it can send the controller's own \
                  files, its service account's token among them.",
    severity: Severity::High,
    cwe: &[200, 668],
    fix: "Take the path out of the ingress and look at it through `kubectl port-forward`, or ask for a login at it \
          (`auth-url`, `auth-type`, `whitelist-source-range`). Say in snippets only what no annotation says.",
    references: &[
        "https://kubernetes.io/docs/concepts/services-networking/ingress/",
        "https://docs.spring.io/spring-boot/reference/actuator/endpoints.html",
        "https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/",
    ],
    wants: &Want::texts::<4>(ENDS, NEEDLES),
    run,
};

const ENDS: &[&str] = &[".yaml", ".yml"];

const NEEDLES: &[&str] = &["kind: Ingress", "kind: HTTPRoute"];

/// Paths that hand out what is inside of an application, each with what it is of.
const PATHS: &[(&str, &str)] = &[
    ("/actuator", "Spring Boot's management"),
    ("/jolokia", "management of Java"),
    ("/heapdump", "a dump of the memory"),
    ("/debug/pprof", "Go's profiler"),
    ("/debug/vars", "Go's variables"),
    ("/server-status", "Apache's status"),
    ("/server-info", "Apache's configuration"),
    ("/_profiler", "Symfony's profiler"),
    ("/telescope", "Laravel's debugger"),
    ("/_ignition", "Laravel's error pages"),
    ("/_debugbar", "Laravel's debug bar"),
    ("/phpinfo.php", "a phpinfo page"),
    ("/elmah.axd", "ASP.NET's error log"),
    ("/trace.axd", "ASP.NET's trace"),
    ("/phpmyadmin", "phpMyAdmin"),
    ("/adminer", "Adminer"),
];

/// Services that are tools of operators or of developers.
const TOOLS: &[&str] = &[
    "adminer",
    "phpmyadmin",
    "pgadmin",
    "mongo-express",
    "redis-commander",
    "mailhog",
    "mailpit",
    "maildev",
];

/// Endings of annotations by which someone is asked who he is, or has to come from somewhere.
const GUARDS: &[&str] = &[
    "auth-url",
    "auth-type",
    "auth-secret",
    "auth-signin",
    "auth-tls-secret",
    "whitelist-source-range",
    "allowlist-source-range",
    "router.middlewares",
];

fn run(context: &Context<'_>, found: &mut Findings) {
    let holding = |end| {
        NEEDLES
            .iter()
            .flat_map(move |needle| context.index.holding(end, needle))
    };
    let paths: BTreeSet<&str> = ENDS
        .iter()
        .flat_map(|end| holding(end))
        .filter(|path| !context.is_aside(path))
        .collect();
    for path in paths {
        let Some(text) = context.files.text(path) else {
            continue;
        };
        let leaves = yaml::leaves(&text);
        for document in leaves.chunk_by(|a, b| a.document == b.document) {
            let is_kind = |leaf: &&Leaf| {
                leaf.is(&["kind"]) && matches!(leaf.value.as_str(), "Ingress" | "HTTPRoute")
            };
            if document.iter().any(|leaf| is_kind(&leaf)) {
                let mut ingress = Ingress {
                    context,
                    found,
                    path,
                    leaves: document,
                };
                ingress.look();
            }
        }
    }
}

struct Ingress<'r, 'c> {
    context: &'r Context<'c>,
    found: &'r mut Findings,
    path: &'r str,
    /// Those of its document.
    leaves: &'r [Leaf],
}

impl<'r> Ingress<'r, '_> {
    fn look(&mut self) {
        let is_guarded = self.is_guarded();
        for leaf in self.leaves {
            if leaf.is_below(&["metadata", "annotations"]) && leaf.key().contains("-snippet") {
                self.snippet(leaf);
            } else if !is_guarded && leaf.path.first().is_some_and(|key| key == "spec") {
                self.route(leaf);
            }
        }
    }

    /// Whether not everyone gets in.
    fn is_guarded(&self) -> bool {
        self.leaves.iter().any(|leaf| {
            let is_annotation = leaf.is_below(&["metadata", "annotations"]);
            let is_class = leaf.is(&["spec", "ingressClassName"])
                || (is_annotation && leaf.key().ends_with("ingress.class"));
            let is_inside = |value: &str| value.contains("internal") || value.contains("private");
            (is_annotation
                && GUARDS.iter().any(|end| leaf.key().ends_with(end))
                && !leaf.value.is_empty())
                || (is_class && is_inside(&leaf.value))
                || (is_annotation && leaf.key().ends_with("/scheme") && is_inside(&leaf.value))
        })
    }

    fn route(&mut self, leaf: &'r Leaf) {
        let host = self.host(leaf);
        let is_path = leaf.is(&["spec", "rules", "*", "http", "paths", "*", "path"])
            || leaf.is(&["spec", "rules", "*", "matches", "*", "path", "value"]);
        if is_path {
            let lower = leaf.value.to_ascii_lowercase();
            let is_at = |path: &str| {
                let mut rest = lower
                    .match_indices(path)
                    .map(|(at, _)| &lower[at + path.len()..]);
                rest.any(|rest| {
                    !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_')
                        && !rest.starts_with("/health")
                        && !rest.starts_with("/info")
                        && !rest.starts_with("/prometheus")
                })
            };
            if let Some((path, what)) = PATHS.iter().find(|(path, _)| is_at(path)) {
                let message = format!("{host} gives everyone {what}, at {path}.");
                let url = (*path).to_owned();
                self.report(leaf, message, Severity::High).urls.push(url);
            }
            return;
        }
        let is_service = leaf.key() == "serviceName"
            || leaf
                .path
                .ends_with(&["service".to_owned(), "name".to_owned()])
            || leaf.is(&["spec", "rules", "*", "backendRefs", "*", "name"]);
        if let Some(tool) = TOOLS
            .iter()
            .find(|tool| is_service && leaf.value.contains(*tool))
        {
            let message = format!("{host} leads everyone to {tool}.");
            self.report(leaf, message, Severity::Medium);
        }
    }

    /// What the rule of a leaf is for.
    fn host(&self, leaf: &Leaf) -> &'r str {
        let host = self.leaves.iter().find(|other| {
            let is_of_rule = other.path.get(..3) == leaf.path.get(..3);
            (is_of_rule && other.is(&["spec", "rules", "*", "host"]))
                || other.is(&["spec", "hostnames", "0"])
        });
        host.map_or("Any host", |host| host.value.as_str())
    }

    fn snippet(&mut self, leaf: &'r Leaf) {
        for words in statements(&leaf.value) {
            let words: Vec<&str> = words.split_whitespace().collect();
            let message = match words.as_slice() {
                ["alias" | "root", place] => {
                    format!("The snippet sends files of the controller: {place} there.")
                }
                ["autoindex", "on"] => {
                    "The snippet lists directories of the controller.".to_owned()
                }
                [name, ..] if name.ends_with("_by_lua_block") || name.ends_with("_by_lua") => {
                    "The snippet runs Lua in the controller, which can read its token.".to_owned()
                }
                _ => continue,
            };
            self.report(leaf, message, Severity::High);
        }
    }

    fn report(&mut self, leaf: &Leaf, message: String, severity: Severity) -> &mut Exposure {
        let exposure = self.found.report(self.path, message);
        exposure
            .at_line(leaf.line)
            .severe(self.context.severity_where(self.path, severity))
            .because(Reason::at(self.path, leaf.line, leaf.path.join(".")))
            .sure(Confidence::Medium)
    }
}

/// What nginx takes for a directive or for the head of a block, without comments.
fn statements(snippet: &str) -> impl Iterator<Item = String> {
    let lines = snippet.lines().map(|line| match line.split_once('#') {
        Some((before, _)) => before,
        None => line,
    });
    let text: Vec<&str> = lines.collect();
    let text = text.join(" ");
    let parts: Vec<String> = text
        .split([';', '{', '}'])
        .map(|part| part.trim().to_owned())
        .filter(|part| !part.is_empty())
        .collect();
    parts.into_iter()
}
