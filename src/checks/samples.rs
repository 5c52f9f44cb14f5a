//! Every check against its samples: `fixtures/checks/ID/vulnerable*.tree` must fire it, `safe*.tree` must not.
//!
//! A sample is a template (as rule examples are) of several files, each after a line `==> PATH`. A vulnerable one
//! starts with a line `fires: ID, …` that names every check that it fires. A line `==> PATH -> TARGET` is a symbolic
//! link; a path that ends with a slash is a directory with an empty file `.keep` in it. Lines `tracked: PATH, …`,
//! `untracked: …` and `ignored: …` before the files say how git sees them, all others then being tracked; without
//! such a line there is no repository. `shipped:` lists the files that WordPress is said to ship as they are here, and
//! `altered:` those that it is said to ship empty. `readable: PATH, …` names files that everyone on the machine can read.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::detect::{Engine, FileKind};
use crate::finding::{Exposure, GitState};
use crate::input::{Files as _, Kind, Memory};
use crate::rules::compile::RuleSet;
use crate::rules::{builtin, template};
use crate::site::{Checksums, Index, Settings, WANTS, Watch, discover, path};

use super::{ALL, Check, Context, Credential, Credentials, run, wants};

/// The scanned directory, as the user may name it.
const PLACES: [&str; 5] = ["", "sites/shop", "/srv/web", ODD, DEVELOPERS];

/// What checks look for in paths, where it says nothing: above the scanned directory.
const ODD: &str = "/home/prod/.next/server/public/js/wwwroot/.github/workflows/storage/logs/routes/app/etc/config/\
                   credentials/secrets/prod/runtimes/wp-content/plugins/.idea/updraft/uploads/site";

/// Names that say elsewhere that a file is not the application's.
const DEVELOPERS: &str = "/home/test/examples/fixtures/node_modules/vendor/docs/dev";

struct Sample {
    fires: BTreeSet<String>,
    files: Memory,
    git: BTreeMap<String, GitState>,
    checksums: Option<Checksums>,
    /// The scanned directory, which starts every name.
    place: &'static str,
}

impl Sample {
    fn read(path: &Path, place: &'static str) -> Self {
        let text = fs::read_to_string(path).unwrap();
        let rendered = template::render(&text, 11)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let text = String::from_utf8(rendered.text).unwrap();
        let (head, rest) = text.split_at(text.find("==> ").unwrap_or(text.len()));
        let placed = |name: &str| path::inside(place, name.trim());
        let listed = |start: &str| {
            let lists = head.lines().filter_map(|line| line.strip_prefix(start));
            let names = lists.flat_map(|list| list.split(','));
            let names: BTreeSet<String> = names.map(|name| name.trim().to_owned()).collect();
            names
        };
        let states = [
            ("tracked:", GitState::Tracked),
            ("untracked:", GitState::Untracked),
            ("ignored:", GitState::Ignored),
        ];
        let git = states.iter().flat_map(|(start, state)| {
            listed(start)
                .into_iter()
                .map(|name| (placed(&name), *state))
        });
        let mut files = Memory::new();
        for part in rest.split("==> ").skip(1) {
            let (name, text) = part.split_once('\n').unwrap_or((part, ""));
            match name.split_once(" -> ") {
                Some((name, target)) => files.link(placed(name), target),
                None if name.ends_with('/') => files.add(placed(&format!("{name}.keep")), ""),
                None => files.add(placed(name), text),
            }
        }
        for name in listed("readable:") {
            files.permit(placed(&name), 0o644);
        }
        let shipped = listed("shipped:").into_iter().map(|name| {
            let bytes = files.read(&placed(&name)).unwrap();
            (name, bytes)
        });
        let altered = listed("altered:").into_iter();
        let sums: BTreeMap<String, Vec<u8>> = shipped
            .chain(altered.map(|name| (name, Vec::new())))
            .collect();
        let checksums = Checksums::of(sums.iter().map(|(name, bytes)| (&**name, &**bytes)));
        Self {
            fires: listed("fires:"),
            checksums: (!sums.is_empty()).then_some(checksums),
            files,
            git: git.collect(),
            place,
        }
    }

    fn index(&self) -> Index {
        let watch =
            Watch::new(WANTS.iter().copied().chain(wants(ALL))).below([self.place.to_owned()]);
        let mut seen = BTreeSet::new();
        for name in self.files.all_names() {
            let mut at = usize::from(!self.place.is_empty());
            while let Some(slash) = name[at..].find('/') {
                at += slash;
                if seen.insert(name[..at].to_owned()) {
                    watch.saw(&name[..at], Kind::Directory);
                }
                at += 1;
            }
            watch.saw(name, self.files.kind(name));
            if let Some(text) = self.files.read(name) {
                watch.read(name, &text);
            }
        }
        watch.finish()
    }

