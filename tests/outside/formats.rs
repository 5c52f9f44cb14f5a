//! Formats, several reports of one run, colours, and the options that change what is shown.

use serde_json::Value;

use super::support::{Outcome, Tree, command, env_file, findings, formats, mailgun_key, outcome};

const ESCAPE: char = '\u{1b}';

fn leaky() -> Tree {
    let tree = Tree::of(&[(".env", &env_file(&mailgun_key(2)))]);
    tree.write("logo.png", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR");
    tree
}

#[test]
fn json_is_as_its_schema_says() {
    let schema: Value = serde_json::from_str(include_str!("../../schemas/report-1.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for args in [&["--format=json"][..], &["--format=json", "logo.png"]] {
        let report = leaky().run(args).json();
        let errors: Vec<String> = validator
            .iter_errors(&report)
            .map(|error| error.to_string())
            .collect();
        assert_eq!(errors, Vec::<String>::new());
        assert_eq!(report["version"], 1);
    }
}

#[test]
fn jsonl_is_one_object_a_line_and_ends_with_a_summary() {
    let run = leaky().run(&["--format=jsonl"]);
    let lines: Vec<Value> = run
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let types: Vec<&str> = lines
        .iter()
        .map(|line| line["type"].as_str().unwrap())
        .collect();
    assert_eq!(types, ["finding", "summary"]);
    assert_eq!(lines[0]["rule"], "mailgun-api-key");
    assert_eq!(lines[1]["coverage"]["files"], 1);
}

#[test]
fn sarif_names_the_place_and_what_was_skipped() {
    let report = leaky().run(&["--format=sarif"]).json();
    assert_eq!(report["version"], "2.1.0");
    let run = &report["runs"][0];
    let result = &run["results"][0];
    assert_eq!(result["ruleId"], "mailgun-api-key");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], ".env");
    assert_eq!(place["region"]["startLine"], 2);
    assert_eq!(place["region"]["startColumn"], 16);
    assert_eq!(place["region"]["endColumn"], 66);
    assert!(
        result["partialFingerprints"]["primaryLocationLineHash"]
            .as_str()
            .unwrap()
            .ends_with(":1")
    );
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
}

#[test]
fn one_run_writes_many_reports() {
    let tree = leaky();
    let run = tree.run(&[
        "--output=json=out/a.json",
        "--output=sarif=out/b.sarif",
        "--output=jsonl=out/c.jsonl",
        "--output=human=out/d.txt",
        ".env",
    ]);
    // The directory does not exist yet.
    run.exits(2).warns("out/a.json");
    std::fs::create_dir(tree.at("out")).unwrap();
    let args = |dir: &str| {
        [
            "json=a.json",
            "sarif=b.sarif",
            "jsonl=c.jsonl",
            "human=d.txt",
        ]
        .map(|output| {
            let (format, name) = output.split_once('=').unwrap();
            format!("--output={format}={dir}/{name}")
        })
    };
    let args = args("out");
    let mut all: Vec<&str> = args.iter().map(String::as_str).collect();
    all.push(".env");
    let run = tree.run(&all);
    run.exits(1).says("error[mailgun-api-key]");
    let read = |name: &str| std::fs::read_to_string(tree.at("out").join(name)).unwrap();
    for (format, name) in [
        ("json", "a.json"),
        ("sarif", "b.sarif"),
        ("jsonl", "c.jsonl"),
    ] {
        assert_eq!(
            read(name),
            tree.run(&["--format", format, ".env"]).stdout,
            "{name}"
        );
    }
    assert!(read("d.txt").contains("error[mailgun-api-key]"));
}

#[test]
fn quiet_leaves_one_line_for_each_finding() {
    let run = leaky().run(&["--quiet"]);
    run.exits(1);
    let first = run.stdout.lines().next().unwrap();
    assert!(
        first.starts_with(".env:2:16: error[mailgun-api-key]: "),
        "{first}"
    );
    assert!(!run.stdout.contains("= fix:"), "{run:?}");
    assert_eq!(run.stderr, "");
}

