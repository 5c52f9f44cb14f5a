//! How fast the prefilter and the vector loops read source text.
//!
//! `BENCH_TEXT` names folders, separated by `:`, to read the text from; without it the C headers
//! of the machine are read. 64 MB are enough to leave every cache.
#![allow(
    missing_docs,
    reason = "criterion's macros make items without documentation"
)]

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use spillcheck::detect::prefilter::{Automaton, Bitmap, Literal, Prefilter};
use spillcheck::detect::simd::{RunClass, byte_pairs, runs};

const ANCHORS: &str = include_str!("prefilter/anchors.txt");
const WORDS: &str = include_str!("prefilter/words.txt");
const MOST_TEXT: usize = 64 << 20;
const LONGEST_FILE: u64 = 1 << 20;

fn literals(lists: &[&str]) -> Vec<Literal> {
    lists
        .iter()
        .flat_map(|list| list.lines())
        .map(|line| Literal {
            bytes: line.into(),
            ignore_case: true,
        })
        .collect()
}

fn read_folder(folder: &Path, most: usize, texts: &mut Vec<Vec<u8>>) {
    let mut size = 0;
    for entry in ignore::WalkBuilder::new(folder)
        .standard_filters(false)
        .build()
        .flatten()
    {
        let small = entry
            .metadata()
            .is_ok_and(|data| data.is_file() && data.len() <= LONGEST_FILE);
        let Some(text) = small.then(|| std::fs::read(entry.path()).ok()).flatten() else {
            continue;
        };
        if text.contains(&0) {
            continue;
        }
        size += text.len();
        texts.push(text);
        if size >= most {
            return;
        }
    }
}

fn texts() -> Vec<Vec<u8>> {
    let folders = std::env::var("BENCH_TEXT").unwrap_or_else(|_| "/usr/include".to_owned());
    let folders: Vec<_> = folders.split(':').collect();
    let mut texts = Vec::new();
    for folder in &folders {
        read_folder(Path::new(folder), MOST_TEXT / folders.len(), &mut texts);
    }
    texts
}

fn count_hits(prefilter: &dyn Prefilter, texts: &[Vec<u8>]) -> usize {
    let mut count = 0;
    for text in texts {
        prefilter.find(black_box(text), &mut |_| count += 1);
    }
    count
}

fn finding(criterion: &mut Criterion) {
    let texts = texts();
    let size: usize = texts.iter().map(Vec::len).sum();
    let mut group = criterion.benchmark_group("find");
    group
        .throughput(Throughput::Bytes(size as u64))
        .sample_size(10);
    for (name, lists) in [
        ("anchors", &[ANCHORS][..]),
        ("anchors-and-words", &[ANCHORS, WORDS]),
    ] {
        let literals = literals(lists);
        if let Some(bitmap) = Bitmap::new(&literals) {
            group.bench_function(format!("bitmap/{name}"), |bench| {
                bench.iter(|| count_hits(&bitmap, &texts));
            });
        }
        if let Ok(automaton) = Automaton::new(&literals) {
            group.bench_function(format!("automaton/{name}"), |bench| {
                bench.iter(|| count_hits(&automaton, &texts));
            });
        }
    }
    group.finish();
}

fn looping(criterion: &mut Criterion) {
    let texts = texts();
    let size: usize = texts.iter().map(Vec::len).sum();
    let mut group = criterion.benchmark_group("loops");
    group
        .throughput(Throughput::Bytes(size as u64))
        .sample_size(10);
    group.bench_function("byte-pairs", |bench| {
        let mut count = 0;
        bench.iter(|| {
            for text in &texts {
                byte_pairs(text, b'-', 9, &mut |_| count += 1);
            }
        });
        black_box(count);
    });
    for (name, class, min_len) in [
        ("base64-40", RunClass::Base64, 40),
        ("base64-100", RunClass::Base64, 100),
        ("hex-64", RunClass::Hex, 64),
    ] {
        group.bench_function(format!("runs/{name}"), |bench| {
            let mut count = 0;
            bench.iter(|| {
                for text in &texts {
                    runs(text, class, min_len, &mut |_| count += 1);
                }
            });
            black_box(count);
        });
    }
    group.finish();
}

fn building(criterion: &mut Criterion) {
    let literals = literals(&[ANCHORS, WORDS]);
    criterion.bench_function("build/bitmap", |bench| {
        bench.iter(|| Bitmap::new(black_box(&literals)));
    });
    let Some(bitmap) = Bitmap::new(&literals) else {
        return;
    };
    criterion.bench_function("line/bitmap", |bench| {
        bench.iter(|| bitmap.find(black_box(b"let total = a + b;\n"), &mut |_| ()));
    });
}

criterion_group!(benches, building, finding, looping);
criterion_main!(benches);
