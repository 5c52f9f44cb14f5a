use super::*;
use crate::finding::{
    Confidence, Excerpt, Exposure, Fingerprint, FingerprintKey, Location, Occurrence, Position,
    Reason, Secret,
};
use crate::input::{Files, Memory, Remote};
use crate::site::{Answer, Host, Hosted, Mapping, Model, Pair, Request, Server, Software, Verdict};
use crate::trace::Observed;

/// Serves `/srv/www` and says of each file what its name says.
struct Told(Vec<Host>);

impl Server for Told {
    fn software(&self) -> Software {
        Software::Apache
    }

    fn hosts(&self) -> &[Host] {
        &self.0
    }

    fn answer(&self, _: usize, request: &Request<'_>, _: &dyn Files) -> Answer {
        let because = vec![Reason::at("site.conf", 3, "Require all granted")];
        let file = format!("/srv/www{}", request.target);
        match request.target {
            "/served" => Answer::new(Verdict::Served, 200, Some(file), because),
            "/run.php" => Answer::new(Verdict::Executed, 200, Some(file), because),
            "/elsewhere" => Answer::new(
                Verdict::Served,
                200,
                Some("/srv/www/index".to_owned()),
                because,
            ),
            "/unknown" => Answer::unknown("mod_perl", because),
            _ => Answer::new(Verdict::Denied, 403, Some(file), because),
        }
    }

    fn targets(&self, _: usize, file: &str) -> Vec<String> {
        file.strip_prefix("/srv/www")
            .map(str::to_owned)
            .into_iter()
            .collect()
    }
}

fn model(assumed: Option<&str>) -> Model {
    let host = Host {
        name: "*:80".to_owned(),
        root: Some("/srv/www".to_owned()),
        aliases: Vec::new(),
        at: Reason::at("site.conf", 1, "DocumentRoot /srv/www"),
    };
    let hosted = Hosted {
        server: Box::new(Told(vec![host])),
        mapping: Mapping::new([Pair {
            server: "/srv/www".to_owned(),
            tree: "www".to_owned(),
        }]),
        assumed: assumed.map(str::to_owned),
        because: Vec::new(),
    };
    Model::new(vec![hosted], Vec::new())
}

fn finding(severity: Severity, places: &[(&str, GitState)]) -> Finding {
    let secret = Secret::new(*b"not-a-secret");
    let place = |&(path, git): &(&str, GitState)| Occurrence {
        location: Location {
            path: path.to_owned(),
            offset: 0,
            length: 12,
            start: Position { line: 1, column: 1 },
            end: Position {
                line: 1,
                column: 13,
            },
            archive: None,
        },
        name: None,
        decoders: Vec::new(),
        git,
        excerpt: Excerpt {
            first_line: 1,
            lines: vec!["****".to_owned()],
            marked_line: 0,
            mark_start: 0,
            mark_len: 4,
        },
        line_hash: None,
        commits: None,
    };
    Finding {
        rule: "a-rule".to_owned(),
        title: "A rule".to_owned(),
        severity,
        confidence: Confidence::High,
        fingerprint: Fingerprint::of(&FingerprintKey::default(), "a-rule", &secret),
        secret,
        attributes: Vec::new(),
        occurrences: places.iter().map(place).collect(),
        reach: Reach::Unknown,
        ways: Vec::new(),
        suppressed: None,
    }
}

struct World {
    model: Model,
    exposures: Vec<Exposure>,
    has_remote: bool,
}

impl World {
    fn of(model: Model) -> Self {
        Self {
            model,
            exposures: Vec::new(),
            has_remote: false,
        }
    }

    fn join(&self, severity: Severity, places: &[(&str, GitState)]) -> Finding {
        let remote = |_: &str| match self.has_remote {
            true => vec![Remote {
                name: "origin".to_owned(),
                host: Some("git.example".to_owned()),
            }],
            false => Vec::new(),
        };
        let around = Surroundings {
            files: &Memory::new(),
            model: &self.model,
            exposures: &self.exposures,
            observed: &Observed::default(),
            remotes: &remote,
        };
        let mut findings = [finding(severity, places)];
        join(&mut findings, &around, &BTreeMap::new());
        let [finding] = findings;
        finding
    }
}

const NO_GIT: GitState = GitState::NoRepository;

#[test]
fn what_a_server_sends_is_worse_than_the_rule_says() {
    let world = World::of(model(None));
    let found = world.join(Severity::High, &[("www/served", GitState::Ignored)]);
    assert_eq!(
        (found.reach, found.severity),
        (Reach::Reachable, Severity::Critical)
    );
    assert_eq!(found.ways[0].url.as_deref(), Some("/served"));
    assert_eq!(
        found.ways[0].because,
        [Reason::at("site.conf", 3, "Require all granted")]
    );
    let found = world.join(Severity::Info, &[("www/served", NO_GIT)]);
    assert_eq!(found.severity, Severity::Info, "what is public may be read");
}

