use super::*;

fn package(ecosystem: Ecosystem, name: &str, version: &str) -> Package {
    Package {
        ecosystem,
        name: name.to_owned(),
        version: version.to_owned(),
        is_dev: false,
        file: "lock".to_owned(),
        line: 1,
    }
}

fn ids(advisories: &Advisories, ecosystem: Ecosystem, name: &str, version: &str) -> Vec<String> {
    let package = package(ecosystem, name, version);
    advisories
        .of(&package)
        .iter()
        .map(|advisory| advisory.id.clone())
        .collect()
}

#[test]
fn the_table_can_be_read_and_is_complete() {
    let table = builtin::read().unwrap();
    assert!(table.len() > 50);
    for advisory in table.all() {
        assert!(
            !advisory.affected.is_empty() && !advisory.references.is_empty(),
            "{}",
            advisory.id
        );
        assert!(
            advisory
                .references
                .iter()
                .all(|url| url.starts_with("https://")),
            "{}",
            advisory.id
        );
        assert!(
            advisory.needs.is_none() || advisory.condition.is_some(),
            "{}",
            advisory.id
        );
    }
}

#[test]
fn known_versions_are_told_from_fixed_ones() {
    let table = Advisories::builtin();
    let of = |ecosystem, name: &str, version: &str| ids(table, ecosystem, name, version);
    assert_eq!(
        of(Ecosystem::Composer, "facade/ignition", "2.5.1"),
        ["CVE-2021-3129"]
    );
    assert!(of(Ecosystem::Composer, "facade/ignition", "2.5.2").is_empty());
    assert!(of(Ecosystem::Composer, "facade/ignition", "2.4.2").is_empty());
    assert_eq!(
        of(Ecosystem::Composer, "livewire/livewire", "v3.6.3"),
        ["CVE-2025-54068"]
    );
    assert!(of(Ecosystem::Composer, "livewire/livewire", "v2.12.0").is_empty());
    assert_eq!(
        of(Ecosystem::Npm, "next", "15.2.3"),
        ["CVE-2025-55182", "CVE-2025-55183"]
    );
    assert!(of(Ecosystem::Npm, "next", "16.1.0").is_empty());
    assert!(of(Ecosystem::Npm, "next", "14.2.33").is_empty());
    assert_eq!(of(Ecosystem::Npm, "vite", "6.2.2").len(), 6);
    assert!(of(Ecosystem::Npm, "vite", "7.3.2").is_empty());
    assert_eq!(
        of(Ecosystem::WordpressPlugin, "post-smtp", "3.6.0"),
        ["CVE-2025-11833"]
    );
    assert!(of(Ecosystem::WordpressPlugin, "post-smtp", "3.6.1").is_empty());
    assert_eq!(
        of(Ecosystem::Application, "joomla", "4.2.7"),
        ["CVE-2023-23752"]
    );
    assert_eq!(
        of(
            Ecosystem::Composer,
            "magento/product-community-edition",
            "2.4.6-p5"
        ),
        ["CVE-2024-34102"]
    );
    assert!(
        of(
            Ecosystem::Composer,
            "magento/product-community-edition",
            "2.4.6-p6"
        )
        .is_empty()
    );
}

#[test]
fn java_libraries_are_told_by_name_and_jars_without_their_group() {
    let table = Advisories::builtin();
    let of = |ecosystem, name: &str, version: &str| ids(table, ecosystem, name, version);
    let log4j = "org.apache.logging.log4j:log4j-core";
    assert_eq!(of(Ecosystem::Maven, log4j, "2.14.1"), ["CVE-2021-44228"]);
    assert_eq!(of(Ecosystem::Maven, log4j, "2.0-rc1").len(), 2);
    assert!(of(Ecosystem::Maven, log4j, "2.3.1").contains(&"CVE-2017-5645".to_owned()));
    assert!(of(Ecosystem::Maven, log4j, "2.17.1").is_empty());
    // Of a jar the group is not known.
    assert_eq!(
        of(Ecosystem::Maven, "log4j-core", "2.14.1"),
        ["CVE-2021-44228"]
    );
    assert!(of(Ecosystem::Maven, "core", "2.14.1").is_empty());
    let struts = "org.apache.struts:struts2-core";
    assert!(of(Ecosystem::Maven, struts, "2.5.10").contains(&"CVE-2017-5638".to_owned()));
    assert!(!of(Ecosystem::Maven, struts, "2.5.10.1").contains(&"CVE-2017-5638".to_owned()));
    assert!(of(Ecosystem::Maven, struts, "6.4.0").is_empty());
    assert!(
        of(
            Ecosystem::Maven,
            "org.springframework:spring-beans",
            "5.2.20.RELEASE"
        )
        .is_empty()
    );
}

