#!/usr/bin/env bash
# How fast a history is read, and in how much memory: spillcheck without its cache, filling it and with it, beside
# `git cat-file`, which only decodes all objects, and beside kingfisher, betterleaks and gitleaks where they are there.
#
#   benches/history.sh REPOSITORY…
#
# Needs GNU time, git, and target/release/spillcheck (or SPILLCHECK). Other programs are named by KINGFISHER, BETTERLEAKS
# and GITLEAKS; they run offline. A run that takes longer than LIMIT seconds (600) is given up.
#
# betterleaks and gitleaks stop at the first blob that is missing. To compare on a snapshot that lacks some, copy it with
# `git fast-export --no-data` into `git fast-import`, the missing ones replaced by the empty blob.
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
spillcheck=${SPILLCHECK:-$here/target/release/spillcheck}
limit=${LIMIT:-600}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export XDG_CACHE_HOME=$scratch/cache

measure() {
  local what=$1
  shift
  local code=0
  timeout "$limit" /usr/bin/time -q -f '%e %U %S %M' -o "$scratch/time" "$@" > /dev/null 2>&1 || code=$?
  if ((code == 124)); then
    printf '  %-30s more than %s s\n' "$what" "$limit"
  else
    awk -v what="$what" -v code="$code" '{ printf "  %-30s %8.2f s, %8.2f s of processor time, %6.0f MB (exit code %d)\n", what, $1, $2 + $3, $4 / 1024, code }' "$scratch/time"
  fi
}

for repository in "$@"; do
  echo "$repository, $(git -C "$repository" count-objects -vH | sed -n 's/^size-pack: //p') in packs"
  rm -rf "$XDG_CACHE_HOME"
  decode() { git -C "$1" cat-file --batch-all-objects --batch --unordered --buffer; }
  # Once before, so that all find the packs in the cache.
  decode "$repository" > /dev/null
  measure 'git cat-file, decoding only' git -C "$repository" cat-file --batch-all-objects --batch --unordered --buffer
  measure 'spillcheck --no-cache' "$spillcheck" history "$repository" --no-cache --format json
  measure 'spillcheck, first run' "$spillcheck" history "$repository" --format json
  measure 'spillcheck, second run' "$spillcheck" history "$repository" --format json
  if [[ -n ${KINGFISHER:-} ]]; then
    measure kingfisher "$KINGFISHER" scan "$repository" --no-validate --git-history full --no-update-check --format json
  fi
  if [[ -n ${BETTERLEAKS:-} ]]; then
    measure betterleaks "$BETTERLEAKS" git "$repository"
  fi
  if [[ -n ${GITLEAKS:-} ]]; then
    measure gitleaks "$GITLEAKS" git "$repository" --no-banner
  fi
done
