/**
 * Header blocks that are cut into HEADERS and CONTINUATION frames, and the decoding of complete ones.
 * RFC 9113 sections 4.3 and 6.10.
 */
import { ErrorCode } from "../error.js";
import { type HpackDecoder, HpackError } from "../hpack/decoder.js";
import type { HeaderList, OversizedHeaderList } from "../hpack/header-list.js";
import type { Link } from "./link.js";
import { maxBlockBytes } from "./options.js";

export class HeaderAssembly<C> {
  readonly #link: Link<C>;
  readonly #decoder: HpackDecoder;
  readonly #limitBytes: number;
  #fragments: Buffer[] = [];
  #bytes = 0;
  #continuations = 0;
  /** The stream whose block is being gathered; 0 when none is. */
  streamId = 0;
  endStream = false;

  constructor(link: Link<C>, decoder: HpackDecoder) {
    this.#link = link;
    this.#decoder = decoder;
    this.#limitBytes = maxBlockBytes(link.limits.maxHeaderListBytes);
  }

  get isOpen(): boolean {
    return this.streamId !== 0;
  }

  begin(streamId: number, endStream: boolean, buffer: Buffer, start: number, end: number): boolean {
    this.streamId = streamId;
    this.endStream = endStream;
    return this.#append(buffer, start, end);
  }

  /** A CONTINUATION frame. False when the block has too many of them or has become too large, which ends the connection. */
  proceed(buffer: Buffer, start: number, end: number): boolean {
    this.#continuations += 1;
    const most = this.#link.limits.maxContinuationFrames;
    if (this.#continuations <= most) return this.#append(buffer, start, end);
    const reason = `the header block of stream ${this.streamId} has more than ${most} CONTINUATION frames`;
    return this.#link.fail(ErrorCode.ENHANCE_YOUR_CALM, `${reason} (maxContinuationFrames)`);
  }

  #append(buffer: Buffer, start: number, end: number): boolean {
    this.#bytes += end - start;
    if (this.#bytes > this.#limitBytes) {
      return this.#link.fail(
        ErrorCode.ENHANCE_YOUR_CALM,
        `the header block of stream ${this.streamId} exceeds ${this.#limitBytes} octets before its end`,
      );
    }
    this.#fragments.push(Buffer.from(buffer.subarray(start, end)));
    return true;
  }

  /** The whole block; the next frame may be anything again. */
  finish(): Buffer {
    const block = Buffer.concat(this.#fragments, this.#bytes);
    this.#fragments = [];
    this.#bytes = 0;
    this.#continuations = 0;
    this.streamId = 0;
    return block;
  }

  /** Decodes a complete block. `undefined` when it cannot be decoded, which ends the connection: the tables are out of step. */
  decode(buffer: Buffer, start: number, end: number): HeaderList | OversizedHeaderList | undefined {
    const result = this.#decoder.decode(buffer, start, end);
    if (!(result instanceof HpackError)) return result;
    this.#link.fail(ErrorCode.COMPRESSION_ERROR, result.reason);
    return undefined;
  }
}
