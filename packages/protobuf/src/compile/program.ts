/**
 * The compiled functions of the message types: made when first used, together with those of every type that can be reached
 * from it.
 *
 * A whole graph is compiled at once so that the calls between generated functions see one target from their first run on,
 * which is what lets the engine inline them.
 */
import type { DescMessage, Message } from "@bufbuild/protobuf";
import type { ByteSink } from "../sink.js";
import { compileDecoder } from "./decoder.js";
import { compileEncoder } from "./encoder.js";

/** Writes a message and returns the number of bytes. */
export type EncodeFunction = (message: object, sink: ByteSink) => number;

/**
 * Reads the fields between `start` and `end`, into a new message or into one that is given, and leaves the index behind the
 * last one in the cursor. `limit` is where the data ends; `depth` is 1 for a message that is in no other; `group` is the
 * number of the group whose end tag ends the message, 0 for a message with a length.
 */
export type DecodeFunction = (
  buffer: Buffer,
  start: number,
  end: number,
  limit: number,
  depth: number,
  into: Message | undefined,
  group: number,
) => Message;

/** One message type's functions. */
export class MessageProgram {
  encode: EncodeFunction;
  decode: DecodeFunction;

  constructor(desc: DescMessage) {
    this.encode = (message, sink) => {
      compileReachable(desc, isEncoderCompiled, (type, program) => {
        program.encode = compileEncoder(type, programOf);
      });
      return this.encode(message, sink);
    };
    this.decode = (...input) => {
      compileReachable(desc, isDecoderCompiled, (type, program) => {
        program.decode = compileDecoder(type, programOf);
      });
      return this.decode(...input);
    };
  }
}

const programs = new WeakMap<DescMessage, MessageProgram>();
const isEncoderCompiled = new WeakSet<MessageProgram>();
const isDecoderCompiled = new WeakSet<MessageProgram>();

/** The program of a type; nothing is compiled yet. */
export function programOf(desc: DescMessage): MessageProgram {
  let program = programs.get(desc);
  if (program === undefined) {
    program = new MessageProgram(desc);
    programs.set(desc, program);
  }
  return program;
}

function compileReachable(
  root: DescMessage,
  compiled: WeakSet<MessageProgram>,
  compile: (desc: DescMessage, program: MessageProgram) => void,
): void {
  const pending = [root];
  for (let desc = pending.pop(); desc !== undefined; desc = pending.pop()) {
    const program = programOf(desc);
    if (compiled.has(program)) continue;
    compile(desc, program);
    compiled.add(program);
    for (const { message } of desc.fields) if (message !== undefined) pending.push(message);
  }
}
