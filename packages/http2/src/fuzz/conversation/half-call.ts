/** One direction of one call: what was sent, and how far it has come. It asks before it sends, and waits when it is told to. */
import type { Connection } from "../../connection/connection.js";
import { HeaderList } from "../../hpack/header-list.js";
import type { Stream } from "../../stream/stream.js";
import { sendData, TRAILERS } from "../../testing/engine.js";
import type { Context } from "../../testing/recording-sink.js";
import type { CallOrderSink } from "../testing/call-order-sink.js";

export class HalfCall {
  readonly stream: Stream<Context>;
  /** It was ended by us, in order. */
  hasEnded = false;
  /** We have given the stream up, with this code. */
  resetCode: number | undefined = undefined;
  readonly #connection: Connection<Context>;
  readonly #sink: CallOrderSink;
  readonly #parts: Buffer[] = [];

  constructor(connection: Connection<Context>, sink: CallOrderSink, stream: Stream<Context>) {
    this.#connection = connection;
    this.#sink = sink;
    this.stream = stream;
  }

  /** Everything that was sent. */
  get body(): Buffer {
    return Buffer.concat(this.#parts);
  }

  /** Sends a message, if there is room or the sender is impatient. A lost or displaced octet of it would show. */
  send(bytes: number, isImpatient: boolean): void {
    const { stream } = this;
    if (!this.#connection.canSend(stream) || (this.#sink.waiting.has(stream) && !isImpatient)) return;
    const message = Buffer.alloc(bytes);
    for (let i = 0; i < bytes; i++) message[i] = (i * 7 + this.#parts.length * 31 + stream.id) & 0xff;
    this.#parts.push(message);
    if (!sendData(this.#connection, stream, message) && !stream.isClosed) this.#sink.waiting.add(stream);
  }

  end(withTrailers: boolean): void {
    if (!this.#connection.canSend(this.stream)) return;
    this.hasEnded = true;
    this.#connection.end(this.stream, withTrailers ? HeaderList.of(...TRAILERS) : undefined);
  }

  reset(code: number): void {
    if (this.stream.isClosed) return;
    this.resetCode = code;
    this.#connection.reset(this.stream, code, "the program says so");
  }
}
