import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { findViolations } from "./check-imports.mjs";

const MANIFESTS = {
  "packages/http2/package.json": '{ "name": "@heddle/http2", "exports": { ".": "./dist/index.js" } }',
  "packages/protobuf/package.json": '{ "name": "@heddle/protobuf", "exports": { ".": "./dist/index.js" } }',
  "packages/heddle/package.json":
    '{ "name": "heddle", "exports": { ".": "./dist/index.js", "./errors": "./dist/e.js" } }',
};

/** The violations in a workspace that holds just these files. */
function violationsIn(files) {
  const root = mkdtempSync(path.join(tmpdir(), "heddle-imports-"));
  try {
    for (const [name, text] of Object.entries({ ...MANIFESTS, ...files })) {
      mkdirSync(path.join(root, path.dirname(name)), { recursive: true });
      writeFileSync(path.join(root, name), text);
    }
    return findViolations(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** Each row: what must hold, the importing file, what it says, and a part of the complaint. */
const REFUSED = [
  ["core sees nothing but core", "heddle/src/core/a.ts", 'import { f } from "../wire/f.js";', "only itself"],
  ["a type import counts", "heddle/src/core/a.ts", 'import type { F } from "../wire/f.js";', "only itself"],
  [
    "a re-export counts",
    "heddle/src/wire/a.ts",
    'export { c } from "../client/c.js";',
    "wire may not import from client",
  ],
  [
    "an import over several lines counts",
    "heddle/src/wire/a.ts",
    'import {\n  c,\n} from "../client/c.js";',
    "from client",
  ],
  ["a dynamic import counts", "heddle/src/wire/a.ts", 'await import("../server/s.js");', "from server"],
  ["an import for its effect counts", "heddle/src/wire/a.ts", 'import "../server/s.js";', "from server"],
  ["wire does not see transport", "heddle/src/wire/a.ts", 'import { t } from "../transport/t.js";', "from transport"],
  [
    "wire does not see the HTTP/2 engine",
    "heddle/src/wire/a.ts",
    'import { c } from "@heddle/http2";',
    "@heddle/http2",
  ],
  ["client does not see server", "heddle/src/client/a.ts", 'import { s } from "../server/s.js";', "from server"],
  ["server does not see client", "heddle/src/server/a.ts", 'import { c } from "../client/c.js";', "from client"],
  ["client does not see the engine", "heddle/src/client/a.ts", 'import { c } from "@heddle/http2";', "@heddle/http2"],
  ["node: stays in the node folder", "heddle/src/transport/a.ts", 'import net from "node:net";', "node:net"],
  ["only the entry point sees node/", "heddle/src/server/a.ts", 'import { t } from "../node/tcp.js";', "from node"],
  ["no room imports the entry point", "heddle/src/server/a.ts", 'import { x } from "../index.js";', "index.ts"],
  ["a new room needs a rule", "heddle/src/attic/a.ts", 'import { x } from "../core/x.js";', "has no rule"],
  ["code does not import tests", "heddle/src/core/a.ts", 'import { x } from "./x.test.js";', "for tests only"],
  [
    "code does not import test helpers",
    "http2/src/frame/a.ts",
    'import { x } from "../testing/x.js";',
    "for tests only",
  ],
  ["the engine uses no node: module", "http2/src/connection/a.ts", 'import { Buffer } from "node:buffer";', "nothing"],
  ["the engine uses no package", "http2/src/connection/a.ts", 'import x from "left-pad";', "nothing"],
  ["frames know nothing of streams", "http2/src/frame/a.ts", 'import { S } from "../stream/s.js";', "from stream"],
  [
    "HPACK knows nothing of connections",
    "http2/src/hpack/a.ts",
    'import { C } from "../connection/c.js";',
    "connection",
  ],
  [
    "flow control knows nothing of streams",
    "http2/src/flow/a.ts",
    'import { S } from "../stream/s.js";',
    "from stream",
  ],
  ["the engine does not see heddle", "http2/src/connection/a.ts", 'import { x } from "heddle";', "heddle"],
  ["the codecs do not see heddle", "protobuf/src/a.ts", 'import { x } from "heddle";', "heddle"],
  ["nor does a test of the codecs", "protobuf/src/a.test.ts", 'import { x } from "heddle";', "heddle"],
  [
    "no import reaches into a package",
    "heddle/src/transport/a.ts",
    'import { x } from "@heddle/http2/dist/x.js";',
    "entry point",
  ],
  ["nor does a test's", "heddle/src/core/a.test.ts", 'import { x } from "@heddle/http2/dist/x.js";', "entry point"],
  ["no import leaves a package by a path", "heddle/src/core/a.test.ts", 'import "../../../http2/src/x.js";', "leaves"],
];

for (const [title, file, source, complaint] of REFUSED) {
  test(`refused: ${title}`, () => {
    const violations = violationsIn({ [`packages/${file}`]: source });
    assert.equal(violations.length, 1, violations.join("\n"));
    assert.ok(violations[0].startsWith(`packages/${file}: `), violations[0]);
    assert.ok(violations[0].includes(complaint), violations[0]);
  });
}

test("refused: an example that reaches into heddle", () => {
  const violations = violationsIn({ "examples/src/a.ts": 'import { x } from "heddle/dist/core/x.js";' });
  assert.equal(violations.length, 1);
});

const ALLOWED = [
  [
    "rooms below",
    "heddle/src/client/a.ts",
    'import { t } from "../transport/t.js";\nimport type { c } from "../core/c.js";',
  ],
  ["the engine, for the transport", "heddle/src/transport/a.ts", 'import { Connection } from "@heddle/http2";'],
  ["the schema library, for core", "heddle/src/core/a.ts", 'import type { X } from "@bufbuild/protobuf/codegenv2";'],
  ["node: modules in node/", "heddle/src/node/tcp.ts", 'import net from "node:net";'],
  ["node/ and everything else, for the entry point", "heddle/src/index.ts", 'import { a } from "./node/tcp.js";'],
  ["an import that is an example in a comment", "heddle/src/core/a.ts", '/**\n * import { x } from "heddle/x";\n */'],
  ["tests with node: and any room", "heddle/src/core/a.test.ts", 'import "node:test";\nimport "../server/s.js";'],
  ["generated code of any room", "heddle/src/wire/a.ts", 'import { S } from "../errors/gen/s_pb.js";'],
  ["a string that looks like an import", "heddle/src/core/a.ts", 'export const x = "came from ";\nconst y = "z";'],
  ["what is inside of generated code", "heddle/src/core/gen/a.ts", 'import "../../server/s.js";'],
];

for (const [title, file, source] of ALLOWED) {
  test(`allowed: ${title}`, () => assert.deepEqual(violationsIn({ [`packages/${file}`]: source }), []));
}

test("allowed: a subpath that a package exports", () => {
  assert.deepEqual(violationsIn({ "examples/src/a.ts": 'import { x } from "heddle/errors";' }), []);
});
