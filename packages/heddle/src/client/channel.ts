/** A channel: where calls go. It connects when the first call needs it, and again after the connection was lost. */

import type { Clock } from "../core/clock.js";
import { DeadlineWheel } from "../core/deadline-wheel.js";
import { messageLimit } from "../core/message-limit.js";
import { type Http2Options, http2Limits } from "../transport/http2-options.js";
import type { Platform } from "../transport/platform.js";
import { Connector } from "./connector.js";
import { parseTarget } from "./target.js";

/** Options of a channel; all of them are optional. */
export interface ChannelOptions {
  /** The largest response message that is accepted, in octets; a larger one fails its call with RESOURCE_EXHAUSTED. Default 4 MiB. */
  readonly maxReceiveMessageBytes?: number | undefined;
  /**
   * The largest request message that is sent, in octets before compression; with a larger one the call fails with RESOURCE_EXHAUSTED,
   * and nothing of the message is sent. No limit by default.
   */
  readonly maxSendMessageBytes?: number | undefined;
  /** How long a connection may take until the server has sent its SETTINGS, in milliseconds. Default 20,000. */
  readonly connectTimeoutMs?: number | undefined;
  /**
   * What one call may have under way to us before its messages are read, in octets (the HTTP/2 stream window). By default it begins
   * with 65,535, and grows up to 4 MiB where the path needs it; when it is set here it keeps its size.
   */
  readonly streamWindowBytes?: number | undefined;
  /** Limits, budgets against abuse and time-outs of each connection; docs/limits.md has the table. */
  readonly http2?: Http2Options | undefined;
  /** The `:authority` of the calls. By default the host and port of the target. */
  readonly authority?: string | undefined;
}

/** Where calls go: one target, with a connection that is made when it is needed. */
export interface Channel extends AsyncDisposable {
  /** As it was given. */
  readonly target: string;
  /** Takes no more calls, cancels those in flight, and closes the connection. Settles when the socket is closed. */
  close(): Promise<void>;
}

const DEFAULT_RECEIVE_LIMIT_BYTES = 4 * 1024 * 1024;
const DEFAULT_CONNECT_TIMEOUT_MS = 20_000;

export class GrpcChannel implements Channel {
  readonly target: string;
  readonly authority: string;
  readonly clock: Clock;
  readonly wheel: DeadlineWheel;
  readonly connector: Connector;

  constructor(platform: Platform, target: string, options: ChannelOptions) {
    const { address, authority } = parseTarget(target);
    this.target = target;
    this.authority = options.authority ?? authority;
    this.clock = platform.clock;
    this.wheel = new DeadlineWheel(platform.clock);
    this.connector = new Connector({
      platform,
      address,
      connectTimeoutMs: options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
      transport: {
        http2: http2Limits("client", { ...options.http2, streamWindowBytes: options.streamWindowBytes }),
        receiveLimitBytes: messageLimit(
          "maxReceiveMessageBytes",
          options.maxReceiveMessageBytes,
          DEFAULT_RECEIVE_LIMIT_BYTES,
        ),
        sendLimitBytes: messageLimit("maxSendMessageBytes", options.maxSendMessageBytes, Number.POSITIVE_INFINITY),
        clock: platform.clock,
      },
    });
  }

  async close(): Promise<void> {
    await this.connector.close("the channel was closed");
    this.wheel.clear();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
