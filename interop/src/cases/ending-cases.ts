/** Calls that end before they are answered: by the deadline, by the client, or because nobody serves them. */
import assert from "node:assert/strict";
import { StatusCode } from "heddle";
import { equals, type InteropCase } from "./interop-case.js";

const TIMEOUT_MS = 500;
/** An implementation may round the time up when it writes it into the request. */
const ROUNDING = 1.05;

/** What the clients give for a call that the server's handler was made to wait in. */
interface EndResult {
  readonly code: StatusCode;
  readonly end: { readonly cancelled: boolean; readonly hadDeadline: boolean; readonly remainingMs: number };
}

const probe = { service: "probe", server: "stays" } as const;

export const endingCases: readonly InteropCase[] = [
  {
    ...probe,
    title: "deadline: it reaches the server, expires as DEADLINE_EXCEEDED at the client, and ends the handler",
    name: "deadline",
    input: { timeoutMs: TIMEOUT_MS },
    check(result) {
      const { code, end } = result as EndResult;
      assert.equal(code, StatusCode.DEADLINE_EXCEEDED);
      assert.equal(end.hadDeadline, true, "whether the handler saw a deadline");
      assert.ok(
        end.remainingMs > 0 && end.remainingMs <= TIMEOUT_MS * ROUNDING,
        `the handler saw ${end.remainingMs} ms left of ${TIMEOUT_MS}`,
      );
      assert.equal(end.cancelled, true, "whether the handler was told that the call is over");
    },
  },
  {
    ...probe,
    title: "cancellation: the client gets CANCELLED, and the server's handler sees that its call is over",
    name: "cancel",
    input: {},
    check: equals({
      code: StatusCode.CANCELLED,
      end: { cancelled: true, hadDeadline: false, remainingMs: 0 },
    }),
  },
  {
    ...probe,
    title: "unknown method: a call of a known service is UNIMPLEMENTED",
    name: "unknown-method",
    input: {},
    check: equals({ code: StatusCode.UNIMPLEMENTED }),
  },
  {
    ...probe,
    title: "unknown service: a call is UNIMPLEMENTED",
    name: "unknown-service",
    input: {},
    check: equals({ code: StatusCode.UNIMPLEMENTED }),
  },
];
