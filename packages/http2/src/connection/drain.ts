/**
 * GOAWAY in both directions. RFC 9113 section 6.8.
 *
 * A server leaves in two steps, so that no request that is under way is lost: GOAWAY with the highest possible id says that it
 * is about to stop, a PING goes round, and only then GOAWAY names the last stream that it takes.
 */
import { ErrorCode, errorCodeName, type Http2Error, streamError } from "../error.js";
import type { GoAway } from "../frame/goaway.js";
import { PING_BYTES, writePing } from "../frame/ping.js";
import { CloseCause } from "../stream/state.js";
import type { Link } from "./link.js";
import { MAX_STREAM_ID } from "./options.js";
import type { Timeouts } from "./timeouts.js";

const DRAIN_PING = Buffer.from("heddle\0\0", "latin1");

/** How far our own leaving has come. */
const Leaving = { NO: 0, ANNOUNCED: 1, FINAL: 2 } as const;

export class Drain<C> {
  readonly #link: Link<C>;
  readonly #timeouts: Timeouts<C>;
  #leaving: (typeof Leaving)[keyof typeof Leaving] = Leaving.NO;
  #reason = "";
  /** The peer's latest GOAWAY. */
  received: GoAway | undefined = undefined;

  constructor(link: Link<C>, timeouts: Timeouts<C>) {
    this.#link = link;
    this.#timeouts = timeouts;
  }

  /** The final GOAWAY has been sent: streams that begin now are not taken. */
  get refusesNewStreams(): boolean {
    return this.#leaving === Leaving.FINAL;
  }

  /** Announces that we are leaving; the final GOAWAY follows when the peer answers the PING, after five seconds, or by {@link finish}. */
  begin(reason: string): void {
    if (this.#leaving !== Leaving.NO || this.#link.fatal !== undefined) return;
    this.#reason = reason;
    this.#leaving = Leaving.ANNOUNCED;
    this.#link.writeGoAway(MAX_STREAM_ID, ErrorCode.NO_ERROR, reason);
    writePing(this.#link.out, false, DRAIN_PING, 0);
    this.#link.out.finishFrame();
    this.#timeouts.expectDrainPing();
  }

  /** Sends the final GOAWAY now, whether or not the PING has come back. */
  finish(): void {
    if (this.#leaving !== Leaving.ANNOUNCED || this.#link.fatal !== undefined) return;
    this.#leaving = Leaving.FINAL;
    this.#link.writeGoAway(this.#link.lastRemoteId, ErrorCode.NO_ERROR, this.#reason);
    this.#link.sink.onDrained();
  }

  /** Whether an acknowledged PING was ours; then the second step is taken. */
  onPingAck(buffer: Buffer, start: number): boolean {
    if (this.#leaving === Leaving.NO) return false;
    if (DRAIN_PING.compare(buffer, start, start + PING_BYTES) !== 0) return false;
    this.finish();
    return true;
  }

  /** The peer is leaving: our streams above its last id were not processed; the others go on. */
  onGoAway(goAway: GoAway): boolean {
    const link = this.#link;
    if (this.received !== undefined && goAway.lastStreamId > this.received.lastStreamId) {
      return link.fail(
        ErrorCode.PROTOCOL_ERROR,
        `GOAWAY raised the last stream id from ${this.received.lastStreamId} to ${goAway.lastStreamId}`,
      );
    }
    this.received = goAway;
    if (link.role === "client") this.#resetUnprocessed(goAway);
    if (link.fatal === undefined) link.sink.onGoAway(goAway);
    return link.fatal === undefined;
  }

  /** The error of a lost connection, with what the peer had said in its GOAWAY. */
  explain(error: Http2Error): Http2Error {
    if (this.received === undefined) return error;
    return { ...error, reason: `${error.reason}, after ${describeGoAway(this.received)}` };
  }

  #resetUnprocessed(goAway: GoAway): void {
    for (const stream of this.#link.streams.values()) {
      // Who is told of one stream's end may end others.
      if (stream.id <= goAway.lastStreamId || stream.isClosed) continue;
      const reason = `the peer sent ${describeGoAway(goAway)} and did not process stream ${stream.id}`;
      const error = streamError(ErrorCode.REFUSED_STREAM, "remote", reason, true);
      this.#link.resetByPeer(stream, error, CloseCause.CONNECTION);
    }
  }
}

function describeGoAway({ code, debug }: GoAway): string {
  return `GOAWAY ${errorCodeName(code)}${debug === "" ? "" : ` "${debug}"`}`;
}
