/**
 * Everything that has to hold before a change goes in: `npm run check`, or `node scripts/check.mjs --skip tests`.
 *
 * The steps run in order and stop at the first that fails; a summary with times comes last. Sources are not repaired here:
 * `npm run format` does that. Only generated code is written, since that is how it is compared.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

/** In order; each name can be given to --skip. */
const STEPS = {
  "format and lint": () => run("npx", "--no", "--", "biome", "check", "--error-on-warnings", "."),
  types: () => run("npm", "run", "build"),
  imports: () => run("node", "scripts/check-imports.mjs"),
  "generated code": checkGeneratedCode,
  tests: () => run("npm", "test"),
  packages: checkPackages,
};

/** Runs one command with its output shown; throws when it fails. */
function run(...command) {
  const text = command.join(" ");
  console.log(`$ ${text}`);
  const { status, signal, error } = spawnSync(command[0], command.slice(1), {
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`"${text}" failed: ${signal ?? `exit code ${status}`}`);
}

/** Generates everything again; what was in the tree must be what comes out. */
function checkGeneratedCode() {
  const before = hashGeneratedFiles();
  run("npm", "run", "generate");
  const after = hashGeneratedFiles();
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    (file) => before.get(file) !== after.get(file),
  );
  if (changed.length > 0) {
    throw new Error(
      `this generated code was out of date; it is new now, for you to commit:\n  ${changed.join("\n  ")}`,
    );
  }
  console.log(`${before.size} generated files are current.`);
}

function hashGeneratedFiles() {
  const files = ["packages", "examples", "interop", "attacks"]
    .flatMap((root) => readdirSync(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter(isGenerated);
  return new Map(files.map((file) => [file, createHash("sha256").update(readFileSync(file)).digest("hex")]));
}

function isGenerated(file) {
  const parts = file.split(path.sep);
  if (parts.includes("node_modules") || parts.includes("dist")) return false;
  return parts.includes("gen") || parts.includes("pb");
}

/** Looks at each package as npm would publish it: its manifest, its files, and whether its types resolve. */
function checkPackages() {
  for (const name of readdirSync("packages").sort()) {
    run("npx", "--no", "--", "publint", "--strict", path.join("packages", name));
    run("npx", "--no", "--", "attw", "--pack", path.join("packages", name), "--profile", "esm-only");
  }
}

function summarize(results) {
  console.log("\nnpm run check");
  for (const { name, outcome, seconds } of results)
    console.log(`  ${outcome.padEnd(7)} ${name} (${seconds.toFixed(1)} s)`);
  const left = Object.keys(STEPS).length - results.length;
  if (left > 0) console.log(`  not run: the ${left} steps after it`);
}

/** Runs the steps and returns the exit code. */
function main(argv) {
  const { values } = parseArgs({ args: argv, options: { skip: { type: "string", multiple: true, default: [] } } });
  const unknown = values.skip.filter((name) => !(name in STEPS));
  if (unknown.length > 0)
    throw new Error(`no step is named ${unknown.join(", ")}; there are: ${Object.keys(STEPS).join(", ")}`);
  const results = [];
  for (const [name, step] of Object.entries(STEPS)) {
    if (values.skip.includes(name)) {
      results.push({ name, outcome: "skipped", seconds: 0 });
      continue;
    }
    console.log(`\n=== ${name}`);
    const start = performance.now();
    try {
      step();
      results.push({ name, outcome: "passed", seconds: (performance.now() - start) / 1000 });
    } catch (error) {
      results.push({ name, outcome: "FAILED", seconds: (performance.now() - start) / 1000 });
      summarize(results);
      console.error(`\n${name}: ${error.message}`);
      return 1;
    }
  }
  summarize(results);
  return 0;
}

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
process.exitCode = main(process.argv.slice(2));
