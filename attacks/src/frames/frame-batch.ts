/**
 * Many frames in one buffer: an attacker that made each frame anew would attack itself.
 *
 * The octets are made once for all connections of an attack. Where each round needs new stream ids, a connection has a copy of
 * its own, in which only the ids are written anew.
 */
import { FRAME_HEADER_BYTES } from "./frame.js";

/** About as much as one write hands over. */
const BATCH_BYTES = 65_536;

export interface BatchTemplate {
  readonly octets: Buffer;
  /** Where the stream ids are that move; empty when all rounds are equal. */
  readonly idOffsets: readonly number[];
  /** By how much they move from one round to the next. */
  readonly idStep: number;
  /** How many attempts one round is. */
  readonly attempts: number;
}

/** The same octets, as often as they fit. `attempts` are in one copy. */
export function repeated(octets: Buffer, attempts = 1): BatchTemplate {
  const times = Math.max(1, Math.floor(BATCH_BYTES / octets.length));
  return {
    octets: Buffer.concat(Array.from({ length: times }, () => octets)),
    idOffsets: [],
    idStep: 0,
    attempts: times * attempts,
  };
}

/** One attempt for each stream: `make` gives its frames. The ids begin with `firstId` and are those of a client. */
export function perStream(make: (streamId: number) => Buffer, firstId = 1): BatchTemplate {
  const parts: Buffer[] = [];
  let id = firstId;
  for (let bytes = 0; bytes < BATCH_BYTES || parts.length === 0; id += 2) {
    const part = make(id);
    parts.push(part);
    bytes += part.length;
  }
  const octets = Buffer.concat(parts);
  return { octets, idOffsets: findIds(octets, firstId), idStep: id - firstId, attempts: parts.length };
}

/** Where the ids from `firstId` on are; frames of other streams are the same in each round. */
function findIds(octets: Buffer, firstId: number): number[] {
  const offsets: number[] = [];
  for (let at = 0; at < octets.length; at += FRAME_HEADER_BYTES + octets.readUIntBE(at, 3)) {
    if (octets.readUInt32BE(at + 5) >= firstId) offsets.push(at + 5);
  }
  return offsets;
}

/** A connection's own rounds of a template. */
export class FrameBatch {
  readonly attempts: number;
  readonly #template: BatchTemplate;
  readonly #octets: Buffer;
  #isFirst = true;

  constructor(template: BatchTemplate) {
    this.#template = template;
    this.#octets = template.idStep === 0 ? template.octets : Buffer.from(template.octets);
    this.attempts = template.attempts;
  }

  /** The next round. The buffer is the same each time: what was taken before must have been written. */
  next(): Buffer {
    if (this.#isFirst) this.#isFirst = false;
    else this.#moveIds();
    return this.#octets;
  }

  #moveIds(): void {
    const octets = this.#octets;
    const { idOffsets, idStep } = this.#template;
    for (const at of idOffsets) octets.writeUInt32BE(octets.readUInt32BE(at) + idStep, at);
  }
}
