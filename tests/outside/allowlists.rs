//! `--allowlist`: files of other scanners, of the shapes that repositories have.

use sha1::{Digest as _, Sha1};

use super::support::{Outcome, Tree, env_file, findings, mailgun_key, paths};

fn leaky() -> Tree {
    Tree::of(&[
        ("app/.env", &env_file(&mailgun_key(20))),
        ("tests/data.env", &env_file(&mailgun_key(21))),
    ])
}

fn run(tree: &Tree, file: &str) -> Outcome {
    tree.run(&[
        "--no-checks",
        "--report-suppressed",
        "--format=json",
        "--allowlist",
        file,
    ])
}

fn suppressed(run: &Outcome) -> serde_json::Value {
    run.json()["suppressed"]["findings"][0]["suppressed"].clone()
}

#[test]
fn a_gitleaksignore_allows_places() {
    let tree = leaky();
    let report = tree.run(&["--no-checks", "--format=json"]).json();
    let line = &findings(&report)[0]["occurrences"][0]["start"]["line"];
    let commit = "0123456789abcdef0123456789abcdef01234567";
    let text = format!(
        "# from before\n{commit}:app/.env:generic-api-key:{line}\napp/.env:generic-api-key:{line}\ntests/*\n"
    );
    tree.write(".gitleaksignore", text);
    let run = run(&tree, ".gitleaksignore");
    run.exits(1);
    assert_eq!(paths(&run), ["tests/data.env"]);
    assert_eq!(suppressed(&run)["by"], "gitleaks-ignore");
    assert_eq!(suppressed(&run)["source"], ".gitleaksignore line 3");
    assert_eq!(run.json()["summary"]["withheld"]["foreign"], 1);
    tree.run(&["--no-checks", "--allowlist=.gitleaksignore"])
        .says(".gitleaksignore keeps 1 place from counting")
        .says("1 lines name commits")
        .says("not honoured: line 4")
        .says("1 allowed by files of other scanners");
}

#[test]
fn rules_of_gitleaks_are_taken_over_with_their_allowlists() {
    let key = |seed| crate::support::render("shop_{hex:24}", seed);
    let tree = Tree::of(&[
        ("app.py", &format!("connect(\"{}\")\n", key(1))),
        ("tests/app.py", &format!("connect(\"{}\")\n", key(2))),
    ]);
    tree.write(
        ".gitleaks.toml",
        "[[rules]]\nid = \"shop-key\"\ndescription = \"Key of the shop\"\nregex = '''\\b(shop_[0-9a-f]{24})\\b'''\n\
         keywords = [\"shop_\"]\n[[rules.allowlists]]\npaths = ['''^tests/''']\n\
         [[rules]]\nid = \"file\"\npath = '''key'''\n",
    );
    tree.run(&["--format=json", "--no-checks"]).exits(0);
    let with = ["--format=json", "--no-checks", "--rules=.gitleaks.toml"];
    let outcome = tree.run(&with);
    outcome
        .exits(1)
        .says("gitleaks-shop-key")
        .says("gitleaks-file: it finds files by their names");
    assert_eq!(paths(&outcome), ["app.py"]);
    tree.run(&["rules", "list", "--rules", ".gitleaks.toml"])
        .says("Key of the shop");
}

