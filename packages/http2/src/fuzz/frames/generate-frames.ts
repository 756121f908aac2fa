/**
 * Makes programs for the target "frames" out of frames that are right or nearly right, in an order that makes sense or nearly so:
 * octets at random would hardly ever get past the first frame.
 */
import { REQUEST, RESPONSE, TRAILERS } from "../../testing/engine.js";
import {
  block,
  continuationFrame,
  dataFrame,
  goAwayFrame,
  headersFrame,
  PREFACE,
  pingFrame,
  priorityFrame,
  rawFrame,
  rstFrame,
  SETTINGS_ACK,
  settingsFrame,
  windowUpdateFrame,
} from "../../testing/frames.js";
import type { Dice } from "../dice.js";
import { Action, PROFILE_COUNT } from "./program.js";
import { act, receive, repeat, repeatRising, writeProgram } from "./write-program.js";

/** Ids that the program is about; low ones come often, so that frames meet on a stream. */
const IDS = [1, 1, 1, 3, 3, 5, 7, 9, 11, 13, 0, 2, 0x7fffffff];
const LENGTHS = [0, 1, 5, 5, 100, 1000, 16_384];
const INCREMENTS = [1, 1, 10, 1000, 65_535, 0, 0x7fffffff, 0x7fff0000];
const SETTING_VALUES = [0, 1, 2, 50, 100, 4096, 16_384, 65_535, 1 << 20, 0xffffff, 0x7fffffff, 0x80000000, 0xffffffff];

const BLOCKS: readonly Buffer[] = [
  block(...REQUEST),
  block(...REQUEST),
  block(...REQUEST),
  block(...RESPONSE),
  block(...RESPONSE),
  block(...TRAILERS),
  block(...TRAILERS),
  block(...REQUEST, "content-length", "5"),
  block(...RESPONSE, "content-length", "5"),
  block(":status", "100"),
  block("Bad", "name"),
  block(":method", "CONNECT", ":authority", "a"),
  Buffer.alloc(0),
  // Indexed: GET http /, 200, and an entry that may not be there.
  Buffer.from([0x82, 0x86, 0x84]),
  Buffer.from([0x88]),
  Buffer.from([0xbe]),
  // With indexing: a request whose last field goes into the table; size updates before and behind it.
  Buffer.concat([Buffer.from([0x83, 0x86, 0x84, 0x40, 1, 0x61, 3]), Buffer.from("abc")]),
  Buffer.from([0x20, 0x83, 0x86, 0x84]),
  Buffer.from([0x83, 0x86, 0x84, 0x3f, 0xe1, 0x1f]),
  // A list that is over small limits.
  block(...REQUEST, ...Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? "x-field" : "value"))),
];

export function generateFrames(dice: Dice): Buffer {
  const steps: Buffer[] = [];
  const raw = dice.oneIn(12);
  if (raw) steps.push(receive(PREFACE.subarray(0, dice.oneIn(4) ? dice.below(24) : 24), settingsFrame(), SETTINGS_ACK));
  for (let streams = dice.below(4); streams > 0; streams--) steps.push(act(Action.OPEN, 0, dice.small(16)));
  for (let left = 1 + dice.small(40); left > 0; left--) steps.push(dice.oneIn(3) ? action(dice) : arrival(dice));
  return writeProgram(
    {
      profile: dice.oneIn(2) ? 0 : dice.below(PROFILE_COUNT),
      raw,
      readsOnlyWhenTold: dice.oneIn(6),
      habits: dice.below(256),
    },
    ...steps,
  );
}

function arrival(dice: Dice): Buffer {
  if (dice.oneIn(40)) return flood(dice);
  const frames: Buffer[] = [];
  for (let left = 1 + dice.small(4); left > 0; left--) frames.push(frame(dice));
  return receive(...frames);
}

function flood(dice: Dice): Buffer {
  const times = dice.pick([2, 2, 5, 20, 20, 150, 1200]);
  const id = 2 * dice.below(40) + 1;
  const opening = headersFrame(id, block(...REQUEST), { end: dice.oneIn(2) });
  const second = dice.pick([
    rstFrame(id, 8),
    windowUpdateFrame(id, 0),
    windowUpdateFrame(id, 0x7fffffff),
    priorityFrame(id, 4),
    dataFrame(id, "x", { end: true }),
    headersFrame(id, block("Bad", "name")),
  ]);
  return dice.oneIn(2) ? repeatRising(times, opening, second) : repeat(times, frame(dice));
}

function frame(dice: Dice): Buffer {
  const id = dice.pick(IDS);
  switch (dice.below(12)) {
    case 0:
    case 1:
    case 2:
      return headers(id, dice);
    case 3:
    case 4:
    case 5:
      return dataFrame(id, Buffer.alloc(dice.pick(LENGTHS), 0x64), {
        end: dice.oneIn(3),
        ...(dice.oneIn(6) ? { pad: dice.small(256) } : {}),
      });
    case 6:
      return windowUpdateFrame(dice.oneIn(3) ? 0 : id, dice.pick(INCREMENTS));
    case 7:
      return rstFrame(id, dice.below(15));
    case 8:
      return settings(dice);
    case 9:
      return pingFrame(dice.pick(["12345678", "fuzzing!", "heddle\0\0", "window\0\0"]), dice.oneIn(2));
    case 10:
      return dice.oneIn(3)
        ? goAwayFrame(dice.below(12), dice.below(15), "bye")
        : priorityFrame(id, dice.pick([5, 5, 4]));
    default:
      return rawFrame(dice.below(12), dice.below(256), id, dice.octets(dice.small(24)));
  }
}

/** A block in one frame or in several. */
function headers(id: number, dice: Dice): Buffer {
  const fragments = dice.pick(BLOCKS);
  const cutAt = dice.oneIn(5) ? dice.below(fragments.length + 1) : fragments.length;
  const options = { end: dice.oneIn(3), priority: dice.oneIn(8), ...(dice.oneIn(8) ? { pad: dice.small(256) } : {}) };
  if (cutAt === fragments.length && !dice.oneIn(20)) return headersFrame(id, fragments, options);
  return Buffer.concat([
    headersFrame(id, fragments.subarray(0, cutAt), { ...options, endHeaders: false }),
    continuationFrame(id, fragments.subarray(cutAt), !dice.oneIn(8)),
  ]);
}

function settings(dice: Dice): Buffer {
  if (dice.oneIn(4)) return SETTINGS_ACK;
  const entries: [number, number][] = [];
  for (let left = dice.below(4); left > 0; left--) entries.push([dice.below(8), dice.pick(SETTING_VALUES)]);
  return settingsFrame(...entries);
}

function action(dice: Dice): Buffer {
  const argument = dice.oneIn(3) ? dice.below(16) : 0;
  const kind = dice.pick([
    Action.OPEN,
    Action.HEADERS,
    Action.HEADERS,
    Action.DATA,
    Action.DATA,
    Action.DATA,
    Action.END,
    Action.END,
    Action.RESET,
    Action.CONSUME,
    Action.CONSUME,
    Action.DRAIN,
    Action.BLOCK,
    Action.TAKE,
    Action.ADVANCE,
    Action.PING,
    Action.WAIT,
    dice.oneIn(5) ? Action.CLOSE : Action.RESET,
    dice.oneIn(5) ? Action.ABORT : Action.CONSUME,
  ]);
  return act(kind, argument, dice.oneIn(2) ? dice.small(16) : dice.below(0x10000));
}
