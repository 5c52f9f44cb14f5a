//! Pods that a cluster lets requests through to: by which ingress and service, from which image, with what mounted.

mod manifests;
mod pod;
mod source;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::finding::Reason;

use super::super::super::lex::yaml::Node;
use super::super::super::want::Want;
use super::super::{Found, Search};
use super::{development, stack};
use manifests::{Manifests, Object};
use source::Sources;

/// What lets requests into a cluster.
pub(in crate::site::discover) const WANTS: &[Want] = &[
    Want::text(".yaml", "kind: Ingress"),
    Want::text(".yaml", "kind: HTTPRoute"),
    Want::text(".yaml", "type: LoadBalancer"),
    Want::text(".yaml", "type: NodePort"),
    Want::text(".yaml", "apiVersion"),
    Want::text(".yml", "kind: Ingress"),
    Want::text(".yml", "kind: HTTPRoute"),
    Want::text(".yml", "type: LoadBalancer"),
    Want::text(".yml", "type: NodePort"),
    Want::text(".yml", "apiVersion"),
    Want::name("skaffold.yaml"),
];

/// More ways in are not followed.
const MAX_ROUTES: usize = 200;

/// Endings of annotations by which an ingress asks who someone is, or lets in some addresses only.
const GUARDS: &[&str] = &[
    "auth-url",
    "auth-type",
    "auth-secret",
    "auth-tls-secret",
    "whitelist-source-range",
    "allowlist-source-range",
    "router.middlewares",
];

/// A way from outside to a service.
struct Route<'m> {
    namespace: &'m str,
    service: &'m str,
    /// What it is let in by.
    because: Vec<Reason>,
    /// The start of the paths that are let through, if not all are.
    below: Option<&'m str>,
}

/// Follows each route to the pods behind it.
pub(super) fn find(search: &Search<'_>, built: &mut BTreeSet<String>, found: &mut Found) {
    let manifests = Manifests::read(search);
    let routes: Vec<Route<'_>> = manifests.objects().flat_map(routes).collect();
    if routes.is_empty() {
        return;
    }
    let sources = Sources::read(search);
    let mut served: BTreeSet<(String, u32)> = BTreeSet::new();
    for route in routes.into_iter().take(MAX_ROUTES) {
        let services = manifests
            .objects()
            .filter(|object| object.is(&["Service"], route.service, route.namespace));
        for service in services {
            let pods = manifests.objects().filter(|pod| service.selects(pod));
            for pod in pods.filter(|pod| served.insert((pod.file.to_owned(), pod.node.line))) {
                let mut because = route.because.clone();
                because.push(service.at("sends to", &format!("{} {}", pod.kind(), pod.name())));
                because.dedup();
                serve(search, &manifests, &sources, &pod, found)
                    .into_iter()
                    .for_each(|(image, dockerfile, assumed)| {
                        let mut image = image;
                        image.because.splice(0..0, because.iter().cloned());
                        built.extend(dockerfile);
                        let below = route.below.map(|below| {
                            format!("the ingress lets only paths below {below} through")
                        });
                        let development = development(search.relative(pod.file));
                        let assumed = assumed.or(below).or(development);
                        stack::serve(search, &image, assumed.as_deref(), found);
                    });
            }
        }
    }
}

type Served = (super::image::Image, Option<String>, Option<String>);

/// The images of a pod, each with the Dockerfile that builds it, and what is assumed of that.
fn serve(
    search: &Search<'_>,
    manifests: &Manifests,
    sources: &Sources,
    pod: &Object<'_>,
    found: &mut Found,
) -> Vec<Served> {
    let Some(spec) = pod.template().and_then(|template| template.get("spec")) else {
        return Vec::new();
    };
    let mut images = Vec::new();
    for container in spec.get("containers").into_iter().flat_map(Node::items) {
        let container = pod::Container {
            manifests,
            object: pod,
            spec,
            node: container,
        };
        match container.image(search, sources) {
            Ok(Some(served)) => images.push(served),
            Ok(None) => {}
            Err(note) => found.notes.push(note),
        }
    }
    images
}

fn routes<'m>(object: Object<'m>) -> Vec<Route<'m>> {
    let spec = object.node.get("spec");
    let route = |service: &'m str, at: Reason, below: Option<&'m str>| Route {
        namespace: object.namespace(),
        service,
        because: vec![at],
        below,
    };
    match object.kind() {
        "Service" => {
            let kind = spec.and_then(|spec| spec.text_of("type"));
            match kind.filter(|kind| matches!(*kind, "LoadBalancer" | "NodePort")) {
                Some(kind) => vec![route(object.name(), object.at("is a", kind), None)],
                None => Vec::new(),
            }
        }
        "Ingress" if !is_guarded(&object) => {
            let rules = spec.and_then(|spec| spec.get("rules"));
            let mut found = Vec::new();
            for rule in rules.into_iter().flat_map(Node::items) {
                let host = rule.text_of("host").unwrap_or("every host");
                let paths = rule.get("http").and_then(|http| http.get("paths"));
                for path in paths.into_iter().flat_map(Node::items) {
                    let Some(service) = path.get("backend").and_then(service_of) else {
                        continue;
                    };
                    let start = path.text_of("path").unwrap_or("/");
                    let to = format!("{host}{start} to Service {service}");
                    found.push(route(
                        service,
                        object.at_line(path, "sends", &to),
                        whole(start),
                    ));
                }
            }
            let default = spec.and_then(|spec| spec.get("defaultBackend").or(spec.get("backend")));
            if let Some(service) = default.and_then(service_of) {
                let at = object.at("sends everything to Service", service);
                found.push(route(service, at, None));
            }
            found
        }
        "HTTPRoute" => {
            let host = spec
                .and_then(|spec| spec.get("hostnames"))
                .and_then(|hosts| hosts.items().next())
                .and_then(Node::text)
                .unwrap_or("every host");
            let rules = spec.and_then(|spec| spec.get("rules"));
            let mut found = Vec::new();
            for rule in rules.into_iter().flat_map(Node::items) {
                let first = rule
                    .get("matches")
                    .and_then(|matches| matches.items().next());
                let start = first
                    .and_then(|first| first.get("path"))
                    .and_then(|path| path.text_of("value"))
                    .unwrap_or("/");
                let backends = rule.get("backendRefs").into_iter().flat_map(Node::items);
                for service in backends.filter_map(|backend| backend.text_of("name")) {
                    let to = format!("{host}{start} to Service {service}");
                    found.push(route(
                        service,
                        object.at_line(rule, "sends", &to),
                        whole(start),
                    ));
                }
            }
            found
        }
        _ => Vec::new(),
    }
}

/// `service: {name}`, and before version 1 `serviceName`.
fn service_of(backend: &Node) -> Option<&str> {
    let service = backend
        .get("service")
        .and_then(|service| service.text_of("name"));
    service.or_else(|| backend.text_of("serviceName"))
}

/// The start of paths, if it does not let all through: `/`, `/*` and `/(.*)` do.
fn whole(path: &str) -> Option<&str> {
    (!matches!(path, "" | "/" | "/*" | "/(.*)" | "/()(.*)")).then_some(path)
}

fn is_guarded(object: &Object<'_>) -> bool {
    let metadata = object.node.get("metadata");
    let annotations = metadata.and_then(|metadata| metadata.get("annotations"));
    let mut keys = annotations
        .into_iter()
        .flat_map(Node::entries)
        .map(|(key, _)| key);
    keys.any(|key| GUARDS.iter().any(|guard| key.ends_with(guard)))
}
