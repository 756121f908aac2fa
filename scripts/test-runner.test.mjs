/** Proves that the test runner cannot pass by mistake: nothing found, a failure, a leak and a ghost of a test are told apart. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const runner = fileURLToPath(new URL("./test.mjs", import.meta.url));

/** Runs the runner on a folder that holds these files. */
function run(files, ...options) {
  const root = mkdtempSync(path.join(tmpdir(), "heddle-runner-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.join(root, path.dirname(name)), { recursive: true });
      writeFileSync(path.join(root, name), text);
    }
    return spawnSync(process.execPath, [runner, root, ...options], { encoding: "utf8" });
  } finally {
    rmSync(root, { recursive: true });
  }
}

const passing = 'import { test } from "node:test";\ntest("it holds", () => {});\n';
const failing = 'import { test } from "node:test";\ntest("it does not hold", () => { throw new Error("no"); });\n';
const leaking =
  'import net from "node:net";\nimport { test } from "node:test";\ntest("it leaks", () => { net.createServer().listen(0); });\n';

test("a passing file gives 0, and the totals are on stdout", () => {
  const { status, stdout } = run({ "a.test.mjs": passing });
  assert.equal(status, 0);
  assert.match(stdout, /tests 1\b[\s\S]*pass 1\b[\s\S]*fail 0\b/);
});

test("a failing test gives a failure", () => {
  const { status, stdout } = run({ "a.test.mjs": passing, "b.test.mjs": failing });
  assert.notEqual(status, 0);
  assert.match(stdout, /fail 1\b/);
});

test("a file that cannot be loaded gives a failure", () => {
  assert.notEqual(run({ "a.test.mjs": 'import "./missing.mjs";\n' }).status, 0);
});

test("a file that leaves a socket open fails at its limit, and the message names the file and the socket", () => {
  const { status, stdout, stderr } = run({ "a.test.mjs": leaking }, "--file-limit-s", "1");
  assert.notEqual(status, 0);
  assert.match(stdout + stderr, /a\.test\.mjs was still running after 1 s\..*TCPServerWrap/);
});

test("no test found is a failure", () => {
  const { status, stderr } = run({ "a.mjs": passing });
  assert.equal(status, 1);
  assert.match(stderr, /No test file in/);
});

test("a folder that is not there is a failure", () => {
  const { status, stderr } = run({ "a.test.mjs": passing }, path.join(tmpdir(), "heddle-no-such-folder"));
  assert.notEqual(status, 0);
  assert.match(stderr, /heddle-no-such-folder/);
});

test("a compiled test runs only while its source exists, and dependencies' tests never run", () => {
  const { status, stdout } = run({
    "package.json": '{ "type": "module" }',
    "a/src/kept.test.ts": "",
    "a/dist/kept.test.js": passing,
    "a/dist/removed.test.js": failing,
    "node_modules/x/y.test.mjs": failing,
  });
  assert.equal(status, 0, stdout);
  assert.match(stdout, /^Test files: 1,/);
});

test("--filter keeps the files whose path holds the text", () => {
  const { status, stdout } = run({ "a.test.mjs": passing, "b.test.mjs": failing }, "--filter", "a.test");
  assert.equal(status, 0);
  assert.match(stdout, /^Test files: 1,/);
});

test("options for Node reach it", () => {
  const { status, stdout } = run({ "a.test.mjs": passing, "b.test.mjs": failing }, "--test-name-pattern=it holds");
  assert.equal(status, 0, stdout);
});