    fn credentials(&self) -> Credentials {
        static ENGINE: OnceLock<Engine> = OnceLock::new();
        let engine = ENGINE.get_or_init(|| Engine::new(RuleSet::new(builtin())).unwrap());
        let mut all = Credentials::new();
        for name in self.files.names() {
            let text = self.files.read(name).unwrap();
            let kind = FileKind::of(path::below(self.place, name).unwrap_or(name), &text);
            let part = engine.scan(&kind, &text, 0, 0..text.len());
            let found = engine
                .conclude(&kind, vec![part])
                .matches
                .into_iter()
                .map(|found| {
                    let rule = &engine.rules().rules()[found.rule].rule;
                    let before = &text[..found.span.start as usize];
                    Credential {
                        line: 1 + before.iter().filter(|&&byte| byte == b'\n').count() as u64,
                        rule: rule.id.clone(),
                        severity: rule.severity,
                        name: found.name,
                        identity: identity(found.secret.expose()),
                    }
                });
            let found: Vec<Credential> = found.collect();
            if !found.is_empty() {
                all.insert(name.to_owned(), found);
            }
        }
        all
    }

    fn run(&self) -> Vec<Exposure> {
        let index = self.index();
        let settings = Settings {
            trees: vec![self.place.to_owned()],
            ..Settings::default()
        };
        let model = discover(&self.files, &index, &settings);
        let credentials = self.credentials();
        let git = |name: &str| match self.git.get(name) {
            Some(state) => *state,
            None if self.git.is_empty() => GitState::NoRepository,
            None => GitState::Tracked,
        };
        let mut context = Context::new(&self.files, &index, &model, &credentials, &git);
        context.checksums = self.checksums.as_ref();
        run(ALL, &context)
    }
}

fn identity(secret: &[u8]) -> u64 {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    secret.hash(&mut hasher);
    hasher.finish()
}

fn fired(found: &[Exposure]) -> BTreeSet<String> {
    found.iter().map(|found| found.check.clone()).collect()
}

/// The samples of a check whose names start so.
fn samples(check: &Check, start: &str) -> Vec<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/checks")
        .join(check.id);
    let entries = fs::read_dir(&dir).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.retain(|path| {
        path.file_name()
            .unwrap()
            .to_string_lossy()
            .starts_with(start)
    });
    paths.sort();
    paths
}

#[test]
fn vulnerable_samples_fire_what_they_name_and_safe_ones_do_not() {
    let mut wrong = Vec::new();
    for check in ALL {
        let vulnerable = samples(check, "vulnerable");
        let safe = samples(check, "safe");
        if vulnerable.is_empty() || safe.is_empty() {
            wrong.push(format!(
                "{}: it needs a vulnerable and a safe sample",
                check.id
            ));
        }
        for place in PLACES {
            for path in &vulnerable {
                let sample = Sample::read(path, place);
                let found = sample.run();
                let fired = fired(&found);
                if fired != sample.fires || !fired.contains(check.id) {
                    wrong.push(format!(
                        "{} in '{place}': fired {fired:?}: {found:#?}",
                        path.display()
                    ));
                }
            }
            for path in &safe {
                let found = Sample::read(path, place).run();
                if !found.is_empty() {
                    wrong.push(format!("{} in '{place}': {found:#?}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn ids_are_sorted_and_every_check_is_documented() {
    assert!(ALL.windows(2).all(|pair| pair[0].id < pair[1].id));
    let packs = builtin();
    let rules: BTreeSet<&str> = packs
        .iter()
        .flat_map(|file| file.rules.iter().map(|rule| rule.id.as_str()))
        .collect();
    let shared = ALL.iter().find(|check| rules.contains(check.id));
    assert!(
        shared.is_none(),
        "a rule has the id of the check {shared:?}"
    );
    let mut codes: Vec<&str> = ALL.iter().map(|check| check.code).collect();
    codes.sort_unstable();
    assert!(
        codes.windows(2).all(|pair| pair[0] != pair[1]),
        "a code stands twice"
    );
    for check in ALL {
        assert!(
            !check.cwe.is_empty() && !check.references.is_empty(),
            "{}",
            check.id
        );
        assert!(
            check.description.ends_with('.') && check.fix.ends_with('.'),
            "{}",
            check.id
        );
    }
}
