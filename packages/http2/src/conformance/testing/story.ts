/** A long conversation, as one side of it hears it: octets that come in, and an engine whose layer above answers from within its callbacks. */
import type { Role } from "../../connection/options.js";
import type { HpackEncoder } from "../../hpack/encoder.js";
import { HeaderList } from "../../hpack/header-list.js";
import { encodeBlock } from "../../hpack/testing/codec.js";
import type { Stream } from "../../stream/stream.js";
import type { Engine } from "../../testing/engine.js";
import { continuationFrame, type FrameOptions, headersFrame } from "../../testing/frames.js";
import { type Cut, deliver } from "../../testing/pair.js";
import type { Context } from "../../testing/recording-sink.js";

export interface Story {
  readonly role: Role;
  /** Everything that the peer sends. */
  readonly octets: Buffer;
  /** The side that hears it, before the first octet. */
  readonly create: () => Engine;
}

export interface Outcome {
  readonly log: readonly string[];
  readonly sent: Buffer;
}

/** Plays a story in chunks. Output is taken after every chunk, as a fast socket would, or only at the end. */
export function play(story: Story, cut: Cut, takeEachTime: boolean): Outcome {
  const engine = story.create();
  const sent: Buffer[] = [];
  for (const chunk of cut(story.octets)) {
    deliver(engine.connection, chunk, (octets) => [octets]);
    if (takeEachTime) sent.push(engine.takeOctets());
  }
  sent.push(engine.takeOctets());
  return { log: engine.sink.log, sent: Buffer.concat(sent) };
}

/** HEADERS with a block of real HPACK (tables, Huffman), cut into this many fragments. */
export function encodedHeaders(
  encoder: HpackEncoder,
  streamId: number,
  fields: readonly string[],
  fragments = 1,
  options: FrameOptions = {},
): Buffer {
  const whole = encodeBlock(encoder, HeaderList.of(...fields));
  const bytes = Math.ceil(whole.length / fragments);
  const frames = [headersFrame(streamId, whole.subarray(0, bytes), { ...options, endHeaders: fragments === 1 })];
  for (let i = 1; i < fragments; i++) {
    frames.push(continuationFrame(streamId, whole.subarray(i * bytes, (i + 1) * bytes), i === fragments - 1));
  }
  return Buffer.concat(frames);
}

const bodies = new Map<string, Buffer>();

/** Octets in which a lost or displaced one shows. They are made once, since stories are played thousands of times. */
export function bodyOf(bytes: number, seed: number): Buffer {
  const key = `${bytes} ${seed}`;
  let body = bodies.get(key);
  if (body === undefined) {
    body = Buffer.from(Array.from({ length: bytes }, (_, i) => (i * 7 + (i >>> 8) * 31 + seed) & 0xff));
    bodies.set(key, body);
  }
  return body;
}

/**
 * Takes the octets of streams in units of one size, as messages are taken, however they come: what it does depends on no chunk.
 */
export class UnitReader {
  readonly #unitBytes: number;
  readonly #gathered = new Map<number, number>();

  constructor(unitBytes: number) {
    this.#unitBytes = unitBytes;
  }

  /** Octets have come; `onUnit` is called for each unit that they complete. */
  read(stream: Stream<Context>, bytes: number, onUnit: (unitBytes: number) => void): void {
    let gathered = (this.#gathered.get(stream.id) ?? 0) + bytes;
    for (; gathered >= this.#unitBytes; gathered -= this.#unitBytes) onUnit(this.#unitBytes);
    this.#gathered.set(stream.id, gathered);
  }
}
