#!/usr/bin/env bash
# Runs every fuzz target for so many seconds, with the stable toolchain: `fuzz/run.sh SECONDS [TARGET…]`.
# `cargo +nightly fuzz run TARGET` works as well, and finds memory errors too.
set -euo pipefail
cd "$(dirname "$0")"

seconds=${1:-60}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(engine lexer decode encoding)

# What `cargo fuzz` sets for coverage; none of it needs an unstable flag.
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares"
# Build scripts and macros are not fuzzed, and without --target they would get these flags, too.
host=$(rustc -vV | sed -n 's/^host: //p')
cargo build --quiet --release --target "$host"

for target in "${targets[@]}"; do
  mkdir -p "corpus/$target" "artifacts/$target"
  "target/$host/release/$target" -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=1024 \
    -artifact_prefix="artifacts/$target/" -print_final_stats=1 "corpus/$target" 2>&1 | tail -n 12
done
