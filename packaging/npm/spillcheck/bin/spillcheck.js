#!/usr/bin/env node
"use strict";
// Starts the binary of this platform, which npm has installed as an optional dependency: no script runs at installation,
// and nothing is downloaded by this one.

const { spawnSync } = require("node:child_process");

const name = `@spillcheck/${process.platform}-${process.arch}`;
const file = process.platform === "win32" ? "spillcheck.exe" : "spillcheck";

let binary;
try {
  binary = require.resolve(`${name}/${file}`);
} catch {
  console.error(
    `spillcheck: there is no package ${name} here. Either it was left out (npm install --include=optional brings it), ` +
      "or there is none for this platform: `cargo install --locked spillcheck` builds it.",
  );
  process.exit(70);
}

const run = spawnSync(binary, process.argv.slice(2), { stdio: "inherit", windowsHide: true });
if (run.error) {
  console.error(`spillcheck: ${binary} cannot be run: ${run.error.message}`);
  process.exit(70);
}
if (run.signal) {
  process.kill(process.pid, run.signal);
}
process.exit(run.status ?? 70);
