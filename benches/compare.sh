#!/usr/bin/env bash
# Compares spillcheck with other scanners on the same files, in one run, and prints a Markdown table:
# median seconds, the ratio to spillcheck, and the largest resident set of one run.
#
#   benches/compare.sh PATH…
#
# Needs hyperfine and GNU time; measures whichever of spillcheck (target/release), rg, kingfisher, betterleaks
# and gitleaks are there (PATH, or SPILLCHECK, RG, KINGFISHER, BETTERLEAKS, GITLEAKS). RUNS sets the runs of each.
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
spillcheck=${SPILLCHECK:-$here/target/release/spillcheck}
rg=${RG:-rg}
kingfisher=${KINGFISHER:-kingfisher}
betterleaks=${BETTERLEAKS:-betterleaks}
gitleaks=${GITLEAKS:-gitleaks}
runs=${RUNS:-5}
jobs=2

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

[ $# -gt 0 ] || { echo "usage: $0 PATH…" >&2; exit 2; }

command_of() {
  local path
  path=$(printf %q "$2")
  case $1 in
    spillcheck) echo "$spillcheck $path --isolated --exit-zero --quiet --format json --jobs $jobs" ;;
    rg) echo "$rg --no-ignore --hidden --threads $jobs -c zqzqzq $path" ;;
    kingfisher) echo "$kingfisher scan --no-validate --no-update-check --jobs $jobs --format json --no-ignore-if-contains $path" ;;
    betterleaks) echo "$betterleaks dir --no-banner --exit-code 0 --report-format json --report-path $scratch/betterleaks.json $path" ;;
    gitleaks) echo "$gitleaks dir --no-banner --exit-code 0 --report-format json --report-path $scratch/gitleaks.json $path" ;;
  esac
}

binary_of() { command_of "$1" x | cut -d' ' -f1; }

echo "| what | tool | seconds | against spillcheck | memory, MB |"
echo "| --- | --- | --- | --- | --- |"
for path in "$@"; do
  base=
  for tool in spillcheck rg kingfisher betterleaks gitleaks; do
    command -v "$(binary_of "$tool")" >/dev/null || continue
    command=$(command_of "$tool" "$path")
    taskset -c 0,1 hyperfine --ignore-failure --warmup 1 --runs "$runs" --export-json "$scratch/times.json" -- \
      "$command" >/dev/null 2>&1
    seconds=$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["results"][0]["median"])' "$scratch/times.json")
    base=${base:-$seconds}
    # shellcheck disable=SC2086 # the command is made of words
    memory=$(eval "taskset -c 0,1 command time -f %M -o $scratch/memory $command" >/dev/null 2>&1; tail -n 1 "$scratch/memory")
    python3 -c '
import sys
what, tool, seconds, base, memory = sys.argv[1:]
print(f"| {what} | {tool} | {float(seconds):.3f} | {float(seconds) / float(base):.1f} | {int(memory) / 1024:.0f} |")
' "$(basename "$path")" "$tool" "$seconds" "$base" "$memory"
  done
done
