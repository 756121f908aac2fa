/**
 * Makes every guide in docs/ prove itself: its code is generated, compiled by the strict compiler, and run; what its programs
 * print has to be what the guide says. The code of a guide is one project.
 *
 * In a guide, every `proto` and `ts` block is a file. `server.ts` is started first. A block `text` is the output of the program
 * before it; files named `*.test.ts` are tests, which have to pass. Blocks `sh` that call openssl or protoc are run; a guide without
 * the latter gets the usual command.
 */
import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { codeBlocks, localLinks } from "./testing/markdown.mjs";
import { freePort, runToEnd, withServer } from "./testing/programs.mjs";

const repository = fileURLToPath(new URL("..", import.meta.url));
const guides = readdirSync(path.join(repository, "docs")).filter((name) => name.endsWith(".md"));

const tsconfig = {
  compilerOptions: {
    target: "es2023",
    module: "nodenext",
    types: ["node"],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    rootDir: ".",
    outDir: "dist",
  },
  include: ["**/*.ts"],
};

assert.ok(guides.length > 0);
for (const guide of guides) {
  test(`the code of docs/${guide} compiles, runs, and prints what the guide says`, async () => {
    const blocks = codeBlocks(readFileSync(path.join(repository, "docs", guide), "utf8"));
    const project = mkdtempSync(path.join(tmpdir(), "heddle-docs-"));
    try {
      const files = await writeProject(project, blocks);
      await generate(project, blocks, files);
      await runToEnd(project, "node_modules/.bin/tsc", []);
      const tests = files.filter((file) => file.endsWith(".test.ts"));
      const programs = programsWithOutput(blocks);
      assert.ok(programs.length + tests.length > 0, "a guide has at least one program with its output, or a test");
      await runPrograms(project, files, programs);
      if (tests.length > 0) await runToEnd(project, process.execPath, ["--test", ...tests.map(compiled)]);
    } finally {
      rmSync(project, { recursive: true });
    }
  });
}

/** Writes the files of a guide, and gives their names. Only the port is changed, to one that is free. */
async function writeProject(project, blocks) {
  const port = await freePort();
  for (const { language, fileName, text, heading } of blocks) {
    if (language !== "ts" && language !== "proto") continue;
    assert.ok(fileName, `a ${language} block under "${heading}" has no file name in its first line`);
    mkdirSync(path.join(project, path.dirname(fileName)), { recursive: true });
    writeFileSync(path.join(project, fileName), text.replaceAll("50051", String(port)));
  }
  symlinkSync(path.join(repository, "node_modules"), path.join(project, "node_modules"));
  writeFileSync(path.join(project, "package.json"), '{ "type": "module" }');
  writeFileSync(path.join(project, "tsconfig.json"), JSON.stringify(tsconfig));
  return blocks.map(({ fileName }) => fileName).filter((name) => name !== undefined);
}

async function generate(project, blocks, files) {
  for (const { language, text } of blocks) {
    if (language === "sh" && text.includes("openssl ")) await runToEnd(project, "bash", ["-euc", text]);
  }
  const commands = blocks.filter(({ language, text }) => language === "sh" && text.includes("npx protoc "));
  const protos = files.filter((file) => file.endsWith(".proto"));
  if (protos.length === 0 && commands.length === 0) return;
  const usual = `mkdir gen && npx protoc -I . --es_out=gen --es_opt=target=ts,import_extension=js ${protos.join(" ")}`;
  const script = commands.length > 0 ? commands.map(({ text }) => text).join("") : usual;
  await runToEnd(project, "bash", ["-euc", script]);
}

/** The blocks that are followed by their output. */
function programsWithOutput(blocks) {
  return blocks.flatMap(({ language, text }, index) =>
    language === "text" ? [{ fileName: blocks[index - 1]?.fileName, output: text }] : [],
  );
}

async function runPrograms(project, files, programs) {
  const runAll = async () => {
    for (const { fileName, output } of programs) {
      assert.match(fileName ?? "", /\.ts$/, "a text block comes right after its program");
      assert.equal(await runToEnd(project, process.execPath, [compiled(fileName)]), output, fileName);
    }
  };
  if (files.includes("server.ts")) await withServer(project, [compiled("server.ts")], runAll);
  else await runAll();
}

function compiled(fileName) {
  return path.join("dist", fileName.replace(/\.ts$/, ".js"));
}

test("every source file that ARCHITECTURE.md names is there", () => {
  const sources = ["packages", "scripts"]
    .flatMap((folder) =>
      readdirSync(path.join(repository, folder), { recursive: true }).map((name) => path.join(folder, name)),
    )
    .map((file) => `/${file.split(path.sep).join("/")}`);
  const named = readFileSync(path.join(repository, "ARCHITECTURE.md"), "utf8").match(/[\w-]+(?:\/[\w-]+)*\.m?[jt]s\b/g);
  const missing = named.filter((name) => !sources.some((file) => file.endsWith(`/${name}`)));
  assert.deepEqual(missing, []);
});

test("every link from one of our pages to another leads somewhere", () => {
  const pages = ["docs", "packages", "examples", "interop", "bench"]
    .flatMap((folder) =>
      readdirSync(path.join(repository, folder), { recursive: true }).map((name) => path.join(folder, name)),
    )
    .concat(readdirSync(repository))
    .filter((name) => name.endsWith(".md") && !name.split(path.sep).includes("node_modules"));
  const broken = pages.flatMap((page) =>
    localLinks(readFileSync(path.join(repository, page), "utf8"))
      .filter((link) => !existsSync(path.join(repository, path.dirname(page), link)))
      .map((link) => `${page}: ${link}`),
  );
  assert.deepEqual(broken, []);
});

test("docs/limits.md names every limit of a connection, with the default that the code has", async () => {
  const { limitsOf } = await import(pathToFileURL(path.join(repository, "packages/http2/dist/index.js")).href);
  const rows = readFileSync(path.join(repository, "docs", "limits.md"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").map((cell) => cell.trim()));
  const limits = limitsOf({}, "server");
  const wrong = Object.entries(limits).filter(([option, value]) => {
    const documented = rows.filter(([, name]) => name?.startsWith(`\`${option}\``)).map(([, , ...cells]) => cells);
    const expected = typeof value === "object" ? [value.burst, value.perSecond] : [value];
    return !documented.some((cells) =>
      expected.every((number, i) => cells[i]?.startsWith(number.toLocaleString("en")) || cells[i] === String(number)),
    );
  });
  // Not an option, and an option that servers call maxConcurrentCalls.
  assert.deepEqual(
    wrong.map(([option]) => option),
    ["resolvedFor", "maxConcurrentStreams"],
  );
});
