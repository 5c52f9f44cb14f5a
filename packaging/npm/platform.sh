#!/bin/sh
# Makes the npm package of one platform: packaging/npm/platform.sh OS-ARCH BINARY DIRECTORY, with OS and ARCH as Node.js
# names them.
set -eu
platform=$1
binary=$2
directory=$3
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$(dirname "$0")/../../Cargo.toml" | head -n 1)
mkdir -p "$directory"
cp "$binary" "$directory/"
cat >"$directory/package.json" <<END
{
  "name": "@spillcheck/$platform",
  "version": "$version",
  "description": "The binary of spillcheck for $platform",
  "license": "MIT OR Apache-2.0",
  "os": ["${platform%-*}"],
  "cpu": ["${platform#*-}"],
  "files": ["$(basename "$binary")"]
}
END
