/** Proves that biome.json catches what it is there for: each row is a file that must be refused, and by which rule. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";

const require = createRequire(import.meta.url);
const biome = require.resolve("@biomejs/biome/bin/biome");

const REFUSED = [
  [
    "a cycle of type imports",
    "noImportCycles",
    "packages/a/src/one.ts",
    'import type { Two } from "./two.js";\n\nexport type One = Two[];\n',
  ],
  [
    "a promise nobody waits for",
    "noFloatingPromises",
    "packages/a/src/floating.ts",
    "async function work() {}\n\nwork();\n",
  ],
  [
    "a promise as a condition",
    "noMisusedPromises",
    "packages/a/src/misused.ts",
    "const work = Promise.resolve(1);\nif (work) throw new Error();\n",
  ],
  ["a default export", "noDefaultExport", "packages/a/src/default.ts", "export default 1;\n"],
  ["an enum", "noEnum", "packages/a/src/enum.ts", "export enum Color {\n  Red = 1,\n}\n"],
  [
    "a parameter property",
    "noParameterProperties",
    "packages/a/src/property.ts",
    "export class A {\n  constructor(readonly x: number) {}\n}\n",
  ],
  [
    "a value import of a type",
    "useImportType",
    "packages/a/src/value.ts",
    'import { Two } from "./two.js";\n\nexport const empty: Two[] = [];\n',
  ],
  [
    "a Node module without its prefix",
    "useNodejsImportProtocol",
    "packages/a/src/prefix.ts",
    'import { join } from "path";\n\nexport const x = join("a");\n',
  ],
  ["the console in a package", "noConsole", "packages/a/src/console.ts", 'console.log("x");\n'],
  ["delete", "noDelete", "packages/a/src/delete.ts", "export function drop(o: { a?: 1 }): void {\n  delete o.a;\n}\n"],
  [
    "a file name that is not kebab-case",
    "useFilenamingConvention",
    "packages/a/src/camelCase.ts",
    "export const x = 1;\n",
  ],
  ["a clock in the engine", "noRestrictedGlobals", "packages/http2/src/clock.ts", "export const now = Date.now();\n"],
  [
    "a function of 61 lines",
    "noExcessiveLinesPerFunction",
    "packages/a/src/long.ts",
    `export function long(): void {\n${"  String(1);\n".repeat(61)}}\n`,
  ],
  [
    "a package that is not declared",
    "noUndeclaredDependencies",
    "packages/a/src/undeclared.ts",
    'import { pad } from "left-pad";\n\nexport const x = pad;\n',
  ],
  ["a text in single quotes", "format", "packages/a/src/quotes.ts", "export const x = 'x';\n"],
];

const REST = {
  "packages/a/package.json": '{ "name": "a", "type": "module" }\n',
  "packages/a/src/two.ts": 'import type { One } from "./one.js";\n\nexport type Two = One[];\n',
  "packages/a/src/fine.test.ts":
    'import { test } from "node:test";\n\ntest("the console is open to tests", () => console.log("x"));\n',
  "packages/a/src/gen/any_name.ts": "export default 'generated'\n",
};

let root;
let found;

before(() => {
  root = mkdtempSync(path.join(tmpdir(), "heddle-lint-"));
  const config = JSON.parse(readFileSync(new URL("../biome.json", import.meta.url), "utf8"));
  // No repository there, and nothing to ignore.
  const files = { ...REST, "biome.json": JSON.stringify({ ...config, $schema: undefined, vcs: undefined }) };
  for (const [, , file, source] of REFUSED) files[file] = source;
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.join(root, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  const args = [biome, "check", "--reporter=json", "--max-diagnostics=none", "packages"];
  const run = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  found = JSON.parse(run.stdout).diagnostics.filter(({ severity }) => severity === "error");
});

after(() => rmSync(root, { recursive: true }));

for (const [title, rule, file] of REFUSED) {
  test(`refused: ${title}`, () => {
    const rules = found.filter((diagnostic) => pathOf(diagnostic) === file).map(({ category }) => category);
    assert.ok(
      rules.some((category) => category.split("/").at(-1) === rule),
      `${file} got: ${rules.join(", ") || "nothing"}`,
    );
  });
}

test("a test may print, and generated code is left alone", () => {
  const files = found.map(pathOf);
  assert.deepEqual(
    files.filter((file) => file.endsWith("fine.test.ts") || file.includes("/gen/")),
    [],
  );
});

function pathOf(diagnostic) {
  return diagnostic.location.path?.file ?? diagnostic.location.path;
}
