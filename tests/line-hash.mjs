// What GitHub's own program gives for 1,000 made-up texts, as one digest: the one that the test
// `equals_the_published_program` in src/finding/line_hash.rs expects. To be run again when GitHub changes its program.
//
//   npm install long typescript@5
//   curl -O https://raw.githubusercontent.com/github/codeql-action/main/src/fingerprints.ts
//   node tests/line-hash.mjs fingerprints.ts
//
// Run it where node_modules is.
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";

const require = createRequire(path.resolve("x.js"));
const typescript = require("typescript");
let source = fs.readFileSync(process.argv[2], "utf8");
// What follows writes the hash into a report, and needs the rest of the program.
source = source.slice(0, source.indexOf("// Generate a hash callback function"));
source = source.replace(/^import .*"\.\/.*$/gm, "");
const { outputText } = typescript.transpileModule(source, {
  compilerOptions: { module: "commonjs", target: "es2022", esModuleInterop: true },
});
const published = { exports: {} };
new Function("exports", "require", "module", outputText)(published.exports, require, published);

// The same texts as in the test.
let state = 1;
const next = (bound) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return (state >>> 8) % bound;
};
const text = (...units) => Buffer.from(units);
const PIECES = [
  ..."a b7=\t".split("").map((c) => Buffer.from(c)),
  ...["\n", "\r", "\r\n", "ä", "€", "😀", "SECRET=", "\0", "\u2028", "\ufeff"].map((s) => Buffer.from(s)),
  text(0xff), text(0xe2, 0x82), text(0xc3), text(0xf0, 0x9f),
];
const scratch = fs.mkdtempSync(path.join(tmpdir(), "line-hash-"));
const digest = createHash("sha256");
for (let n = 0; n < 1000; n++) {
  const count = n % 100 === 99 ? 6000 : next(400);
  const common = 1 + next(PIECES.length);
  const pieces = Array.from({ length: count }, () => PIECES[next(common)]);
  const file = path.join(scratch, "text");
  fs.writeFileSync(file, Buffer.concat(pieces));
  const hashes = [];
  await published.exports.hash((line, hash) => hashes.push(`${line} ${hash}\n`), file);
  digest.update(`text ${n}\n${hashes.join("")}`);
}
fs.rmSync(scratch, { recursive: true });
console.log(digest.digest("hex"));
