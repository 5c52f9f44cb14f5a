#!/bin/sh
# Makes the archive of a release: packaging/archive.sh TARGET DIRECTORY-OF-THE-BINARY OUT. Beside the binary it holds the man
# page, completions and licences; beside the archive its checksum is written.
set -eu
target=$1
programs=$2
out=$3
cd "$(dirname "$0")/.."
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
name=spillcheck-$version-$target
binary=$programs/spillcheck
[ -e "$binary" ] || binary=$binary.exe
mkdir -p "$out"
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
mkdir -p "$stage/$name/completions"
cp "$binary" README.md CHANGELOG.md LICENSE-APACHE LICENSE-MIT "$stage/$name/"
"$binary" man >"$stage/$name/spillcheck.1"
for shell in bash elvish fish powershell zsh; do
  "$binary" completions "$shell" >"$stage/$name/completions/spillcheck.$shell"
done
tar -czf "$out/$name.tar.gz" -C "$stage" "$name"
cd "$out"
if command -v sha256sum >/dev/null; then
  sha256sum "$name.tar.gz" >"$name.tar.gz.sha256"
else
  shasum -a 256 "$name.tar.gz" >"$name.tar.gz.sha256"
fi
