/** Short ways to encode and decode in tests. */
import assert from "node:assert/strict";
import { type HpackDecoder, HpackError } from "../decoder.js";
import type { HpackEncoder } from "../encoder.js";
import { HeaderList, type OversizedHeaderList } from "../header-list.js";
import { createMovingSink } from "./sinks.js";

/** Octets from hexadecimal digits; blanks do not matter. */
export function hex(digits: string): Buffer {
  return Buffer.from(digits.replaceAll(/\s/g, ""), "hex");
}

/** One block of the given lists. */
export function encodeBlock(encoder: HpackEncoder, ...lists: HeaderList[]): Buffer {
  const sink = createMovingSink();
  encoder.beginBlock(sink);
  for (const list of lists) encoder.addList(list, sink);
  return sink.take();
}

/** Decodes a block that lies between other octets, and spoils it afterwards: nothing of it may have been kept. */
export function decodeAny(decoder: HpackDecoder, block: Uint8Array): HeaderList | OversizedHeaderList | HpackError {
  const inside = Buffer.concat([Buffer.from([0x82, 0x82]), block, Buffer.from([0x82, 0x82])]);
  const result = decoder.decode(inside, 2, 2 + block.length);
  inside.fill(0);
  return result;
}

/** Decodes a block that must decode to a list. */
export function decodeList(decoder: HpackDecoder, block: Uint8Array): HeaderList {
  const result = decodeAny(decoder, block);
  assert.ok(result instanceof HeaderList, `not a list: ${JSON.stringify(result)}`);
  return result;
}

/** Decodes a block that must be wrong, and gives the reason. */
export function decodeError(decoder: HpackDecoder, block: Uint8Array): string {
  const result = decodeAny(decoder, block);
  assert.ok(result instanceof HpackError, `not an error: ${JSON.stringify(result)}`);
  return result.reason;
}
