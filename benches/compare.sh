#!/usr/bin/env bash
# Compares spillcheck with other scanners on the same files, in one run, and prints a Markdown table:
# median seconds, the ratio to spillcheck, the seconds of processor time (user and system), the ratio of these, and
# the largest resident set of one run. On a machine that others use as well, go by the processor time.
#
#   benches/compare.sh PATH…
#
# Needs hyperfine, GNU time, taskset and python3; measures whichever of spillcheck (target/release), rg, kingfisher,
# betterleaks and gitleaks are there (PATH, or SPILLCHECK, RG, KINGFISHER, BETTERLEAKS, GITLEAKS: name the
# programs themselves, not wrappers in Python, whose start would be measured too). RUNS sets the runs of each.
# rg looks for one word that is nowhere: the floor, what reading alone costs. Every tool may use two processors;
# caches are warm, kingfisher's of compiled rules included. No tool asks a provider anything.
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
runs=${RUNS:-5}
jobs=2
cpus=0,1

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

[ $# -gt 0 ] || { echo "usage: $0 PATH…" >&2; exit 2; }

binary_of() {
  case $1 in
    spillcheck) echo "${SPILLCHECK:-$here/target/release/spillcheck}" ;;
    rg) echo "${RG:-rg}" ;;
    kingfisher) echo "${KINGFISHER:-kingfisher}" ;;
    betterleaks) echo "${BETTERLEAKS:-betterleaks}" ;;
    gitleaks) echo "${GITLEAKS:-gitleaks}" ;;
  esac
}

# Sets `arguments`: everything on disk is looked at, and the report is written as JSON.
set_arguments() {
  case $1 in
    spillcheck) arguments=("$2" --isolated --exit-zero --quiet --format json --jobs "$jobs") ;;
    rg) arguments=(--no-config --no-ignore --hidden --threads "$jobs" --count zqzqzq "$2") ;;
    kingfisher) arguments=(scan "$2" --no-validate --no-update-check --git-history none --jobs "$jobs" --format json) ;;
    betterleaks) arguments=(filesystem "$2" --no-banner --exit-code 0 --jobs "$jobs" --output "$scratch/report.json") ;;
    gitleaks) arguments=(dir "$2" --no-banner --exit-code 0 --report-format json --report-path "$scratch/report.json") ;;
  esac
}

# Whether a tool that ended with this status has done its work: 1 is rg's and 200 to 205 kingfisher's way of
# telling what was found.
is_done() {
  case $1:$2 in
    *:0 | rg:1 | kingfisher:20[0-5]) return 0 ;;
    *) return 1 ;;
  esac
}

base=
base_cpu=
measure() {
  local tool=$1 path=$2 binary status=0 command seconds cpu memory
  binary=$(command -v "$(binary_of "$tool")") || return 0
  set_arguments "$tool" "$path"
  taskset -c "$cpus" env time -f %M -o "$scratch/memory" "$binary" "${arguments[@]}" >/dev/null 2>"$scratch/errors" || status=$?
  is_done "$tool" "$status" || {
    echo "$tool ended with status $status on $path:" >&2
    tail -n 5 "$scratch/errors" >&2
    return 0
  }
  memory=$(tail -n 1 "$scratch/memory")
  command=$(printf '%q ' "$binary" "${arguments[@]}")
  taskset -c "$cpus" hyperfine --shell none --ignore-failure --warmup 1 --runs "$runs" --output null \
    --export-json "$scratch/times.json" "$command" >/dev/null 2>&1
  read -r seconds cpu < <(python3 - "$scratch/times.json" <<'PYTHON'
import json, sys

result = json.load(open(sys.argv[1]))["results"][0]
print(result["median"], result["user"] + result["system"])
PYTHON
  )
  [ "$tool" != spillcheck ] || base=$seconds base_cpu=$cpu
  python3 - "$(basename "$path")" "$tool" "$seconds" "$base" "$cpu" "$base_cpu" "$memory" <<'PYTHON'
import sys

what, tool, seconds, base, cpu, base_cpu, memory = sys.argv[1:]
ratio = lambda one, other: f"{float(one) / float(other):.1f}" if other else "–"
cells = [what, tool, f"{float(seconds):.3f}", ratio(seconds, base), f"{float(cpu):.3f}", ratio(cpu, base_cpu)]
print("|", " | ".join([*cells, f"{int(memory) / 1024:.0f}"]), "|")
PYTHON
}

echo "| what | tool | seconds | against spillcheck | user + system, s | against spillcheck | memory, MB |"
echo "| --- | --- | --- | --- | --- | --- | --- |"
for path in "$@"; do
  base= base_cpu=
  for tool in spillcheck rg kingfisher betterleaks gitleaks; do
    measure "$tool" "$path"
  done
done
