#!/usr/bin/env bash
# Holds what others read and run to their own programs: the hooks to pre-commit and prek, on a repository in which a
# commit with a key is stopped and a clean one passes, and a SARIF log to sarif-tools.
#
#   tests/packaging.sh PATH/TO/spillcheck
#
# Needs git and python3, and the network for PyPI unless PACKAGING_VENV names an environment that has the three.
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
spillcheck=$(realpath "${1:?usage: tests/packaging.sh PATH/TO/spillcheck}")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
venv=${PACKAGING_VENV:-$scratch/venv}
if [ ! -d "$venv" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet sarif-tools pre-commit prek
fi
mkdir "$scratch/bin"
ln -s "$spillcheck" "$scratch/bin/spillcheck"
export PATH=$scratch/bin:$venv/bin:$PATH XDG_CACHE_HOME=$scratch/cache
export PRE_COMMIT_HOME=$scratch/pre-commit PREK_HOME=$scratch/prek
export GIT_CONFIG_GLOBAL=$scratch/gitconfig GIT_CONFIG_NOSYSTEM=1
git config --global user.name 'A U Thor'
git config --global user.email author@example.com
git config --global init.defaultBranch main
fail() { echo "tests/packaging.sh: $1" >&2; exit 1; }

# The hooks as a repository of their own, as pre-commit wants it.
git init -q "$scratch/hooks"
cp "$here/.pre-commit-hooks.yaml" "$scratch/hooks"
git -C "$scratch/hooks" add -A
git -C "$scratch/hooks" commit -qm hooks
revision=$(git -C "$scratch/hooks" rev-parse HEAD)

# A key in the making, so that none stands in this file.
key=$(python3 -c 'import hashlib; d = hashlib.sha256(b"packaging").hexdigest(); print(f"{d[:32]}-{d[32:40]}-{d[40:48]}")')

for runner in pre-commit prek; do
    work=$scratch/$runner-work
    git init -q "$work"
    cd "$work"
    printf 'repos:\n- repo: %s\n  rev: %s\n  hooks: [{id: spillcheck-system}]\n' "$scratch/hooks" "$revision" > .pre-commit-config.yaml
    git add -A
    git commit -qm first
    "$runner" install > /dev/null
    echo '# Bakery' > readme.md
    git add readme.md
    git commit -qm clean || fail "$runner stops a clean commit"
    printf 'MAILGUN_DOMAIN=mg.example.com\nMAILGUN_SECRET=%s\n' "$key" > .env
    git add .env
    if git commit -qm leak > said 2>&1; then fail "$runner lets a key pass"; fi
    grep -q mailgun-api-key said || { cat said >&2; fail "$runner does not say why"; }
    if grep -q "$key" said; then fail "$runner shows the key"; fi
    echo "$runner: a commit with a key is stopped, a clean one passes"
done

spillcheck --format sarif --exit-zero . > "$scratch/log.sarif" || fail "no SARIF log"
sarif summary "$scratch/log.sarif" > "$scratch/summary"
sarif csv --output "$scratch/log.csv" "$scratch/log.sarif" > /dev/null
grep -q mailgun-api-key "$scratch/log.csv" || { cat "$scratch/summary" >&2; fail "sarif-tools finds no finding in the log"; }
if grep -q "$key" "$scratch/log.csv" "$scratch/log.sarif"; then fail "the SARIF log shows the key"; fi
echo "sarif-tools: reads $(($(wc -l < "$scratch/log.csv") - 1)) results"
