/**
 * The compiled functions of the message types: made when first used, together with those of every type that can be reached
 * from it.
 *
 * A whole graph is compiled at once so that the calls between generated functions see one target from their first run on,
 * which is what lets the engine inline them.
 */
import type { DescMessage } from "@bufbuild/protobuf";
import { compileDecoder } from "./decoder.js";
import { compileEncoder } from "./encoder.js";
import type { DecodeFunction, EncodeFunction, MessageProgram } from "./message-program.js";

/** Compiles on the first call; the compiled functions then take the place of these. */
class LazyProgram implements MessageProgram {
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
    program = new LazyProgram(desc);
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
