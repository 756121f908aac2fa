/** gRPC messages by hand: the prefix of five octets, and the victim's `Request` inside. */

import { EMPTY, uint32 } from "./frame.js";
import { integer } from "./header-block.js";

/** A message of these octets. */
export function message(body: Uint8Array = EMPTY): Buffer {
  return Buffer.concat([prefix(body.length), body]);
}

/** The prefix of a message of `bytes` octets, which may never come. */
export function prefix(bytes: number): Buffer {
  return Buffer.concat([Buffer.from([0]), uint32(bytes)]);
}

/** A `Request` that asks for `count` responses of `size` octets. */
export function request(count: number, size: number): Buffer {
  return message(Buffer.concat([Buffer.from([0x08]), varint(count), Buffer.from([0x10]), varint(size)]));
}

/** A `Request` or `Reply` whose data is `size` octets of zero. `field` is the number of its data: 3 or 2. */
export function filled(size: number, field: 2 | 3): Buffer {
  return message(Buffer.concat([Buffer.from([(field << 3) | 2]), varint(size), Buffer.alloc(size)]));
}

/** HPACK's integers with a prefix of no bits are protobuf's. */
function varint(value: number): Buffer {
  return integer(value, 0).subarray(1);
}