#[test]
fn images_are_known_by_their_tags() {
    let ids = |name: &str, tag: &str| {
        let found = Advisories::builtin().of_image(name, tag);
        found
            .iter()
            .map(|advisory| advisory.id.as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("vulhub/laravel", "8.4.2"), ["CVE-2021-3129"]);
    assert_eq!(ids("joomla", "4.2.7-php8.1-apache"), ["CVE-2023-23752"]);
    assert!(ids("joomla", "5.0").is_empty());
    assert!(ids("joomla", "latest").is_empty());
    assert_eq!(ids("httpd", "2.4.50-alpine"), ["CVE-2021-42013"]);
    assert_eq!(
        ids("minio/minio", "2023-02-27T18-10-45Z"),
        ["CVE-2023-28432"]
    );
    assert!(ids("minio/minio", "2023-03-20T20-16-18Z").is_empty());
    assert_eq!(ids("php", "7.2.10-fpm-alpine"), ["CVE-2019-11043"]);
    assert!(ids("php", "7.2.10-apache").is_empty());
    assert_eq!(ids("gitlab/gitlab-ce", "13.10.1-ce.0"), ["CVE-2021-22205"]);
    assert!(ids("httpd", "2.4.51").is_empty());
    assert_eq!(ids("tomcat", "8.5.99-jdk17"), Vec::<&str>::new());
    assert_eq!(
        ids(
            "container-registry.oracle.com/middleware/weblogic",
            "12.2.1.3-dev"
        ),
        ["CVE-2020-14882", "CVE-2023-21839"]
    );
}

const IGNITION: &str = "title:     Remote code execution\nlink:      https://example.com/334\ncve:       CVE-2021-3129\nbranches:\n    \"master\":\n        time:     2020-11-17 09:18:00\n        versions: ['>=2.5.0', '<2.5.2']\n    1.x:\n        time: ~\n        versions:\n            - '<1.16.14'\nreference: composer://Facade/ignition\n";

#[test]
fn friends_of_php_are_read() {
    let mut advisories = Advisories::default();
    let errors = advisories
        .add_friends_of_php([("facade/ignition/CVE-2021-3129.yaml", IGNITION.as_bytes())]);
    assert!(errors.is_empty(), "{errors:?}");
    let of = |version: &str| ids(&advisories, Ecosystem::Composer, "facade/ignition", version);
    assert_eq!(of("2.5.1"), ["CVE-2021-3129"]);
    assert_eq!(of("1.16.0"), ["CVE-2021-3129"]);
    assert!(of("2.4.9").is_empty());
}

#[test]
fn what_our_table_says_goes_first_and_each_id_stands_once() {
    let mut advisories = Advisories::builtin().clone();
    advisories.add_friends_of_php([("x.yaml", IGNITION.as_bytes())]);
    let package = package(Ecosystem::Composer, "facade/ignition", "2.5.1");
    let found = advisories.of(&package);
    assert_eq!(found.len(), 1);
    assert!(found[0].is_builtin);
}

#[test]
fn wrong_advisories_say_where() {
    let mut advisories = Advisories::default();
    let wrong = IGNITION.replace("'>=2.5.0'", "'~2.5'");
    let errors =
        advisories.add_friends_of_php([("a.yaml", wrong.as_bytes()), ("b.yaml", b"title: x\n")]);
    let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        errors,
        [
            "a.yaml:7: `~2.5` is no range of versions such as `>=1.0, <1.2.3`",
            "b.yaml: it has no `reference`"
        ]
    );
    assert!(advisories.is_empty());
}

const FEED: &str = r#"{
  "0a1b": {
    "id": "0a1b", "title": "Some Plugin <= 1.2 - Something", "informational": false,
    "software": [
      {"type": "plugin", "name": "Some", "slug": "some-plugin",
       "affected_versions": {"* - 1.2": {"from_version": "*", "from_inclusive": true, "to_version": "1.2", "to_inclusive": true}},
       "patched": true},
      {"type": "theme", "name": "T", "slug": "t", "affected_versions": {
        "[2.0, 2.3)": {"from_version": "2.0", "from_inclusive": true, "to_version": "2.3", "to_inclusive": false}}}
    ],
    "references": ["https://example.com/a"], "cvss": {"vector": "x", "score": 9.8, "rating": "Critical"}, "cve": null,
    "copyrights": {"message": "m", "defiant": {"notice": "Copyright of the feed", "license": "l"}}
  }
}"#;

#[test]
fn a_feed_of_wordfence_is_read() {
    let mut advisories = Advisories::default();
    assert_eq!(
        advisories.add_wordfence("feed.json", FEED.as_bytes()),
        Ok(2)
    );
    let plugin = package(Ecosystem::WordpressPlugin, "some-plugin", "1.2");
    let found = advisories.of(&plugin);
    assert_eq!(found[0].id, "0a1b");
    assert_eq!(found[0].severity, Severity::Critical);
    assert_eq!(found[0].notice.as_deref(), Some("Copyright of the feed"));
    assert!(
        ids(
            &advisories,
            Ecosystem::WordpressPlugin,
            "some-plugin",
            "1.2.1"
        )
        .is_empty()
    );
    assert_eq!(
        ids(&advisories, Ecosystem::WordpressTheme, "t", "2.2.9").len(),
        1
    );
    assert!(ids(&advisories, Ecosystem::WordpressTheme, "t", "2.3").is_empty());
    let error = advisories
        .add_wordfence("feed.json", b"{\n\"a\": 1}")
        .unwrap_err();
    assert_eq!((error.file.as_str(), error.line), ("feed.json", Some(2)));
    assert!(advisories.add_wordfence("feed.json", b"{}").is_err());
}
