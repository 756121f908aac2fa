/** Puts programs for the target "frames" together: the opposite of `readProgram`. */
import type { Action } from "./program.js";
import { Action as Kind } from "./program.js";

export interface ProgramHeader {
  /** Which options; an index of the profiles. Default 0. */
  readonly profile?: number;
  readonly raw?: boolean;
  readonly readsOnlyWhenTold?: boolean;
  /** The octet of habits. Default 0: the layer above does nothing. */
  readonly habits?: number;
}

export function writeProgram(header: ProgramHeader, ...steps: readonly Uint8Array[]): Buffer {
  const { profile = 0, raw = false, readsOnlyWhenTold = false, habits = 0 } = header;
  const first = (profile & 0xf) | (raw ? 0x10 : 0) | (readsOnlyWhenTold ? 0x20 : 0);
  return Buffer.concat([Buffer.from([first, habits]), ...steps]);
}

/** The peer sends frames, all in one chunk. */
export function receive(...frames: readonly Uint8Array[]): Buffer {
  const octets = Buffer.concat(frames);
  return Buffer.concat([Buffer.from([Kind.RECEIVE]), uint16(octets.length), octets]);
}

/** The peer sends the same frames so many times. */
export function repeat(times: number, ...frames: readonly Uint8Array[]): Buffer {
  const octets = Buffer.concat(frames);
  return Buffer.concat([Buffer.from([Kind.REPEAT]), uint16(times), uint16(octets.length), octets]);
}

/** The same, with ids of streams that rise by two each time. */
export function repeatRising(times: number, ...frames: readonly Uint8Array[]): Buffer {
  const step = repeat(times, ...frames);
  step[0] = Kind.REPEAT | 0x10;
  return step;
}

/** The layer above, the driver or the time does something. */
export function act(kind: Action, argument: number, value: number): Buffer {
  return Buffer.concat([Buffer.from([kind | (argument << 4)]), uint16(value)]);
}

function uint16(value: number): Buffer {
  const octets = Buffer.alloc(2);
  octets.writeUInt16BE(value);
  return octets;
}