#[test]
fn show_skipped_names_them() {
    let run = leaky().run(&[]);
    run.says("not scanned: 1 binary (--show-skipped names them)");
    assert!(!run.stdout.contains("logo.png"), "{run:?}");
    leaky()
        .run(&["--show-skipped"])
        .says("logo.png: binary: png");
    let report = leaky().run(&["--format=json"]).json();
    assert_eq!(report["coverage"]["skipped"][0]["path"], "logo.png");
}

#[test]
fn timings_go_to_standard_error() {
    let (plain, timed) = (
        leaky().run(&["--format=json"]),
        leaky().run(&["--format=json", "--timings"]),
    );
    assert_eq!(plain.stdout, timed.stdout);
    assert_eq!(plain.stderr, "");
    let names: Vec<&str> = timed
        .stderr
        .lines()
        .map(|line| line.split_whitespace().next().unwrap())
        .collect();
    assert_eq!(names, ["rules", "scan", "join", "report", "total"]);
}

fn with_environment(tree: &Tree, args: &[&str], variables: &[(&str, &str)]) -> Outcome {
    let mut command = command(tree.path(), args);
    command.envs(variables.iter().copied());
    outcome(command)
}

#[test]
fn colours_are_for_terminals_unless_forced() {
    let tree = leaky();
    let is_coloured = |args: &[&str], variables: &[(&str, &str)]| {
        with_environment(&tree, args, variables)
            .stdout
            .contains(ESCAPE)
    };
    let forced = ("CLICOLOR_FORCE", "1");
    assert!(!is_coloured(&[], &[]));
    assert!(is_coloured(&[], &[forced]));
    assert!(!is_coloured(&["--no-color"], &[forced]));
    assert!(!is_coloured(&[], &[("NO_COLOR", "1")]));
    for format in formats().filter(|format| *format != "human") {
        assert!(!is_coloured(&["--format", format], &[forced]), "{format}");
    }
}

#[test]
fn a_report_in_a_file_has_no_colours() {
    let tree = leaky();
    let args = ["--output=human=report", ".env"];
    with_environment(&tree, &args, &[("CLICOLOR_FORCE", "1")]).exits(1);
    let report = std::fs::read_to_string(tree.at("report")).unwrap();
    assert!(!report.contains(ESCAPE), "{report}");
}

#[test]
fn secrets_are_shown_to_terminals_only() {
    let run = leaky().run(&["--show-secrets"]);
    run.exits(2).warns("--show-secrets").warns("terminal");
    assert_eq!(run.stdout, "");
    let run = leaky().run(&["--show-secrets", "--output=json=x.json", "--exit-zero"]);
    run.exits(2);
}

#[test]
fn findings_below_the_wanted_confidence_are_counted() {
    // In documentation even a good name and shape are doubted.
    let tree = Tree::of(&[("tests/fixtures/.env", &env_file(&mailgun_key(3)))]);
    let low = tree.run(&["--min-confidence=low", "--format=json"]);
    let count = findings(&low.json()).len();
    assert!(count > 0, "{low:?}");
    let high = tree.run(&["--min-confidence=high"]);
    high.exits(0)
        .says("no findings")
        .says(&format!("not shown: {count} below --min-confidence"));
}

/// `script` (util-linux) runs a command on a terminal of its own.
#[cfg(target_os = "linux")]
#[expect(clippy::print_stderr, reason = "a test that was not run says so")]
#[test]
fn secrets_are_shown_on_a_terminal_when_asked() {
    let key = mailgun_key(5);
    let tree = Tree::of(&[(".env", &env_file(&key))]);
    let run = |option: &str| {
        let line = format!("{} . --no-color {option}", env!("CARGO_BIN_EXE_spillcheck"));
        let output = std::process::Command::new("script")
            .args(["-qec", &line, "/dev/null"])
            .current_dir(tree.path())
            .stdin(std::process::Stdio::null())
            .output();
        output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    match run("--show-secrets") {
        Ok(shown) => assert!(shown.contains(&key), "{shown}"),
        Err(error) => return eprintln!("not tested, there is no `script`: {error}"),
    }
    assert!(!run("").expect("it ran before").contains(&key));
}
