/** The HTTP/2 engine against h2spec, the conformance tests for servers, and h2specd, those for clients. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clientDeviations, type Deviations, serverDeviations } from "./h2spec/deviations.js";
import { prepareH2spec } from "./h2spec/prepare.js";
import { testClient, testServer } from "./h2spec/runs.js";
import type { Verdict } from "./h2spec/verdicts.js";

/** How many cases the two programs have. A report with fewer is no report. */
const SERVER_CASES = 146;
const CLIENT_CASES = 57;

const SERVER_TITLE = "h2spec → a server made of the engine";
const CLIENT_TITLE = "a client made of the engine → h2specd";

const tools = await prepareH2spec();
if (tools.kind === "missing") {
  reportMissing(SERVER_TITLE, tools.reason);
  reportMissing(CLIENT_TITLE, tools.reason);
} else {
  const [server, client] = await Promise.all([testServer(tools.h2spec), testClient(tools.h2specd)]);
  testVerdicts(SERVER_TITLE, server, SERVER_CASES, serverDeviations);
  testVerdicts(CLIENT_TITLE, client, CLIENT_CASES, clientDeviations);
}

/** One test for each case. A case that is listed as a deviation has to fail: otherwise the list would not be true. */
function testVerdicts(title: string, verdicts: readonly Verdict[], count: number, deviations: Deviations): void {
  describe(title, () => {
    test("every case has a verdict", () => assert.equal(verdicts.length, count));
    for (const { name, failure } of verdicts) {
      const reason = deviations.get(name);
      if (reason === undefined) test(name, () => assert.equal(failure, undefined));
      else test(`${name} (deviates: ${reason})`, () => assert.notEqual(failure, undefined, "it does not deviate"));
    }
    test("every deviation is that of a case", () => {
      const names = new Set(verdicts.map((verdict) => verdict.name));
      for (const name of deviations.keys()) assert.ok(names.has(name), name);
    });
  });
}

function reportMissing(title: string, reason: string): void {
  test(title, (t) => {
    if (process.env.CI === "true" || process.env.HEDDLE_INTEROP_REQUIRE === "1") {
      throw new Error(`${reason}; with CI or HEDDLE_INTEROP_REQUIRE set, nothing may be skipped`);
    }
    t.skip(reason);
  });
}
