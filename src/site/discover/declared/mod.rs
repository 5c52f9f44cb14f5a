//! Static roots that programs declare: one finder for each language.

mod csharp;
mod go;
mod python;
mod ruby;
mod tongue;

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::Reason;

use super::super::lex::code::{Call, Code};
use super::super::lex::js::Place;
use super::super::mapping::Mapping;
use super::super::model::Hosted;
use super::super::path;
use super::super::server::Software;
use super::super::simple::{Manner, Mount, Simple};
use super::super::want::Want;
use super::{Found, Search, is_aside};

use tongue::Tongue;

/// Programs that may declare roots.
pub(super) const WANTS: &[Want] =
    &Want::both::<{ python::WANTS.len() + OTHERS.len() }>(python::WANTS, OTHERS);

const OTHERS: &[Want] = &Want::both::<{ csharp::WANTS.len() + MORE.len() }>(csharp::WANTS, MORE);

const MORE: &[Want] =
    &Want::both::<{ go::WANTS.len() + ruby::WANTS.len() }>(go::WANTS, ruby::WANTS);

const TONGUES: &[&Tongue] = &[&python::TONGUE, &csharp::TONGUE, &go::TONGUE, &ruby::TONGUE];

/// More programs of a language are not read.
const MAX_PROGRAMS: usize = 2_000;
/// Of a call this much is shown.
const SHOWN: usize = 120;

/// A directory that a program serves.
struct Root {
    product: &'static str,
    place: Place,
    /// The URL's path.
    url: String,
    manner: Manner,
    /// The tokens that declare it.
    from: std::ops::Range<usize>,
    /// Why it may not be served after all.
    assumed: Option<&'static str>,
}

impl Root {
    fn new(product: &'static str, manner: Manner, place: Place, call: &Call) -> Self {
        Self {
            product,
            place,
            url: String::new(),
            manner,
            from: call.start..call.end,
            assumed: None,
        }
    }

    fn under(self, url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            ..self
        }
    }
}

/// A program, and where it stands.
struct Program<'p> {
    search: &'p Search<'p>,
    file: &'p str,
    code: &'p Code<'p>,
    calls: &'p [Call],
}

pub(super) fn find(search: &Search<'_>, found: &mut Found) {
    for tongue in TONGUES {
        let mut files: BTreeSet<&str> = BTreeSet::new();
        for (end, needle) in tongue.pairs() {
            files.extend(search.index.holding(end, needle));
        }
        let own = files.into_iter().filter(|file| {
            !is_aside(search.relative(path::parent(file))) && !(tongue.is_test)(path::base(file))
        });
        for file in own.take(MAX_PROGRAMS) {
            let Some(text) = search.files.text(file) else {
                continue;
            };
            let code = Code::new(&text, tongue.language);
            let calls: Vec<Call> = code.calls().collect();
            let program = Program {
                search,
                file,
                code: &code,
                calls: &calls,
            };
            let roots = (tongue.read)(&program);
            if !roots.is_empty() {
                program.host(roots, tongue, found);
            }
        }
    }
}

impl Program<'_> {
    fn host(&self, roots: Vec<Root>, tongue: &Tongue, found: &mut Found) {
        let working = self.search.working(self.file, tongue.markers);
        type Key = (&'static str, Option<&'static str>);
        let mut products: BTreeMap<Key, Vec<Mount>> = BTreeMap::new();
        for root in roots {
            if let Some(mount) = self.mount(&root, &working) {
                let mounts = products.entry((root.product, root.assumed)).or_default();
                if !mounts.contains(&mount) {
                    mounts.push(mount);
                }
            }
        }
        for ((product, assumed), mounts) in products {
            found.servers.push(Hosted {
                server: Box::new(Simple::new(Software::Framework(product), "*", mounts)),
                mapping: Mapping::whole(self.search.tree_of(self.file)),
                assumed: assumed.map(str::to_owned),
                because: Vec::new(),
            });
        }
    }

    fn mount(&self, root: &Root, working: &str) -> Option<Mount> {
        let tree = self.search.tree_of(self.file);
        // Where the process is started is a guess: a directory that is only beside the program is meant if there is
        // none where it is believed to start.
        let bases = [working, path::parent(self.file)].into_iter();
        let mut places = bases.filter_map(|base| root.place.in_tree(self.file, base));
        let directory = places.find(|directory| self.search.files.is_directory(directory))?;
        let inside = path::below(tree, &directory)?;
        let program = path::inside("/", path::below(tree, self.file)?);
        let shown = self.code.source(&root.from).split_whitespace();
        let shown: String = shown
            .collect::<Vec<_>>()
            .join(" ")
            .chars()
            .take(SHOWN)
            .collect();
        Some(Mount {
            url: format!("/{}", root.url.trim_matches('/')),
            dir: path::inside("/", inside),
            manner: root.manner,
            at: Reason::at(program, self.code.line(root.from.start), shown),
        })
    }
}
