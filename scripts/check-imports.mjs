/**
 * Checks who imports whom: `node scripts/check-imports.mjs`. The rules are those of ARCHITECTURE.md, as a table.
 *
 * A "room" is a folder right below a package's `src`; the files beside the rooms are in the room `.`, apart from the entry
 * point `index.ts`. Type imports count. Tests may look into every room of their own package and use `node:` modules.
 * It does not look for cycles (Biome's `noImportCycles` does) or for undeclared dependencies (Biome as well).
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Which rooms and which packages each room may import. A room that is not named here is an error, so that it gets a rule. */
const ROOMS = {
  "packages/http2": {
    ".": { rooms: ["frame", "hpack", "flow", "stream"], packages: [] },
    budget: { rooms: [], packages: [] },
    frame: { rooms: ["."], packages: [] },
    hpack: { rooms: ["."], packages: [] },
    flow: { rooms: ["."], packages: [] },
    stream: { rooms: [".", "frame", "hpack", "flow"], packages: [] },
    connection: { rooms: [".", "budget", "frame", "hpack", "flow", "stream"], packages: [] },
    "index.ts": { rooms: [".", "budget", "frame", "hpack", "flow", "stream", "connection"], packages: [] },
  },
  "packages/heddle": {
    core: { rooms: [], packages: ["@bufbuild/protobuf"] },
    wire: { rooms: ["core"], packages: ["@bufbuild/protobuf", "@heddle/protobuf"] },
    transport: { rooms: ["core", "wire"], packages: ["@bufbuild/protobuf", "@heddle/protobuf", "@heddle/http2"] },
    client: { rooms: ["core", "wire", "transport"], packages: ["@bufbuild/protobuf", "@heddle/protobuf"] },
    server: { rooms: ["core", "wire", "transport"], packages: ["@bufbuild/protobuf", "@heddle/protobuf"] },
    errors: { rooms: ["core"], packages: ["@bufbuild/protobuf"] },
    node: { rooms: ["core", "transport"], packages: ["node:"] },
    "in-memory": { rooms: ["core", "transport", "client", "server", "node"], packages: [] },
    "index.ts": { rooms: ["core", "wire", "transport", "client", "server", "node"], packages: [] },
  },
};

/** Packages without room rules. */
const PACKAGES = {
  "packages/protobuf": ["@bufbuild/protobuf"],
};

/** Code that uses heddle as its users do: only the entry points of the packages count. */
const USERS = ["examples", "interop", "bench", "attacks"];

/** Generated code is not looked into, and every room of its package may import it: it knows no room itself. */
const GENERATED_FOLDERS = ["gen", "pb"];
const STATEMENT = /^\s*(?:import|export)\s(?:[^"';]*?\sfrom\s*)?["']([^"']+)["']/gm;
const EXPRESSION = /\bimport\(\s*["']([^"']+)["']/g;

/** Everything that is wrong in the tree at `root`, one line for each finding. */
export function findViolations(root) {
  const entryPoints = readEntryPoints(root);
  const members = [...Object.keys(ROOMS), ...Object.keys(PACKAGES), ...USERS];
  return members.flatMap((member) =>
    sourcesIn(path.join(root, member, "src")).flatMap((file) =>
      importsOf(file)
        .map((specifier) => reasonAgainst(member, path.join(root, member, "src"), file, specifier, entryPoints))
        .filter((reason) => reason !== undefined)
        .map((reason) => `${path.relative(root, file)}: ${reason}`),
    ),
  );
}

/** The specifiers that a user of our packages may write: their names, and the subpaths that they export. */
function readEntryPoints(root) {
  const found = new Set();
  for (const member of [...Object.keys(ROOMS), ...Object.keys(PACKAGES), ...USERS]) {
    const manifest = path.join(root, member, "package.json");
    if (!existsSync(manifest)) continue;
    const { name, exports = {} } = JSON.parse(readFileSync(manifest, "utf8"));
    for (const subpath of Object.keys(exports)) found.add(path.posix.join(name, subpath));
  }
  return found;
}

function sourcesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) return GENERATED_FOLDERS.includes(entry.name) ? [] : sourcesIn(full);
    return /\.(ts|mjs|js)$/.test(entry.name) ? [full] : [];
  });
}

function importsOf(file) {
  // A comment may show an import as an example.
  const source = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  return [STATEMENT, EXPRESSION].flatMap((form) => [...source.matchAll(form)].map((match) => match[1]));
}

/** Why this import is not allowed, or `undefined` when it is. */
function reasonAgainst(member, src, file, specifier, entryPoints) {
  if (specifier.startsWith(".")) return reasonAgainstRelative(member, src, file, specifier);
  const isOurs = specifier === "heddle" || specifier.startsWith("heddle/") || specifier.startsWith("@heddle/");
  if (isOurs && !entryPoints.has(specifier)) {
    return `imports "${specifier}", which is not an entry point of that package (see "exports" in its package.json)`;
  }
  if (isTestCode(file) && !isOurs) return undefined;
  const allowed = allowedPackages(member, src, file);
  if (allowed === undefined || allowed.some((name) => matches(specifier, name))) return undefined;
  return `may not import "${specifier}"; from outside it may use ${allowed.join(", ") || "nothing"}`;
}

function matches(specifier, name) {
  return name === "node:" ? specifier.startsWith("node:") : specifier === name || specifier.startsWith(`${name}/`);
}

/** The packages a file may import; `undefined` where everything that is declared may be used. */
function allowedPackages(member, src, file) {
  const rooms = ROOMS[member];
  if (rooms === undefined) return PACKAGES[member];
  // A test sees whatever its package sees.
  if (isTestCode(file)) return Object.values(rooms).flatMap((rule) => rule.packages);
  return rooms[roomOf(src, file)]?.packages ?? [];
}

function reasonAgainstRelative(member, src, file, specifier) {
  const target = path.resolve(path.dirname(file), specifier);
  if (path.relative(src, target).startsWith("..")) {
    return `"${specifier}" leaves the package; import the other package by its name`;
  }
  const rooms = ROOMS[member];
  if (rooms === undefined || isTestCode(file) || isGenerated(target)) return undefined;
  const from = roomOf(src, file);
  const to = roomOf(src, target);
  if (rooms[from] === undefined) return `"${from}" has no rule in scripts/check-imports.mjs; add one`;
  if (isTestCode(target)) return `"${specifier}" is for tests only`;
  if (from === to || rooms[from].rooms.includes(to)) return undefined;
  return `${from} may not import from ${to} ("${specifier}"); it sees ${rooms[from].rooms.join(", ") || "only itself"}`;
}

function roomOf(src, file) {
  const [first, ...rest] = path.relative(src, file).split(path.sep);
  if (rest.length > 0) return first;
  return /^index\.[jt]s$/.test(first) ? "index.ts" : ".";
}

/** Folders whose files only tests use. */
const TEST_FOLDERS = ["testing", "conformance", "differential", "fuzz"];

/** Tests, and the helpers that only tests use. */
function isTestCode(file) {
  return /\.test\.[jt]s$/.test(file) || file.split(path.sep).some((folder) => TEST_FOLDERS.includes(folder));
}

function isGenerated(file) {
  return GENERATED_FOLDERS.some((folder) => file.split(path.sep).includes(folder));
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const violations = findViolations(fileURLToPath(new URL("..", import.meta.url)));
  for (const violation of violations) console.error(violation);
  console.log(violations.length === 0 ? "Imports go the right way." : `${violations.length} imports go the wrong way.`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
