//! What the engine costs on the kinds of text that scans meet, and what a start costs.
//!
//! All text is generated, the same on every machine. Real trees are what `benches/compare.sh` measures.
#![allow(
    missing_docs,
    reason = "criterion's macros make items without documentation"
)]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use spillcheck::detect::{Engine, FileKind};
use spillcheck::rules::{self, compile::RuleSet, template};

/// Bytes of each text: one chunk of a scan is of this order.
const LENGTH: usize = 4 << 20;
/// A text is so many different blocks, over and over.
const BLOCKS: u64 = 64;

/// Templates of one block each: one of these for each kind of text.
const SOURCE: &str = "\
    /**\n     * Handles request {digit:4}: keys and tokens are checked elsewhere.\n     */\n\
    public function {lower:9}{upper:1}{lower:6}(array $options = [], ?string $key = null): bool\n    {\n\
        $this->{lower:8} = $options['{lower:6}'] ?? self::DEFAULT_{upper:7};\n\
        if (! isset($this->tokens[$key])) {\n            return $this->{lower:7}->fetch($key, {digit:3});\n        }\n\
        return hash_equals($this->secret(), $request->input('{lower:5}'));\n    }\n\n";
const DUMP: &str = "INSERT INTO `users` VALUES ({digit:6},'{lower:7}.{lower:9}@example.org','$2y$10$\
    {base62:53}','{hex:40}','2024-05-{digit:2} 10:{digit:2}:{digit:2}',NULL,'a:1:{s:4:\"role\";s:6:\"{lower:6}\";}'),\n";
const MINIFIED: &str = "function {lower:1}({lower:1},{lower:1}){var {lower:1}={lower:1}.{lower:6}[{digit:1}]||\
    \"{lower:4}-{lower:6}\";return {lower:1}.key===\"{lower:5}\"?{lower:1}({lower:1},!{digit:1}):\
    {lower:1}.token&&{lower:1}.prototype.{lower:8}.call(this,{digit:3})}var {upper:1}={lower:4}:{lower:3},";

fn repeated(blocks: &[Vec<u8>]) -> Vec<u8> {
    let all = blocks.iter().cycle().flatten();
    all.take(LENGTH).copied().collect()
}

fn generated(template: &str) -> Vec<u8> {
    let block = |seed| template::render(template, seed).expect("the template is sound");
    let blocks: Vec<_> = (0..BLOCKS).map(|seed| block(seed).text).collect();
    repeated(&blocks)
}

/// Credentials of all rules, one under the other.
fn dense() -> Vec<u8> {
    let rules = rules::builtin().into_iter().flat_map(|file| file.rules);
    let blocks: Vec<_> = rules
        .flat_map(|rule| rule.hit.to_vec())
        .filter_map(|hit| template::render(&hit, 1).ok())
        .map(|example| [example.text.as_slice(), b"\n"].concat())
        .collect();
    repeated(&blocks)
}

fn engine() -> Engine {
    let rules = RuleSet::new(rules::builtin());
    Engine::new(rules).expect("the literals fit an automaton")
}

fn scanning(criterion: &mut Criterion) {
    let engine = engine();
    let mut group = criterion.benchmark_group("scan");
    group
        .throughput(Throughput::Bytes(LENGTH as u64))
        .sample_size(10);
    for (name, path, text) in [
        ("source", "src/Controller.php", generated(SOURCE)),
        ("dump", "backup/dump.sql", generated(DUMP)),
        ("minified", "public/app.min.js", generated(MINIFIED)),
        ("dense", "notes.txt", dense()),
    ] {
        let kind = FileKind::of(path, &text);
        group.bench_function(name, |bench| {
            bench.iter(|| {
                let part = engine.scan(&kind, black_box(&text), 0, 0..text.len());
                engine.conclude(&kind, vec![part]).matches.len()
            });
        });
    }
    group.finish();
}

/// From the rules in the binary to an engine that can scan; patterns are compiled when first needed.
fn starting(criterion: &mut Criterion) {
    criterion.bench_function("start/rules", |bench| bench.iter(rules::builtin));
    criterion.bench_function("start/engine", |bench| bench.iter(engine));
}

criterion_group!(benches, scanning, starting);
criterion_main!(benches);
