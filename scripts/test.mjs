/**
 * Finds the tests of the workspace and runs them with Node's own runner: `node scripts/test.mjs <root>... [options]`.
 *
 * A root is a folder. Compiled tests (`*.test.js` below a `dist`, with their source still there) and the tests of
 * scripts (`*.test.mjs`) are found in it. Options: `--filter <text>` keeps the files whose path holds the text; `--file-limit-s <seconds>` is the
 * time each file may take; any other option goes on to Node, for example `--test-name-pattern=padding`.
 *
 * Each file runs in a process of its own, and it has to end by itself: no exit is forced. A file that leaves a socket or a
 * timer open runs into its time limit, fails, and `report-open-handles.mjs` prints what it left. No test found is a failure.
 */
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const FILE_LIMIT_S = 240;
/** How much later Node's own limit comes: it is there for a file whose event loop is stuck and cannot report. */
const STUCK_LOOP_GRACE_S = 10;

/** The tests in a folder, sorted. A compiled test whose source has gone is left out: `tsc` does not remove it. */
export function findTests(root) {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => isTest(file))
    .sort();
}

function isTest(file) {
  const folders = file.split(path.sep);
  if (folders.includes("node_modules")) return false;
  const dist = folders.lastIndexOf("dist");
  if (dist === -1) return file.endsWith(".test.mjs");
  if (!file.endsWith(".test.js")) return false;
  return existsSync(folders.with(dist, "src").join(path.sep).replace(/\.js$/, ".ts"));
}

/** Splits the command line into what is for this script and what is for Node. */
export function readArguments(argv) {
  const { values, positionals, tokens } = parseArgs({
    args: argv,
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: { filter: { type: "string" }, "file-limit-s": { type: "string", default: String(FILE_LIMIT_S) } },
  });
  const fileLimitS = Number(values["file-limit-s"]);
  if (!(fileLimitS > 0)) throw new Error(`--file-limit-s wants seconds above 0, not "${values["file-limit-s"]}"`);
  const forNode = tokens
    .filter((token) => token.kind === "option" && token.name !== "filter" && token.name !== "file-limit-s")
    .map((token) => (token.value === undefined ? token.rawName : `${token.rawName}=${token.value}`));
  return { roots: positionals, filter: values.filter ?? "", fileLimitS, forNode };
}

function nodeArguments({ fileLimitS, forNode }, files) {
  return [
    `--import=${new URL("./report-open-handles.mjs", import.meta.url)}`,
    "--test",
    "--test-reporter=spec",
    "--test-reporter-destination=stdout",
    `--test-concurrency=${availableParallelism()}`,
    `--test-timeout=${(fileLimitS + STUCK_LOOP_GRACE_S) * 1000}`,
    ...forNode,
    ...files,
  ];
}

/** Runs the tests that the command line asks for, and returns the exit code. */
export async function main(argv) {
  const options = readArguments(argv);
  const files = options.roots.flatMap(findTests).filter((file) => file.includes(options.filter));
  if (files.length === 0) {
    const wanted = options.filter === "" ? "" : ` with "${options.filter}" in its path`;
    console.error(`No test file${wanted} in: ${options.roots.join(", ")}. Are the packages compiled (npm run build)?`);
    return 1;
  }
  console.log(`Test files: ${files.length}, with ${options.fileLimitS} s for each`);
  const env = { ...process.env, HEDDLE_TEST_FILE_LIMIT_S: String(options.fileLimitS) };
  // Set by a runner that runs us; with it, Node would report to that runner in place of running the files.
  env.NODE_TEST_CONTEXT = undefined;
  const runner = spawn(process.execPath, nodeArguments(options, files), {
    stdio: ["ignore", "inherit", "inherit"],
    env,
  });
  return new Promise((resolve, reject) => {
    runner.once("error", reject);
    runner.once("close", (code) => resolve(code ?? 1));
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.chdir(fileURLToPath(new URL("..", import.meta.url)));
  process.exitCode = await main(process.argv.slice(2));
}
