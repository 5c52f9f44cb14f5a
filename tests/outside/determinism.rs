//! The same tree gives the same bytes.

use proptest::prelude::*;
use proptest::sample::Index;
use spillcheck::rules::{self, template};

use super::support::Tree;

/// One file, from the examples of a rule.
#[derive(Debug, Clone)]
struct Planted {
    path: String,
    text: Vec<u8>,
}

fn planted() -> impl Strategy<Value = Planted> {
    let hits: Vec<String> = rules::builtin()
        .into_iter()
        .flat_map(|file| file.rules)
        .flat_map(|rule| rule.hit.to_vec())
        .collect();
    let folder = prop::sample::select(vec!["", "a/", "a/b/", "zz/", ".c/"]);
    // Few seeds, so that one secret stands in several files.
    (prop::sample::select(hits), 0..3_u64, folder, any::<Index>()).prop_map(
        |(hit, seed, folder, number)| {
            let example = template::render(&hit, seed).unwrap();
            let number = number.index(1_000);
            Planted {
                path: format!("{folder}{number}/{}", example.path),
                text: example.text,
            }
        },
    )
}

fn plant<'f>(files: impl Iterator<Item = &'f Planted>) -> Tree {
    let tree = Tree::new();
    for file in files {
        let path = tree.at(&file.path);
        // Two examples may want one name for a file and a folder; the first one has it.
        if std::fs::create_dir_all(path.parent().unwrap()).is_ok() && !path.exists() {
            std::fs::write(path, &file.text).unwrap();
        }
    }
    tree
}

fn report(tree: &Tree, format: &str, jobs: &str) -> String {
    let run = tree.run(&[
        "--format",
        format,
        "--jobs",
        jobs,
        "--min-confidence=low",
        "--show-skipped",
    ]);
    assert!(matches!(run.code, Some(0 | 1)), "{run:?}");
    without_time(&run.stdout)
}

/// The human summary alone says how long it took.
fn without_time(report: &str) -> String {
    let lines = report.lines().map(|line| match line.split_once(") in ") {
        Some((before, _)) if line.starts_with("scanned ") => before,
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10))]

    #[test]
    fn threads_and_runs_do_not_show(files in prop::collection::vec(planted(), 1..60)) {
        let tree = plant(files.iter());
        for format in ["human", "json", "sarif", "csv", "gitlab"] {
            let one = report(&tree, format, "1");
            for jobs in ["1", "2", "8"] {
                prop_assert_eq!(&report(&tree, format, jobs), &one, "{} with {} jobs", format, jobs);
            }
        }
    }

    #[test]
    fn the_order_of_directory_entries_does_not_show(
        files in prop::collection::vec(planted(), 1..60),
        shuffled in any::<prop::sample::Selector>(),
    ) {
        let mut files = files;
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|a, b| a.path == b.path);
        let ordered = plant(files.iter());
        let mut order: Vec<&Planted> = Vec::new();
        let mut rest: Vec<usize> = (0..files.len()).collect();
        while !rest.is_empty() {
            let next = shuffled.select(0..rest.len());
            order.push(&files[rest.swap_remove(next)]);
        }
        let other = plant(order.into_iter());
        for format in ["human", "json", "sarif"] {
            prop_assert_eq!(report(&ordered, format, "2"), report(&other, format, "2"));
        }
    }
}

#[test]
fn chunks_of_a_large_file_do_not_show_in_the_order() {
    let tree = Tree::new();
    let mut text = Vec::new();
    for seed in 0..40 {
        text.extend_from_slice(
            super::support::env_file(&super::support::mailgun_key(seed)).as_bytes(),
        );
        text.extend(std::iter::repeat_n(&b"# nothing to see in this line\n"[..], 20_000).flatten());
    }
    tree.write("large.env", text);
    let one = report(&tree, "json", "1");
    assert_eq!(one.matches("\"rule\": \"mailgun-api-key\"").count(), 40);
    for jobs in ["2", "8"] {
        assert!(report(&tree, "json", jobs) == one, "with {jobs} jobs");
    }
}
