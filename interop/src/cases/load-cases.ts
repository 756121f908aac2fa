/** Large messages, slow receivers and many calls. */
import assert from "node:assert/strict";
import { StatusCode } from "heddle";
import type { Pair, Peer } from "../harness/peer.js";
import { equals, type InteropCase } from "./interop-case.js";
import { numberedDigest } from "./pattern.js";

/** The default limit of a received message, in every implementation. */
const MESSAGE_LIMIT_BYTES = 4 * 1024 * 1024;
/** Tag and length of a `bytes` field of that size. */
const FIELD_HEAD_BYTES = 5;
const LARGEST_BODY_BYTES = MESSAGE_LIMIT_BYTES - FIELD_HEAD_BYTES;

/** 32 MiB, several times what the windows and buffers of two stacks hold. */
const MESSAGES = 2_048;
const BODY_BYTES = 16 * 1024;

const CONCURRENT_CALLS = 100;

interface StreamResult {
  readonly sentWhilePaused: number;
  readonly messages: number;
  readonly inOrder: boolean;
  readonly sha256: string;
}

const probe = { service: "probe", server: "stays" } as const;

const sizes = { bodyBytes: [LARGEST_BODY_BYTES, LARGEST_BODY_BYTES + 1] };
const sizeOutcomes = {
  outcomes: [
    { code: StatusCode.OK, bodyBytes: LARGEST_BODY_BYTES },
    { code: StatusCode.RESOURCE_EXHAUSTED, bodyBytes: 0 },
  ],
};

export const loadCases: readonly InteropCase[] = [
  {
    ...probe,
    title: "large request: 4 MiB are accepted by the server, one byte more is RESOURCE_EXHAUSTED",
    name: "send-bodies",
    input: sizes,
    check: equals(sizeOutcomes),
  },
  {
    ...probe,
    title: "large response: 4 MiB are accepted by the client, one byte more is RESOURCE_EXHAUSTED",
    name: "receive-bodies",
    input: sizes,
    check: equals(sizeOutcomes),
  },
  {
    ...probe,
    title: "slow reader: a client that pauses holds the server back, and then gets everything in order",
    name: "slow-reader",
    input: { messages: MESSAGES, bodyBytes: BODY_BYTES },
    check: streamInto(({ client }) => client),
  },
  {
    ...probe,
    title: "slow server: a server that pauses holds the client back, and then gets everything in order",
    name: "slow-server",
    input: { messages: MESSAGES, bodyBytes: BODY_BYTES },
    check: streamInto(({ server }) => server),
  },
  {
    ...probe,
    title:
      "early answer: a client that never stops sending gets the answer, and the status, of a server that read enough",
    name: "early-answers",
    input: { firstNumbers: [0, 1], bodyBytes: BODY_BYTES },
    check: equals({
      outcomes: [
        { code: StatusCode.FAILED_PRECONDITION, message: "no more, please" },
        { code: StatusCode.OK, message: "" },
      ],
    }),
  },
  {
    ...probe,
    title: `concurrency: ${CONCURRENT_CALLS} calls are in flight at the same time on one connection`,
    name: "concurrent",
    input: { calls: CONCURRENT_CALLS },
    check: equals({ answered: CONCURRENT_CALLS, connections: 1 }),
  },
];

/** A check for a stream whose receiver pauses. */
function streamInto(receiverOf: (pair: Pair) => Peer): InteropCase["check"] {
  return (result, pair) => {
    const { sentWhilePaused, ...received } = result as StreamResult;
    if (receiverOf(pair).boundsUnreadStreams) {
      assert.ok(
        sentWhilePaused > 0 && sentWhilePaused < MESSAGES,
        `${sentWhilePaused} of ${MESSAGES} messages were sent while the receiver did not read`,
      );
    }
    assert.deepEqual(received, { messages: MESSAGES, inOrder: true, sha256: numberedDigest(MESSAGES, BODY_BYTES) });
  };
}
