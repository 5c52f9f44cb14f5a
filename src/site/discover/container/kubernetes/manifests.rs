//! The objects of a cluster, as the tree describes them.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::finding::Reason;

use super::super::super::super::lex::yaml::{Node, documents};
use super::super::super::super::path;
use super::super::super::{Search, is_aside};

/// More files are not read.
const MAX_FILES: usize = 2_000;

/// What makes pods, or is one.
const WORKLOADS: &[&str] = &[
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "ReplicaSet",
    "Pod",
];

/// All documents of all manifests.
pub(super) struct Manifests {
    documents: Vec<(String, Rc<Node>)>,
}

impl Manifests {
    /// Reads them, if anything of the tree lets requests into a cluster.
    pub(super) fn read(search: &Search<'_>) -> Self {
        let holding = |needle: &'static str| {
            let ends = [".yaml", ".yml"].into_iter();
            ends.flat_map(move |end| search.index.holding(end, needle))
        };
        let entrances = [
            "kind: Ingress",
            "kind: HTTPRoute",
            "type: LoadBalancer",
            "type: NodePort",
        ];
        let mut documents_of = Vec::new();
        if entrances
            .iter()
            .any(|needle| holding(needle).next().is_some())
        {
            let files: BTreeSet<&str> = holding("apiVersion").collect();
            let files = files
                .into_iter()
                .filter(|file| !is_aside(search.relative(path::parent(file))));
            for file in files.take(MAX_FILES) {
                let text = search.files.text(file).unwrap_or_default();
                let all = documents(&text).into_iter();
                documents_of.extend(all.map(|document| (file.to_owned(), document)));
            }
        }
        Self {
            documents: documents_of,
        }
    }

    /// Each object, those of lists as well.
    pub(super) fn objects(&self) -> impl Iterator<Item = Object<'_>> {
        self.documents.iter().flat_map(|(file, node)| {
            let is_list = node.text_of("kind") == Some("List");
            let own = (!is_list).then_some(&**node);
            let items = node.get("items").filter(|_| is_list);
            own.into_iter()
                .chain(items.into_iter().flat_map(Node::items))
                .map(move |node| Object { file, node })
        })
    }
}

/// One object.
#[derive(Clone, Copy)]
pub(super) struct Object<'m> {
    /// As reports name it.
    pub(super) file: &'m str,
    pub(super) node: &'m Node,
}

impl<'m> Object<'m> {
    pub(super) fn kind(&self) -> &'m str {
        self.node.text_of("kind").unwrap_or_default()
    }

    pub(super) fn name(&self) -> &'m str {
        let metadata = self.node.get("metadata");
        metadata
            .and_then(|metadata| metadata.text_of("name"))
            .unwrap_or_default()
    }

    /// Empty, if the file leaves it to who applies it.
    pub(super) fn namespace(&self) -> &'m str {
        let metadata = self.node.get("metadata");
        metadata
            .and_then(|metadata| metadata.text_of("namespace"))
            .unwrap_or_default()
    }

    /// Whether it is of one of these kinds, has this name, and may be in this namespace.
    pub(super) fn is(&self, kinds: &[&str], name: &str, namespace: &str) -> bool {
        kinds.contains(&self.kind()) && self.name() == name && self.is_in(namespace)
    }

    fn is_in(&self, namespace: &str) -> bool {
        let own = self.namespace();
        own == namespace || own.is_empty() || namespace.is_empty()
    }

    /// What pods are made by: the object itself, if it is a pod.
    pub(super) fn template(&self) -> Option<&'m Node> {
        match self.kind() {
            "Pod" => Some(self.node),
            kind if WORKLOADS.contains(&kind) => self.node.get("spec")?.get("template"),
            _ => None,
        }
    }

    /// Whether a service sends to the pods of a workload: by all labels that it names.
    pub(super) fn selects(&self, pod: &Self) -> bool {
        let selector = self.node.get("spec").and_then(|spec| spec.get("selector"));
        let labels = pod
            .template()
            .and_then(|template| template.get("metadata"))
            .and_then(|metadata| metadata.get("labels"));
        let (Some(selector), Some(labels)) = (selector, labels) else {
            return false;
        };
        let mut wanted = selector.entries().peekable();
        wanted.peek().is_some()
            && pod.is_in(self.namespace())
            && wanted.all(|(key, value)| {
                let have = labels.text_of(key);
                have.is_some() && have == value.text()
            })
    }

    /// The object in a chain: `Service web sends to Deployment web`.
    pub(super) fn at(&self, does: &str, what: &str) -> Reason {
        self.at_line(self.node, does, what)
    }

    /// The same, at a line within it.
    pub(super) fn at_line(&self, node: &Node, does: &str, what: &str) -> Reason {
        let text = format!("{} {} {does} {what}", self.kind(), self.name());
        Reason::at(self.file, node.line, text)
    }
}
