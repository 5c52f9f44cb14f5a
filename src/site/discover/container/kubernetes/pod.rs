//! One container of a pod: its image, and what of the cluster's objects is mounted into it.

use super::super::super::super::lex::yaml::Node;
use super::super::super::super::mapping::Pair;
use super::super::super::super::path;
use super::super::super::Search;
use super::super::super::commands::words;
use super::super::image::Image;
use super::Served;
use super::manifests::{Manifests, Object};
use super::source::Sources;

/// Where servers have their configuration. What is mounted there is not a file of the tree that could be read.
const CONFIGURATION: &[&str] = &[
    "/etc/nginx",
    "/etc/apache2",
    "/etc/httpd",
    "/usr/local/apache2/conf",
    "/usr/local/openresty/nginx/conf",
    "/etc/caddy",
    "/etc/lighttpd",
];

pub(super) struct Container<'c> {
    pub(super) manifests: &'c Manifests,
    pub(super) object: &'c Object<'c>,
    /// The pod's.
    pub(super) spec: &'c Node,
    pub(super) node: &'c Node,
}

impl Container<'_> {
    /// What it runs, with the Dockerfile; a note, if what it serves cannot be told.
    pub(super) fn image(
        &self,
        search: &Search<'_>,
        sources: &Sources,
    ) -> Result<Option<Served>, String> {
        let Some(at) = self.node.get("image") else {
            return Ok(None);
        };
        let name = at.text().unwrap_or_default();
        let runs = self.object.at_line(at, "runs", name);
        let (mut image, dockerfile, assumed) = match sources.image(search, name) {
            Some((mut image, source)) => {
                image.because.splice(0..0, [runs, source.at]);
                (image, Some(source.dockerfile), source.assumed)
            }
            None => (Image::of(name, runs), None, None),
        };
        self.start(&mut image);
        for mount in self
            .node
            .get("volumeMounts")
            .into_iter()
            .flat_map(Node::items)
        {
            self.mount(mount, &mut image)?;
        }
        Ok(Some((image, dockerfile, assumed)))
    }

    /// Its environment and its commands.
    fn start(&self, image: &mut Image) {
        for variable in self.node.get("env").into_iter().flat_map(Node::items) {
            if let (Some(name), Some(value)) = (variable.text_of("name"), variable.text_of("value"))
            {
                image.env.insert(name.to_owned(), value.to_owned());
            }
        }
        if let Some(directory) = self.node.text_of("workingDir") {
            image.directory = directory.trim_end_matches('/').to_owned();
        }
        let words = |node: &Node| {
            let items = node.items().filter_map(Node::text).map(str::to_owned);
            items.collect::<Vec<String>>()
        };
        if let Some(command) = self.node.get("command") {
            let all = words(command);
            image.command_at = Some(self.object.at_line(command, "starts", &all.join(" ")));
            image.entry = words::exec(&all);
            image.command = Vec::new();
        }
        if let Some(args) = self.node.get("args") {
            let all = words(args);
            image.command_at = Some(self.object.at_line(args, "starts", &all.join(" ")));
            image.command = words::exec(&all);
        }
    }

    /// A mount hides what the image has there. The keys of a ConfigMap or a Secret are files of its manifest.
    fn mount(&self, mount: &Node, image: &mut Image) -> Result<(), String> {
        let place = mount.text_of("mountPath").unwrap_or_default();
        let Some(place) = path::join("/", place) else {
            return Ok(());
        };
        if CONFIGURATION
            .iter()
            .any(|directory| path::below(directory, &place).is_some())
        {
            return Err(format!(
                "{}:{}: the server's configuration is mounted at {place} from an object of the cluster, so what it \
                 serves is not looked at",
                self.object.file, mount.line
            ));
        }
        let single = mount.text_of("subPath");
        if single.is_none() {
            image.mount(&place, None);
        }
        let Some((object, keys)) = self.volume(mount.text_of("name").unwrap_or_default()) else {
            if single.is_some() {
                image.mount(&place, None);
            }
            return Ok(());
        };
        for (key, file) in keys {
            let server = match single {
                Some(wanted) if wanted == file => place.clone(),
                Some(_) => continue,
                None => path::inside(&place, &file),
            };
            if is_read_by_servers(&server) {
                continue;
            }
            let what = format!("{key} of {} {} at {server}", object.kind(), object.name());
            image
                .because
                .push(self.object.at_line(mount, "mounts", &what));
            image.pairs.insert(
                0,
                Pair {
                    server,
                    tree: object.file.to_owned(),
                },
            );
        }
        Ok(())
    }

    /// The object of a volume, and its keys, each with the name of the file that it becomes.
    fn volume(&self, name: &str) -> Option<(Object<'_>, Vec<(String, String)>)> {
        let mut volumes = self.spec.get("volumes")?.items();
        let volume = volumes.find(|volume| volume.text_of("name") == Some(name))?;
        let (kind, source, named) = match (volume.get("secret"), volume.get("configMap")) {
            (Some(secret), _) => ("Secret", secret, "secretName"),
            (None, Some(map)) => ("ConfigMap", map, "name"),
            (None, None) => return None,
        };
        let wanted = source.text_of(named)?;
        let object = self
            .manifests
            .objects()
            .find(|object| object.is(&[kind], wanted, self.object.namespace()))?;
        let sections = ["data", "stringData", "binaryData"];
        let all = sections
            .iter()
            .filter_map(|section| object.node.get(section))
            .flat_map(Node::entries)
            .map(|(key, _)| key);
        let file_of = |key: &str| match source.get("items") {
            None => Some(key.to_owned()),
            Some(items) => items
                .items()
                .find(|item| item.text_of("key") == Some(key))
                .and_then(|item| item.text_of("path"))
                .map(str::to_owned),
        };
        let keys = all.filter_map(|key| Some((key.to_owned(), file_of(key)?)));
        Some((object, keys.collect()))
    }
}

/// Files that say what is served: those of the tree that stand for them are manifests, not what they hold.
fn is_read_by_servers(server: &str) -> bool {
    let name = path::base(server);
    name == ".htaccess" || name.ends_with(".conf") || name.ends_with(".ini")
}
