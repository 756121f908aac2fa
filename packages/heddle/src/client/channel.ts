/** A channel: where calls go. It connects when the first call needs it, and again after the connection was lost. */

import type { CallCredentials } from "../core/call-credentials.js";
import type { Clock } from "../core/clock.js";
import type { CompressionOptions } from "../core/compression.js";
import { DeadlineWheel } from "../core/deadline-wheel.js";
import { messageLimit } from "../core/message-limit.js";
import type { ChannelTlsOptions } from "../core/tls.js";
import { type Http2Options, http2Limits } from "../transport/http2-options.js";
import type { Platform } from "../transport/platform.js";
import { createRequestFields, type RequestTemplate } from "../transport/request-template.js";
import { Compressions } from "../wire/compressions.js";
import type { Scheme } from "../wire/request-headers.js";
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
  /**
   * TLS to the server: `true` for the authorities that Node.js trusts and no certificate of our own, or options. Without it, the
   * connection is plain text. Files are read by `createChannel`, which throws when they cannot be used, and again for each new connection.
   */
  readonly tls?: true | ChannelTlsOptions | undefined;
  /** Credentials of every call on this channel. They are sent over TLS only. */
  readonly callCredentials?: CallCredentials | undefined;
  /** Sends credentials over connections without TLS too, where anybody in between can read them. For networks that are safe by themselves. Default false. */
  readonly allowInsecureCallCredentials?: boolean | undefined;
  /** How long a connection may take until the server has sent its SETTINGS, TLS included, in milliseconds. Default 20,000. */
  readonly connectTimeoutMs?: number | undefined;
  /**
   * What one call may have under way to us before its messages are read, in octets (the HTTP/2 stream window). By default it begins
   * with 65,535, and grows up to 4 MiB where the path needs it; when it is set here it keeps its size.
   */
  readonly streamWindowBytes?: number | undefined;
  /** Compression of requests, and which compressions of responses are understood. By default requests are not compressed. */
  readonly compression?: CompressionOptions | undefined;
  /** Limits, budgets against abuse and time-outs of each connection; docs/limits.md has the table. */
  readonly http2?: Http2Options | undefined;
  /** The `:authority` of the calls. By default `tls.serverName`, or else the host and port of the target; `localhost` for a Unix socket. */
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
  readonly scheme: Scheme;
  readonly callCredentials: CallCredentials | undefined;
  readonly allowInsecureCallCredentials: boolean;
  readonly clock: Clock;
  readonly wheel: DeadlineWheel;
  readonly connector: Connector;
  readonly compressions: Compressions;
  readonly requestFields: RequestTemplate["fields"];

  constructor(platform: Platform, target: string, options: ChannelOptions) {
    const { address, authority, host } = parseTarget(target);
    const tlsOptions = options.tls === true ? {} : options.tls;
    this.target = target;
    this.authority = options.authority ?? authorityOf(tlsOptions?.serverName) ?? authority;
    this.scheme = tlsOptions === undefined ? "http" : "https";
    this.callCredentials = options.callCredentials;
    this.allowInsecureCallCredentials = options.allowInsecureCallCredentials ?? false;
    this.clock = platform.clock;
    this.wheel = new DeadlineWheel(platform.clock);
    this.compressions = new Compressions(platform.compressions, options.compression);
    this.requestFields = createRequestFields(this.compressions.accepted);
    this.connector = new Connector({
      platform,
      address,
      tls: tlsOptions === undefined ? undefined : platform.prepareTls(tlsOptions, host),
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
        compressions: this.compressions,
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

/** A host without a port, as an authority. RFC 3986 section 3.2.2. */
function authorityOf(host: string | undefined): string | undefined {
  return host?.includes(":") ? `[${host}]` : host;
}
