/**
 * Does what README.md tells a newcomer to do: packs the packages, installs them into an empty project, and follows
 * "Your first service in five minutes" word for word. Then it bundles the programs into one file each and runs those.
 *
 * Only this is changed: tools get the versions of our lock file, and the port is a free one.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { codeBlocks } from "./testing/markdown.mjs";
import { freePort, runToEnd, withServer } from "./testing/programs.mjs";

const repository = fileURLToPath(new URL("..", import.meta.url));
const chapter = readChapter("Your first service in five minutes");
const shell = chapter.filter(({ language }) => language === "sh").map(({ text }) => text.trim());
const expectedOutput = chapter.find(({ language }) => language === "text").text;
const npmSettings = { npm_config_prefer_offline: "true", npm_config_ignore_scripts: "true", npm_config_audit: "false" };

let folder;
let project;
let port;

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "heddle-pack-"));
  project = path.join(folder, "greeting");
  port = await freePort();
  await mkdir(path.join(folder, "heddle"));
});

after(() => rmSync(folder, { recursive: true, force: true }));

test("the packages can be packed, and hold the compiled code, its source, and no tests", async () => {
  const { scripts } = JSON.parse(readFileSync(path.join(repository, "package.json"), "utf8"));
  const pack = scripts.tarballs.split(" && ").at(-1).split(" ");
  const printed = await runToEnd(repository, pack[0], [
    ...pack.slice(1),
    "--json",
    "--pack-destination",
    path.join(folder, "heddle"),
  ]);
  const packed = Object.values(JSON.parse(printed));
  assert.deepEqual(packed.map(({ name }) => name).sort(), ["@heddle/http2", "@heddle/protobuf", "heddle"]);
  for (const { name, files } of packed) {
    const paths = files.map((file) => file.path);
    for (const needed of ["package.json", "LICENSE", "README.md", "dist/index.js", "dist/index.d.ts", "src/index.ts"]) {
      assert.ok(paths.includes(needed), `${name} lacks ${needed}`);
    }
    assert.deepEqual(
      paths.filter((file) => /\.test\.|tsbuildinfo/.test(file)),
      [],
      name,
    );
  }
});

test("an empty project installs them with the commands of the README", async () => {
  const [clone, install] = shell;
  assert.match(
    clone,
    /npm run tarballs$/,
    "the first command of the chapter makes the tarballs; the test above has done it",
  );
  await runShell(folder, withLockedVersions(install));
  const installed = readdirSync(path.join(project, "node_modules", "@heddle")).sort();
  assert.deepEqual(installed, ["http2", "protobuf"]);
});

test("the README's service is generated, and passes the strict compiler", async () => {
  const files = chapter.filter(({ fileName }) => fileName !== undefined);
  assert.deepEqual(files.map(({ fileName }) => fileName).sort(), [
    "client.ts",
    "greeting.proto",
    "server.ts",
    "tsconfig.json",
  ]);
  for (const { fileName, text } of files) {
    writeFileSync(path.join(project, fileName), text.replaceAll("50051", String(port)));
  }
  assert.match(files.find(({ fileName }) => fileName === "tsconfig.json").text, /"strict": true/);
  await runShell(project, shell[2]);
});

test("the README's server and client run, and print what it says", async () => {
  const [server, client] = shell.slice(3).map((command) => command.split(" "));
  assert.deepEqual([server[0], client[0]], ["node", "node"]);
  await withServer(project, server.slice(1), async () => {
    assert.equal(await runToEnd(project, process.execPath, client.slice(1)), expectedOutput);
  });
});

test("bundled into one file each, they run where there is no node_modules", async () => {
  const alone = path.join(folder, "alone");
  await build({
    absWorkingDir: project,
    entryPoints: ["server.ts", "client.ts"],
    outdir: alone,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "warning",
  });
  await withServer(alone, ["server.mjs"], async () => {
    assert.equal(await runToEnd(alone, process.execPath, ["client.mjs"]), expectedOutput);
  });
});

function readChapter(heading) {
  const blocks = codeBlocks(readFileSync(path.join(repository, "README.md"), "utf8"));
  const found = blocks.filter((block) => block.heading === heading);
  assert.ok(found.length > 0, `README.md has no code under "${heading}"`);
  return found;
}

function runShell(cwd, script) {
  return runToEnd(cwd, "bash", ["-euc", script], npmSettings);
}

/** `npm install typescript` becomes `npm install typescript@7.0.2`, if that is what this repository uses. */
function withLockedVersions(script) {
  const { packages } = JSON.parse(readFileSync(path.join(repository, "package-lock.json"), "utf8"));
  return script.replace(/(?<=^npm install .*)(?<= )(@?[\w-]+(?:\/[\w-]+)?)(?= |$)/gm, (name) => {
    const version = packages[`node_modules/${name}`]?.version;
    return version === undefined ? name : `${name}@${version}`;
  });
}
