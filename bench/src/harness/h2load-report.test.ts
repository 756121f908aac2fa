import assert from "node:assert/strict";
import { test } from "node:test";
import { readReport } from "./h2load-report.js";

const REPORT = `progress: 100% done

finished in 93.30ms, 214395.50 req/s, 15.34MB/s
requests: 20000 total, 20000 started, 20000 done, 19999 succeeded, 1 failed, 0 errored, 0 timeout
status codes: 19999 2xx, 0 3xx, 0 4xx, 1 5xx
traffic: 1.43MB (1500150) total, 351.76KB (360210) headers (space savings 48.57%), 722.66KB (740000) data
                     min         max         mean         sd        +/- sd
time for request:      312us      3.30ms       927us       285us    84.68%
`;

test("the rate, the 2xx answers and the bytes of DATA are read, whatever their units", () => {
  assert.deepEqual(readReport(REPORT), { perSecond: 214395.5, succeeded: 19999, dataBytes: 740000 });
});

test("a text that is no report is refused, and shown", () => {
  assert.throws(() => readReport("connect: refused"), /connect: refused/);
});
