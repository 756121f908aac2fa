/** Serves heddle.interop.Probe; interop_probe.proto says what each method must do. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { Metadata, RpcError, type ServerCall, type ServiceHandlers, StatusCode } from "heddle";
import type { CallEndSchema, Probe } from "../gen/interop_probe_pb.js";
import { Board, Meetings } from "./rendezvous.js";

type CallEnd = MessageInitShape<typeof CallEndSchema>;

/** `shutdown` must return at once and stop the server gracefully. */
export function createProbeHandlers(shutdown: () => void): ServiceHandlers<typeof Probe> {
  const meetings = new Meetings();
  return {
    ...createStreamHandlers(),
    ...createWaitingHandlers(),

    echo: (request) => request,

    chat: (requests) => requests,

    measure: ({ body }) => ({ bodyBytes: body.length }),

    produce: ({ bodyBytes }) => ({ body: new Uint8Array(bodyBytes) }),

    reportMetadata(_request, call) {
      const ascii = call.metadata.getAll("probe-ascii");
      const binary = call.metadata.getAll("probe-bin");
      call.sendHeaders({ "probe-header": ascii, "probe-header-bin": binary });
      for (const value of ascii) call.trailers.append("probe-trailer", value);
      for (const value of binary) call.trailers.append("probe-trailer-bin", value);
      return { ascii, binary };
    },

    fail({ code, message }) {
      const metadata = Metadata.from({ "probe-trailer": "failed" });
      throw new RpcError(code as StatusCode, message, { metadata });
    },

    async meet({ callId, parties }, call) {
      await meetings.join(callId, parties);
      return { peer: call.peer.address };
    },

    shutdown() {
      shutdown();
      return {};
    },

    async die(_request, call) {
      process.kill(process.pid, "SIGKILL");
      await cancellationOf(call);
      return {};
    },
  };
}

function createStreamHandlers() {
  const releases = new Board<void>();
  const flooded = new Map<string, number>();

  return {
    async *flood({ callId, messages, bodyBytes }) {
      for (let number = 0; number < messages; number++) {
        yield { number, body: new Uint8Array(bodyBytes).fill(number % 256) };
        // The next message is asked for when there is room for it.
        flooded.set(callId, number + 1);
      }
    },

    progress: ({ callId }) => ({ messages: flooded.get(callId) ?? 0 }),

    async absorb(requests) {
      const digest = createHash("sha256");
      let inOrder = true;
      let messages = 0;
      for await (const { number, body, callId } of requests) {
        if (messages === 0) await releases.take(callId);
        inOrder &&= number === messages;
        messages++;
        digest.update(body);
      }
      return { messages, inOrder, sha256: digest.digest("hex") };
    },

    async answerEarly(requests) {
      for await (const { number } of requests) {
        if (number === 0) throw new RpcError(StatusCode.FAILED_PRECONDITION, "no more, please");
        break;
      }
      return {};
    },

    release({ callId }) {
      releases.post(callId);
      return {};
    },
  } satisfies Partial<ServiceHandlers<typeof Probe>>;
}

function createWaitingHandlers() {
  const ends = new Board<CallEnd>();

  async function waitForEnd(callId: string, call: ServerCall): Promise<void> {
    const end = {
      cancelled: true,
      hadDeadline: call.deadline !== undefined,
      remainingMs: call.deadline === undefined ? 0 : call.deadline.getTime() - Date.now(),
    };
    await cancellationOf(call);
    ends.post(callId, end);
  }

  return {
    async wait({ callId }, call) {
      await waitForEnd(callId, call);
      throw call.signal.reason;
    },

    async *hold({ callId }, call) {
      // Begun before the message is sent: a generator does not go on when the call is cancelled in between.
      const end = waitForEnd(callId, call);
      yield {};
      await end;
    },

    awaitEnd: ({ callId }) => ends.take(callId),
  } satisfies Partial<ServiceHandlers<typeof Probe>>;
}

/** Settles when the call is over before its handler is. */
async function cancellationOf({ signal }: ServerCall): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}