#[test]
fn what_an_assumed_server_sends_is_likely() {
    let world = World::of(model(Some("a conventional name")));
    let found = world.join(Severity::High, &[("www/served", NO_GIT)]);
    assert_eq!(
        (found.reach, found.severity),
        (Reach::Likely, Severity::High)
    );
    assert!(
        found.ways[0].because[0]
            .directive
            .contains("a conventional name")
    );
}

#[test]
fn what_is_refused_run_or_elsewhere_is_kept_in() {
    let world = World::of(model(None));
    for path in [
        "www/refused",
        "www/run.php",
        "www/elsewhere",
        "outside/file",
    ] {
        let found = world.join(Severity::High, &[(path, NO_GIT)]);
        assert_eq!(
            (found.reach, found.severity),
            (Reach::Contained, Severity::Low),
            "{path}"
        );
        let untracked = world.join(Severity::High, &[(path, GitState::Untracked)]);
        assert_eq!(untracked.severity, Severity::Medium, "{path}");
        assert_eq!(found.ways.len(), 1, "negative evidence is kept: {path}");
        let ignored = world.join(Severity::Critical, &[(path, GitState::Ignored)]);
        assert_eq!(ignored.severity, Severity::Info, "{path}");
        let tracked = world.join(Severity::High, &[(path, GitState::Tracked)]);
        assert_eq!(tracked.severity, Severity::High, "{path}");
    }
}

#[test]
fn a_file_outside_of_a_root_that_is_assumed_is_no_mere_note() {
    let world = World::of(model(Some("a conventional name")));
    let found = world.join(Severity::Critical, &[(".env", GitState::Ignored)]);
    assert_eq!(
        (found.reach, found.severity),
        (Reach::Contained, Severity::Low)
    );
    assert!(found.ways[0].settle.is_some());
    let found = world.join(Severity::Critical, &[(".env", NO_GIT)]);
    assert_eq!(found.severity, Severity::High);
}

#[test]
fn without_a_server_nothing_is_claimed() {
    let found = World::of(Model::default()).join(Severity::High, &[(".env", GitState::Ignored)]);
    assert_eq!(
        (found.reach, found.severity),
        (Reach::Unknown, Severity::High)
    );
    assert!(
        found.ways[0]
            .settle
            .as_deref()
            .unwrap()
            .contains("--server-config")
    );
    let world = World::of(model(None));
    let found = world.join(Severity::High, &[("www/unknown", NO_GIT)]);
    assert_eq!(
        (found.reach, found.severity),
        (Reach::Unknown, Severity::High)
    );
    assert_eq!(found.ways[0].settle.as_deref(), Some("mod_perl"));
}

#[test]
fn the_strongest_way_of_all_places_counts() {
    let world = World::of(model(None));
    let places = [
        ("outside/file", NO_GIT),
        ("www/refused", NO_GIT),
        ("www/served", NO_GIT),
    ];
    let found = world.join(Severity::Medium, &places);
    assert_eq!(
        (found.reach, found.severity),
        (Reach::Reachable, Severity::High)
    );
    assert_eq!(found.ways.len(), 3);
    let reaches: Vec<Reach> = found.ways.iter().map(|way| way.reach).collect();
    assert!(reaches.is_sorted_by(|a, b| a >= b));
}

#[test]
fn a_remote_publishes_what_git_tracks() {
    let mut world = World::of(model(None));
    world.has_remote = true;
    let found = world.join(Severity::High, &[("src/config", GitState::Tracked)]);
    assert_eq!(
        (found.reach, found.severity),
        (Reach::Published, Severity::High)
    );
    assert!(found.ways[0].summary.contains("origin at git.example"));
}

#[test]
fn what_a_check_says_gets_out_gets_out() {
    let mut world = World::of(model(None));
    world.exposures.push(Exposure {
        check: "node-bundle".to_owned(),
        title: "A bundle holds it".to_owned(),
        severity: Severity::High,
        confidence: Confidence::High,
        file: "vite.config.js".to_owned(),
        line: Some(4),
        message: "The bundle holds the environment.".to_owned(),
        because: Vec::new(),
        urls: Vec::new(),
        exposes: vec![".env".to_owned()],
        reach: Reach::Published,
        suppressed: None,
    });
    let found = world.join(Severity::High, &[(".env", GitState::Ignored)]);
    assert_eq!(
        (found.reach, found.severity),
        (Reach::Published, Severity::Critical)
    );
    assert_eq!(found.ways[0].check.as_deref(), Some("node-bundle"));
    assert_eq!(found.ways[0].because[0].line, Some(4));
}

#[test]
fn a_severity_that_the_user_has_set_stays() {
    let world = World::of(model(None));
    let around = Surroundings {
        files: &Memory::new(),
        model: &world.model,
        exposures: &[],
        observed: &Observed::default(),
        remotes: &|_| Vec::new(),
    };
    let mut findings = [finding(Severity::Low, &[("www/served", NO_GIT)])];
    let set = BTreeMap::from([("a-rule".to_owned(), Severity::Low)]);
    join(&mut findings, &around, &set);
    assert_eq!(findings[0].severity, Severity::Low);
}
