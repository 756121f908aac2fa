/** Serves heddle.interop.Probe; interop_probe.proto says what each method must do. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { Metadata, status } from "@grpc/grpc-js";
import { createBoard, createMeetings } from "./rendezvous.js";

/** `shutdown` must return at once and stop the server gracefully. */
export function createProbe(shutdown) {
  const ends = createBoard();
  const meetings = createMeetings();

  return {
    ...answers,
    ...createStreams(),

    wait: (call, callback) => waitForEnd(call, ends, () => callback({ code: status.CANCELLED })),

    hold(call) {
      call.write({});
      waitForEnd(call, ends, () => call.end());
    },

    awaitEnd: answerWith(({ request }) => ends.take(request.callId)),

    meet: answerWith(async (call) => {
      await meetings.join(call.request.callId, call.request.parties);
      return { peer: call.getPeer() };
    }),

    shutdown(_call, callback) {
      callback(null, {});
      shutdown();
    },

    die: () => process.kill(process.pid, "SIGKILL"),
  };
}

const answers = {
  echo: ({ request }, callback) => callback(null, request),

  chat(call) {
    call.on("data", (message) => call.write(message));
    call.on("end", () => call.end());
  },

  measure: ({ request }, callback) => callback(null, { bodyBytes: request.body.length }),

  produce: ({ request }, callback) => callback(null, { body: Buffer.alloc(request.bodyBytes) }),

  reportMetadata(call, callback) {
    const ascii = call.metadata.get("probe-ascii");
    const binary = call.metadata.get("probe-bin");
    call.sendMetadata(metadataOf("probe-header", ascii, binary));
    callback(null, { ascii, binary }, metadataOf("probe-trailer", ascii, binary));
  },

  fail({ request }, callback) {
    const metadata = metadataOf("probe-trailer", ["failed"], []);
    callback({ code: request.code, details: request.message, metadata });
  },
};

function createStreams() {
  const releases = createBoard();
  const flooded = new Map();

  return {
    async flood(call) {
      const { callId, messages, bodyBytes } = call.request;
      for (let number = 0; number < messages && !call.cancelled; number++) {
        const mayGoOn = call.write({ number, body: Buffer.alloc(bodyBytes, number % 256) });
        flooded.set(callId, number + 1);
        if (!mayGoOn) await once(call, "drain");
      }
      call.end();
    },

    progress: ({ request }, callback) => callback(null, { messages: flooded.get(request.callId) ?? 0 }),

    absorb: answerWith(async (call) => {
      const digest = createHash("sha256");
      let inOrder = true;
      let messages = 0;
      for await (const { number, body, callId } of call) {
        if (messages === 0) await releases.take(callId);
        inOrder &&= number === messages;
        messages++;
        digest.update(body);
      }
      return { messages, inOrder, sha256: digest.digest("hex") };
    }),

    answerEarly(call, callback) {
      call.once("data", ({ number }) => {
        if (number === 0) callback({ code: status.FAILED_PRECONDITION, details: "no more, please" });
        else callback(null, {});
      });
    },

    release({ request }, callback) {
      releases.post(request.callId, true);
      callback(null, {});
    },
  };
}

/** A handler that answers with what an async function gives. */
function answerWith(perform) {
  return (call, callback) =>
    perform(call).then(
      (response) => callback(null, response),
      (error) => callback({ code: status.INTERNAL, details: String(error) }),
    );
}

function waitForEnd(call, ends, finish) {
  const deadline = call.getDeadline();
  const hadDeadline = deadline !== Number.POSITIVE_INFINITY;
  const remainingMs = hadDeadline ? Number(deadline) - Date.now() : 0;
  call.on("cancelled", () => {
    ends.post(call.request.callId, { cancelled: true, hadDeadline, remainingMs });
    finish();
  });
}

function metadataOf(key, ascii, binary) {
  const metadata = new Metadata();
  for (const value of ascii) metadata.add(key, value);
  for (const value of binary) metadata.add(`${key}-bin`, value);
  return metadata;
}
