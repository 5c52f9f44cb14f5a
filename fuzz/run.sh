#!/usr/bin/env bash
# Runs fuzz targets for so many seconds each: `fuzz/run.sh SECONDS [TARGET…]`. Fails if one finds something.
# Needs a C++ compiler for libFuzzer; the stable toolchain will do.
set -euo pipefail
cd "$(dirname "$0")"

seconds=${1:-60}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(engine lexer decode ds_store encoding js php apache locks advisories checks nginx iis servers archive sevenz sqlite dumps code)

cargo run --quiet --locked --manifest-path ../Cargo.toml --example fuzz-seeds -- corpus/seeds

# Build scripts and macros would get these flags as well without --target, and they are not linked with libFuzzer.
host=$(rustc -vV | sed -n 's/^host: //p')
RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares" \
  cargo build --quiet --locked --profile fuzz --target "$host"
programs=${CARGO_TARGET_DIR:-../target}/$host/fuzz

for target in "${targets[@]}"; do
  mkdir -p "corpus/$target" "corpus/seeds/$target" "artifacts/$target"
  log=artifacts/$target.log
  echo "-- $target"
  if ! "$programs/$target" -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=2048 \
    -dict=corpus/seeds/words.dict -artifact_prefix="artifacts/$target/" -print_final_stats=1 \
    "corpus/$target" "corpus/seeds/$target" >"$log" 2>&1; then
    tail -n 50 "$log"
    echo "$target: found something, see above and fuzz/artifacts/$target" >&2
    exit 1
  fi
  # Without counters in the program, libFuzzer throws bytes about blindly and finds nothing.
  grep -q 'INFO: Loaded .*inline 8-bit counters' "$log" || {
    echo "$target: built without coverage counters" >&2
    exit 1
  }
  grep -E 'INITED|DONE|number_of_executed_units|average_exec_per_sec|peak_rss_mb' "$log"
done
