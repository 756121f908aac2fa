import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { ConnectionFailure } from "../core/connection-failure.js";
import { FakeClock } from "../core/fake-clock.js";
import { ConnectionReports } from "./connection-reports.js";

const FAILURE: ConnectionFailure = { peer: "192.0.2.1:1", message: "no TLS", cause: undefined };

function listen(context: TestContext): () => unknown[][] {
  const written = context.mock.method(console, "error", () => {});
  return () => written.mock.calls.map((call) => [...call.arguments]);
}

test("a failure goes to the function, and nothing to the console", (context) => {
  const lines = listen(context);
  const told: ConnectionFailure[] = [];
  new ConnectionReports(new FakeClock(), (failure) => told.push(failure)).report(FAILURE);
  assert.deepEqual(told, [FAILURE]);
  assert.deepEqual(lines(), []);
});

test("a function that throws does no harm; what it threw is written with the failure", (context) => {
  const lines = listen(context);
  const error = new Error("no log");
  const reports = new ConnectionReports(new FakeClock(), () => {
    throw error;
  });
  reports.report(FAILURE);
  assert.deepEqual(lines(), [["heddle: no connection with 192.0.2.1:1: no TLS", error]]);
});

test("the console gets ten lines in a minute, and how many there were more, with the first of the next", (context) => {
  const lines = listen(context);
  const clock = new FakeClock();
  const reports = new ConnectionReports(clock, undefined);
  for (let count = 0; count < 1_000; count++) reports.report(FAILURE);
  assert.equal(lines().length, 10);
  clock.advance(59_999);
  reports.report(FAILURE);
  assert.equal(lines().length, 10);
  clock.advance(1);
  reports.report(FAILURE);
  assert.deepEqual(lines().slice(10), [
    ["heddle: 991 more connections had failed in that minute"],
    ["heddle: no connection with 192.0.2.1:1: no TLS"],
  ]);
  clock.advance(60_000);
  reports.report(FAILURE);
  assert.equal(lines().length, 13);
});
