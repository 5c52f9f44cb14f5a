use crate::checks::{Context, Credentials, run};
use crate::finding::{Exposure, GitState, Severity};
use crate::input::{Files as _, Kind, Memory};
use crate::site::advisories::Advisories;
use crate::site::{Model, Watch, packages};

use super::{composer, npm, wordpress};

fn look(files: &[(&str, &str)], advisories: &Advisories) -> Vec<Exposure> {
    let files: Memory = files.iter().copied().collect();
    let watch = Watch::new(packages::WANTS.iter().copied());
    for name in files.names() {
        watch.saw(name, Kind::File);
        watch.read(name, &files.read(name).unwrap());
    }
    let (index, model, credentials) = (watch.finish(), Model::default(), Credentials::new());
    let git = |_: &str| GitState::NoRepository;
    let mut context = Context::new(&files, &index, &model, &credentials, &git);
    context.advisories = advisories;
    run(
        &[&composer::CHECK, &npm::CHECK, &wordpress::CHECK],
        &context,
    )
}

fn lock(section: &str, name: &str, version: &str) -> String {
    format!(r#"{{"{section}": [{{"name": "{name}", "version": "{version}"}}]}}"#)
}

#[test]
fn what_the_tree_says_decides_how_bad_it_is() {
    let lock = lock("packages", "facade/ignition", "2.5.1");
    let severity = |env: &str| {
        let found = look(
            &[("composer.lock", &lock), (".env", env)],
            Advisories::builtin(),
        );
        found.first().map(|found| found.severity)
    };
    assert_eq!(severity("APP_DEBUG=true\n"), Some(Severity::Critical));
    assert_eq!(severity("APP_DEBUG=false\n"), Some(Severity::Low));
    let unknown = look(&[("composer.lock", &lock)], Advisories::builtin());
    assert_eq!(unknown[0].severity, Severity::High);
}

#[test]
fn development_packages_are_low() {
    let lock = lock("packages-dev", "craftcms/cms", "5.6.16");
    assert_eq!(
        look(&[("composer.lock", &lock)], Advisories::builtin())[0].severity,
        Severity::Low
    );
}

#[test]
fn a_development_server_that_listens_for_others_is_critical() {
    let lock = "vite@6.2.2:\n  version \"6.2.2\"\n";
    let severity = |docker: &str| {
        let files = [
            ("a/yarn.lock", lock),
            ("a/Dockerfile", docker),
            ("a/package.json", "{}"),
        ];
        look(&files, Advisories::builtin())[0].severity
    };
    assert_eq!(
        severity("CMD [\"yarn\", \"dev\", \"--host\", \"0.0.0.0\"]\n"),
        Severity::Critical
    );
    assert_eq!(severity("CMD [\"yarn\", \"dev\"]\n"), Severity::Low);
    assert_eq!(
        severity("RUN vite build --host\nCMD nginx\n"),
        Severity::Low
    );
}

#[test]
fn a_feed_of_the_user_is_asked_too() {
    let mut advisories = Advisories::builtin().clone();
    let feed = br#"{"x": {"id": "x", "title": "Shop <= 2.0 - Something", "cve": "CVE-2020-0000", "copyrights": {"defiant": {"notice": "Copyright of Someone"}}, "cvss": {"rating": "High"},
      "software": [{"type": "plugin", "slug": "shop", "affected_versions": {"a": {"from_version": "*", "from_inclusive": true, "to_version": "2.0", "to_inclusive": true}}}]}}"#;
    advisories.add_wordfence("feed.json", feed).unwrap();
    let files = [(
        "wp-content/plugins/shop/shop.php",
        "<?php\n/* Plugin Name: Shop\nVersion: 1.9 */",
    )];
    let found = look(&files, &advisories);
    assert_eq!(found[0].severity, Severity::High);
    assert_eq!(
        found[0].message,
        "shop 1.9 has CVE-2020-0000: Shop <= 2.0 - Something."
    );
    assert!(
        found[0].because[0]
            .directive
            .ends_with("Copyright of Someone")
    );
}
