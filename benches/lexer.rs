//! What one look-up of the assignment lexer costs: rejects, which are nearly all of them, and hits.
//!
//! `SPILLCHECK_BENCH_TREE` names a directory of source code to measure on; without it the project's own.

use std::hint::black_box;
use std::path::{Path, PathBuf};

use aho_corasick::AhoCorasick;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use spillcheck::detect::lexer::{ANCHORS, Syntax, assignment_at, syntax_of};

/// Texts that do not fit a cache well would measure memory instead of the lexer.
const MAX_TEXT: u64 = 1 << 20;
/// Enough look-ups for a stable mean.
const MAX_WORDS: usize = 50_000;

struct Sample {
    text: Vec<u8>,
    syntax: Syntax,
    words: Vec<usize>,
}

fn files(directory: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(directory) else {
        return;
    };
    for entry in entries.flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => files(&entry.path(), found),
            Ok(kind) if kind.is_file() => found.push(entry.path()),
            _ => {}
        }
    }
}

/// The anchor hits of the tree for which the lexer finds an assignment, or does not.
fn samples(assigned: bool) -> Vec<Sample> {
    let tree =
        std::env::var_os("SPILLCHECK_BENCH_TREE").map_or_else(|| "src".into(), PathBuf::from);
    let anchors = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(ANCHORS)
        .expect("the anchors are few");
    let mut paths = Vec::new();
    files(&tree, &mut paths);
    paths.sort();
    let mut total = 0;
    let mut samples = Vec::new();
    for path in paths {
        let small = path
            .metadata()
            .is_ok_and(|metadata| metadata.len() <= MAX_TEXT);
        let Some(text) = small.then(|| std::fs::read(&path).ok()).flatten() else {
            continue;
        };
        let syntax = syntax_of(&path.to_string_lossy(), &text);
        let words: Vec<usize> = anchors
            .find_overlapping_iter(&text)
            .map(|found| found.start())
            .filter(|&word| assignment_at(&text, word, syntax).is_some() == assigned)
            .collect();
        total += words.len();
        if !words.is_empty() {
            samples.push(Sample {
                text,
                syntax,
                words,
            });
        }
        if total >= MAX_WORDS {
            break;
        }
    }
    samples
}

fn measure(criterion: &mut Criterion, name: &str, assigned: bool) {
    let samples = samples(assigned);
    let total: usize = samples.iter().map(|sample| sample.words.len()).sum();
    let mut group = criterion.benchmark_group("assignment_at");
    group.throughput(Throughput::Elements(total as u64));
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            for sample in &samples {
                for &word in &sample.words {
                    black_box(assignment_at(&sample.text, word, sample.syntax));
                }
            }
        });
    });
    group.finish();
}

fn lexer(criterion: &mut Criterion) {
    measure(criterion, "rejects", false);
    measure(criterion, "assignments", true);
}

criterion_group!(benches, lexer);
criterion_main!(benches);
