use std::cmp::Ordering;
use std::process::Command;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

use super::*;

#[test]
fn php_compares_as_its_manual_says() {
    let ascending = [
        "unknown", "1dev", "1alpha", "1alpha2", "1beta", "1RC1", "1", "1.0", "1.0.1", "1.2",
        "1.10", "1pl1",
    ];
    for (at, a) in ascending.iter().enumerate() {
        for (other, b) in ascending.iter().enumerate() {
            assert_eq!(php::compare(a, b), at.cmp(&other), "{a} {b}");
        }
    }
    assert_eq!(php::compare("5.2-beta", "5.2.beta"), Ordering::Equal);
}

#[test]
fn semver_compares_as_its_specification_says() {
    let ascending = [
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0",
        "1.0.1",
        "1.2",
        "2.0.0-canary.77",
    ];
    for pair in ascending.windows(2) {
        assert_eq!(
            compare(Ecosystem::Npm, pair[0], pair[1]),
            Some(Ordering::Less),
            "{pair:?}"
        );
    }
    assert_eq!(
        compare(Ecosystem::Npm, "v1.0.0+a", "=1.0.0+b"),
        Some(Ordering::Equal)
    );
    for wrong in [
        "",
        "1..2",
        "a",
        "1.2.3.4",
        "git+ssh://x",
        "1.2.3-",
        "latest",
    ] {
        assert_eq!(semver::Version::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn composer_writes_versions_in_one_way() {
    let cases = [
        ("1.0.0", Some("1.0.0.0")),
        ("v1.2", Some("1.2.0.0")),
        ("1.0.0RC1dev", Some("1.0.0.0-RC1-dev")),
        ("1.0.0-beta.5", Some("1.0.0.0-beta5")),
        ("1.0-pl3", Some("1.0.0.0-patch3")),
        ("1.0.0-rc.1+build", Some("1.0.0.0-RC1")),
        ("1.0.0-stable", Some("1.0.0.0")),
        ("2.x-dev", Some("2.9999999.9999999.9999999-dev")),
        ("dev-main", None),
        ("dev-master as 1.0", None),
        ("1.0-foo", None),
    ];
    for (version, expected) in cases {
        assert_eq!(
            composer::normalize(version).as_deref(),
            expected,
            "{version}"
        );
    }
}

#[test]
fn ranges_hold_what_their_ecosystem_says() {
    let holds =
        |ecosystem, range: &str, version| Range::parse(range).unwrap().contains(ecosystem, version);
    assert!(holds(Ecosystem::Composer, ">=2.5.0,<2.5.2", "2.5.1"));
    assert!(holds(Ecosystem::Composer, ">=2.5.0,<2.5.2", "2.5.0-beta1"));
    assert!(!holds(Ecosystem::Composer, ">=2.5.0,<2.5.2", "2.5.2-RC1"));
    assert!(!holds(Ecosystem::Composer, "<3", "dev-main"));
    assert!(holds(Ecosystem::Npm, ">=15.0.0, <15.0.5", "15.0.4"));
    assert!(!holds(Ecosystem::Npm, ">=15.0.0, <15.0.5", "15.0.5"));
    assert!(!holds(Ecosystem::Npm, "<16", "workspace:*"));
    assert!(holds(Ecosystem::WordpressPlugin, "<=2.8.7", "2.8.7"));
    assert!(!holds(Ecosystem::WordpressPlugin, "<=2.8.7", "2.8.10"));
    assert!(holds(Ecosystem::WordpressPlugin, "1.3.24", "1.3.24"));
    assert!(holds(Ecosystem::WordpressPlugin, "*", "trunk"));
    for wrong in ["", "^1.0", "~2", ">=1 <2", "1||2", ">=", "latest"] {
        assert!(Range::parse(wrong).is_err(), "{wrong}");
    }
    assert_eq!(Range::parse(">=1,<2").unwrap().to_string(), ">=1, <2");
}

/// In order, by the specifications; what stands in one row is equal.
#[test]
fn gems_python_packages_and_java_libraries_are_ordered_as_specified() {
    let gems: &[&[&str]] = &[
        &["1.0.a"],
        &["1.0.b2"],
        &["1.0.rc1", "1.0-rc1", "1.0.0.rc1"],
        &["1", "1.0", "1.0.0"],
        &["4.2.11"],
        &["4.2.11.1"],
        &["5.0.0.beta1"],
        &["5.0.0.beta10"],
        &["5.0.0"],
    ];
    let python: &[&[&str]] = &[
        &["1.0.dev1", "1.dev1"],
        &["1.0a1.dev2"],
        &["1.0a1", "1.0-alpha.1"],
        &["1.0b2"],
        &["1.0rc1", "1.0c1", "v1.0.RC1"],
        &["1", "1.0", "1.0.0+local.7"],
        &["1.0.post1", "1.0-1"],
        &["1.1"],
        &["1.10"],
        &["2019.2.4"],
        &["1!0.1"],
    ];
    let java: &[&[&str]] = &[
        &["1.0-alpha-1", "1.0a1", "1-alpha1"],
        &["1.0-beta-2", "1.0.Beta2"],
        &["1.0-M3", "1.0.0.M3"],
        &["1.0-rc1", "1.0.CR1"],
        &["1.0-SNAPSHOT"],
        &["1", "1.0", "1.0.0.RELEASE", "1.0.Final", "1.0-GA"],
        &["1.0.SP1"],
        &["1.0-jre"],
        &["1.0.1"],
        &["1.2.83"],
        &["1.2.83_noneautotype"],
        &["9.4.37"],
        &["9.4.37.v20210219"],
        &["9.4.38"],
    ];
    for (ecosystem, rows) in [
        (Ecosystem::Gem, gems),
        (Ecosystem::Pypi, python),
        (Ecosystem::Maven, java),
    ] {
        for (at, row) in rows.iter().enumerate() {
            for (other, others) in rows.iter().enumerate() {
                for (a, b) in row.iter().flat_map(|a| others.iter().map(move |b| (a, b))) {
                    assert_eq!(compare(ecosystem, a, b), Some(at.cmp(&other)), "{a} {b}");
                }
            }
        }
    }
}

/// Versions as they occur.
fn version() -> impl Strategy<Value = String> {
    "[0-9]{1,3}([.-]?(0|[1-9][0-9]?|dev|alpha|a|beta|b|RC|rc|pl|p|x)){0,4}"
}

fn semantic() -> impl Strategy<Value = String> {
    "[0-9]\\.[0-9]\\.[0-9](-(alpha|beta|[0-9]|rc)(\\.([0-9]|a|beta)){0,2})?"
}

fn is_total_order(a: Ordering, b: Ordering, c: Ordering) -> bool {
    // Of a ≤ b and b ≤ c follows a ≤ c.
    !(a.is_le() && b.is_le() && c.is_gt())
}

proptest! {
    #[test]
    fn php_order_is_reflexive_and_antisymmetric(a in version(), b in version()) {
        prop_assert_eq!(php::compare(&a, &a), Ordering::Equal);
        prop_assert_eq!(php::compare(&a, &b), php::compare(&b, &a).reverse());
    }

    #[test]
    fn releases_are_in_total_order(
        a in "[0-9]{1,2}(\\.[0-9]){0,3}(-?((alpha|beta|RC|pl)[0-9]?|dev))?",
        b in "[0-9]{1,2}(\\.[0-9]){0,3}(-?((alpha|beta|RC|pl)[0-9]?|dev))?",
        c in "[0-9]{1,2}(\\.[0-9]){0,3}(-?((alpha|beta|RC|pl)[0-9]?|dev))?",
    ) {
        for ecosystem in [Ecosystem::WordpressPlugin, Ecosystem::Composer] {
            let order = |a: &str, b: &str| compare(ecosystem, a, b).unwrap();
            prop_assert!(is_total_order(order(&a, &b), order(&b, &c), order(&a, &c)), "{} {} {}", a, b, c);
        }
    }

    #[test]
    fn semver_is_a_total_order(a in semantic(), b in semantic(), c in semantic()) {
        let order = |a: &str, b: &str| compare(Ecosystem::Npm, a, b).unwrap();
        prop_assert_eq!(order(&a, &b), order(&b, &a).reverse());
        prop_assert!(is_total_order(order(&a, &b), order(&b, &c), order(&a, &c)), "{} {} {}", a, b, c);
    }

    #[test]
    fn gems_python_packages_and_java_libraries_are_in_total_order(
        a in "[0-9]{1,2}(\\.[0-9]){0,3}(\\.?(a|b|rc)[0-9]?)?(\\.(dev|post)[0-9]?)?",
        b in "[0-9]{1,2}(\\.[0-9]){0,3}(\\.?(a|b|rc)[0-9]?)?(\\.(dev|post)[0-9]?)?",
        c in "[0-9]{1,2}(\\.[0-9]){0,3}(\\.?(a|b|rc)[0-9]?)?(\\.(dev|post)[0-9]?)?",
    ) {
        for ecosystem in [Ecosystem::Gem, Ecosystem::Pypi, Ecosystem::Maven] {
            let order = |a: &str, b: &str| compare(ecosystem, a, b).unwrap();
            prop_assert_eq!(order(&a, &b), order(&b, &a).reverse());
            prop_assert!(is_total_order(order(&a, &b), order(&b, &c), order(&a, &c)), "{} {} {}", a, b, c);
        }
    }

    #[test]
    fn nothing_panics(ecosystem in 0..6_u8, a in ".{0,20}", b in ".{0,20}") {
        let ecosystems = [
            Ecosystem::Npm,
            Ecosystem::Composer,
            Ecosystem::WordpressTheme,
            Ecosystem::Gem,
            Ecosystem::Pypi,
            Ecosystem::Maven,
        ];
        let ecosystem = ecosystems[usize::from(ecosystem)];
        let _ = compare(ecosystem, &a, &b);
        let _ = Range::parse(&a).map(|range| range.contains(ecosystem, &b));
    }
}

/// The same answers as PHP itself, where it is installed.
#[test]
fn php_says_the_same() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let pairs: Vec<(String, String)> = (0..4000)
        .map(|_| {
            (version(), version())
                .new_tree(&mut runner)
                .unwrap()
                .current()
        })
        .filter(|(a, b)| !a.ends_with(['.', '-']) && !b.ends_with(['.', '-']))
        .collect();
    let list: Vec<String> = pairs.iter().map(|(a, b)| format!("{a} {b}")).collect();
    let script = "foreach (explode(\"\\n\", $argv[1]) as $l) { [$a, $b] = explode(' ', $l); echo version_compare($a, $b), ' '; }";
    let output = Command::new("php")
        .args(["-n", "-r", script, "--", &list.join("\n")])
        .output();
    let Ok(output) = output else { return };
    let said: Vec<i32> = String::from_utf8(output.stdout)
        .unwrap()
        .split_whitespace()
        .map(|order| order.parse().unwrap())
        .collect();
    assert_eq!(said.len(), pairs.len());
    for ((a, b), said) in pairs.iter().zip(said) {
        assert_eq!(php::compare(a, b) as i32, said, "{a} {b}");
    }
}
