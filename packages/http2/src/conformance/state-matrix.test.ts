/**
 * Every type of frame in every state of a stream and of its connection, in both roles. The expectations are the tables of
 * `testing/rows.ts`. RFC 9113 sections 3.4, 5.1, 5.4, 5.5 and 6.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CLIENT_STATES } from "./testing/client-states.js";
import { describeExpectation } from "./testing/expectation.js";
import { FRAME_NAMES } from "./testing/frame-name.js";
import { SERVER_STATES } from "./testing/server-states.js";
import { verify } from "./testing/verify.js";

const STATES = [...SERVER_STATES, ...CLIENT_STATES];

test("the states of the matrix have different names", () => {
  const names = STATES.map(({ role, name }) => `${role}, ${name}`);
  assert.equal(new Set(names).size, names.length);
});

for (const state of STATES) {
  for (const name of FRAME_NAMES) {
    const what = describeExpectation(state.row[name]);
    test(`${state.role}, ${state.name}: ${name} ${what}`, () => verify(state, name));
  }
}