#[test]
fn a_gitleaks_configuration_allows_paths_values_and_words() {
    let tree = leaky();
    tree.write(
        ".gitleaks.toml",
        "title = \"shop\"\n[extend]\nuseDefault = true\n\
         [[rules]]\nid = \"shop-key\"\nregex = '''shop_[a-z]{8}'''\n\
         [allowlist]\ndescription = \"made up\"\npaths = [\n  '''(?i)(^|/)tests?/''',\n  '''\\.lock$''',\n]\n",
    );
    let outcome = run(&tree, ".gitleaks.toml");
    assert_eq!(paths(&outcome), ["app/.env"]);
    assert_eq!(suppressed(&outcome)["by"], "gitleaks-config");
    assert_eq!(suppressed(&outcome)["reason"], "made up");
    tree.run(&["--no-checks", "--allowlist=.gitleaks.toml"])
        .says("1 rules of its own");
    tree.run(&["--no-checks", "--rules=.gitleaks.toml"])
        .says("1 rules are taken over");

    let key = mailgun_key(20);
    tree.write(
        "ci/leaks.toml",
        format!("[[allowlists]]\nstopwords = [\"{}\"]\n", &key[8..20]),
    );
    assert_eq!(paths(&run(&tree, "ci/leaks.toml")), ["tests/data.env"]);
    tree.write(
        "ci/leaks.toml",
        "[[allowlists]]\ncondition = \"AND\"\nregexTarget = \"line\"\nregexes = ['''^MAILGUN''', '''SECRET''']\n\
         paths = ['''^app/''']\n",
    );
    assert_eq!(paths(&run(&tree, "ci/leaks.toml")), ["tests/data.env"]);
    tree.write("ci/leaks.toml", "[extend]\npath = \"../../outside.toml\"\n");
    tree.run(&["--allowlist", "ci/leaks.toml"])
        .exits(2)
        .warns("is not read");
}

#[test]
fn a_secrets_baseline_allows_hashes_in_files() {
    let tree = leaky();
    let digest = Sha1::digest(mailgun_key(20).as_bytes());
    let hash: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let entry = |path: &str, more: &str| {
        format!(
            r#""{path}": [{{"type": "Secret Keyword", "filename": "{path}", "hashed_secret": "{hash}", "is_verified": false, "line_number": 99{more}}}]"#
        )
    };
    let file = |results: &str| {
        format!(
            r#"{{"version": "1.5.0", "plugins_used": [{{"name": "KeywordDetector", "keyword_exclude": ""}}],
            "filters_used": [{{"path": "detect_secrets.filters.allowlist.is_line_allowlisted"}}],
            "results": {{{results}}}, "generated_at": "2024-01-01T00:00:00Z"}}"#
        )
    };
    tree.write(".secrets.baseline", file(&entry("app/.env", "")));
    let outcome = run(&tree, ".secrets.baseline");
    assert_eq!(paths(&outcome), ["tests/data.env"]);
    assert_eq!(suppressed(&outcome)["by"], "secrets-baseline");
    assert!(!outcome.stdout.contains(&mailgun_key(20)));
    tree.write(".secrets.baseline", file(&entry("other/.env", "")));
    assert_eq!(paths(&run(&tree, ".secrets.baseline")).len(), 2);
    let filter =
        r#"{"path": "detect_secrets.filters.regex.should_exclude_file", "pattern": ["^tests/"]}"#;
    let filtered = file("").replace(
        "\"filters_used\": [",
        &format!("\"filters_used\": [{filter}, "),
    );
    tree.write(".secrets.baseline", filtered);
    assert_eq!(paths(&run(&tree, ".secrets.baseline")), ["app/.env"]);
    let real = entry("app/.env", r#", "is_secret": true"#);
    tree.write(".secrets.baseline", file(&real));
    tree.run(&["--no-checks", "--allowlist=.secrets.baseline"])
        .says("1 that an audit calls real secrets")
        .says("allows nothing of what was found");
}

#[test]
fn files_are_honored_when_asked_for_only() {
    let tree = leaky();
    tree.write(".gitleaks.toml", "[allowlist]\npaths = ['''.''']\n");
    tree.run(&["--no-checks"])
        .exits(1)
        .says("`--allowlist .gitleaks.toml` does");
    tree.write("spillcheck.toml", "allowlists = [\".gitleaks.toml\"]\n");
    tree.run(&["--no-checks"]).exits(0);
    tree.run(&["--allowlist", "gone"]).exits(2).warns("gone");
    tree.write("bad.toml", "[allowlist\n");
    tree.run(&["--allowlist", "bad.toml"])
        .exits(2)
        .warns("no configuration of gitleaks");
}
