/** A server that goes away while it serves. */
import assert from "node:assert/strict";
import { StatusCode } from "heddle";
import type { InteropCase } from "./interop-case.js";

const messages = ["before the shutdown", "during the shutdown", "last"];

interface ShutdownResult {
  readonly echoed: readonly string[];
  /** How the calls failed that were made after the shutdown had begun. */
  readonly refusedCodes: readonly StatusCode[];
  readonly code: StatusCode;
}

interface KilledResult {
  readonly streamCode: StatusCode;
  /** How the calls failed that were made until there was a server again. */
  readonly retryCodes: readonly StatusCode[];
}

export const serverEndCases: readonly InteropCase[] = [
  {
    title: "graceful shutdown: an open stream goes on to its end while new calls are refused as UNAVAILABLE",
    name: "graceful-shutdown",
    service: "probe",
    input: { messages },
    server: "stops",
    check(result, { server }) {
      const { echoed, refusedCodes, code } = result as ShutdownResult;
      assert.deepEqual(echoed, messages);
      assert.equal(code, StatusCode.OK, "how the stream ended");
      const early = server.cancelsLateCallsAtShutdown ? [StatusCode.CANCELLED] : [];
      const unexpected = refusedCodes.slice(0, -1).filter((refused) => !early.some((allowed) => allowed === refused));
      assert.deepEqual(unexpected, [], "codes of calls after the shutdown, before the first UNAVAILABLE");
      assert.equal(refusedCodes.at(-1), StatusCode.UNAVAILABLE);
    },
  },
  {
    title: "killed server: its stream ends as UNAVAILABLE, and a call to a new server on its port succeeds",
    name: "killed-server",
    service: "probe",
    input: {},
    server: "dies",
    check(result) {
      const { streamCode, retryCodes } = result as KilledResult;
      assert.equal(streamCode, StatusCode.UNAVAILABLE, "how the stream ended");
      const unexpected = retryCodes.filter((code) => code !== StatusCode.UNAVAILABLE);
      assert.deepEqual(unexpected, [], "codes of calls while there was no server");
    },
  },
];
