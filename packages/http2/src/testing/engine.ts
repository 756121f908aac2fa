/** One connection whose peer is the test: frames go in by hand, and the frames that come out can be looked at. */
import { Connection } from "../connection/connection.js";
import type { ConnectionOptions, Role } from "../connection/options.js";
import { HeaderList } from "../hpack/header-list.js";
import type { Stream } from "../stream/stream.js";
import {
  block,
  describeFrame,
  type Frame,
  headersFrame,
  PREFACE,
  readFrames,
  SETTINGS_ACK,
  settingsFrame,
} from "./frames.js";
import { type Context, RecordingSink } from "./recording-sink.js";

export const REQUEST: readonly string[] = [":method", "POST", ":scheme", "http", ":path", "/s/m", ":authority", "a"];
export const RESPONSE: readonly string[] = [":status", "200"];
export const TRAILERS: readonly string[] = ["grpc-status", "0"];

export const REQUEST_TEXT = REQUEST.join(" ");

export class Engine {
  readonly connection: Connection<Context>;
  readonly sink: RecordingSink;
  #prefaceToSkip: number;

  /** A connection that has not been started. */
  constructor(role: Role, options: ConnectionOptions = {}, sink: RecordingSink = new RecordingSink()) {
    this.sink = sink;
    this.connection = new Connection<Context>(role, sink, options);
    this.#prefaceToSkip = role === "client" ? PREFACE.length : 0;
  }

  /** The code that ended the connection; `undefined` while it lives. */
  get fatalCode(): number | undefined {
    return this.connection.fatal?.code;
  }

  receive(...octets: readonly Buffer[]): void {
    this.connection.receive(Buffer.concat(octets));
  }

  /** Everything that is finished, taken out as a driver would. */
  takeOctets(): Buffer {
    return takeOutput(this.connection);
  }

  /** The frames that were sent since the last call. */
  takeFrames(): Frame[] {
    const octets = this.takeOctets();
    const skipped = Math.min(this.#prefaceToSkip, octets.length);
    this.#prefaceToSkip -= skipped;
    return readFrames(octets.subarray(skipped));
  }

  /** The same as lines; see {@link describeFrame}. */
  takeSent(): string[] {
    return this.takeFrames().map(describeFrame);
  }

  /** A client's new stream with a request, or a server's answer; both with an open end. */
  openStream(): Stream<Context> {
    const stream = this.connection.openStream(undefined);
    this.connection.sendHeaders(stream, HeaderList.of(...REQUEST), false);
    return stream;
  }

  /** A request to this server. Gives its stream, answered with headers if `answered`. */
  receiveRequest(streamId: number, end = false, answered = false): Stream<Context> {
    this.receive(headersFrame(streamId, block(...REQUEST), { end }));
    const stream = this.sink.stream(streamId);
    if (answered) this.connection.sendHeaders(stream, HeaderList.of(...RESPONSE), false);
    return stream;
  }

  /** Sends octets as DATA. Gives what `endData` gave. */
  sendData(stream: Stream<Context>, octets: Uint8Array | string, end = false): boolean {
    return sendData(this.connection, stream, octets, end);
  }
}

/** A connection that has shaken hands with a peer of these SETTINGS; nothing of that is left in the log or in the output. */
export function createEngine(
  role: Role,
  options: ConnectionOptions = {},
  peerSettings: readonly (readonly [number, number])[] = [],
): Engine {
  const engine = new Engine(role, options);
  engine.connection.start();
  if (role === "server") engine.receive(PREFACE);
  engine.receive(settingsFrame(...peerSettings), SETTINGS_ACK);
  engine.takeFrames();
  engine.sink.takeLog();
  return engine;
}

/** What a driver would write. Segments are spoilt and given back, as nobody may rely on them any more. */
export function takeOutput(connection: Connection<Context>): Buffer {
  const parts: Buffer[] = [];
  for (let bytes = connection.out.takeableBytes(); bytes > 0; bytes = connection.out.takeableBytes()) {
    const segment = connection.out.take();
    parts.push(Buffer.from(segment.subarray(0, bytes)));
    segment.fill(0xee);
    connection.out.recycle(segment);
  }
  return Buffer.concat(parts);
}

/** Sends octets as DATA of a stream. Gives what `endData` gave. */
export function sendData(
  connection: Connection<Context>,
  stream: Stream<Context>,
  octets: Uint8Array | string,
  end = false,
): boolean {
  const source = Buffer.from(octets as string);
  const out = connection.beginData();
  out.reserve(source.length);
  out.buffer.set(source, out.position);
  out.position += source.length;
  return connection.endData(stream, end);
}
