/**
 * The target "header-blocks": the HPACK decoder never throws, keeps its limits, and says of each block what a plain decoder that was
 * written from the RFC says, over long contexts, after lists that were too large as well; and what the encoder writes arrives as it was.
 */
import assert from "node:assert/strict";
import { HpackDecoder, HpackError } from "../../hpack/decoder.js";
import { HpackEncoder } from "../../hpack/encoder.js";
import { HeaderList, type OversizedHeaderList } from "../../hpack/header-list.js";
import { decodeAny, encodeBlock } from "../../hpack/testing/codec.js";
import { type Observe, observeNothing, withoutDetails } from "../features.js";
import { fieldBytes, type SimpleField, SimpleHpackDecoder, SimpleHpackError } from "../testing/simple-hpack.js";
import { type BlockLimits, readBlockProgram } from "./program.js";

/** `:method: GET`. */
const ANY_BLOCK = Buffer.from([0x82]);
const PROTOCOL_TABLE_BYTES = 4096;
const MAX_UINT16 = 0xffff;

export function headerBlocks(input: Uint8Array, observe: Observe = observeNothing): void {
  const { limits, steps } = readBlockProgram(input);
  let hostile = new Decoders(limits, observe);
  const honest = new Decoders({ ...limits, tableBytes: MAX_UINT16 }, observe);
  const encoder = new HpackEncoder();
  for (const step of steps) {
    if (step.kind === "block") {
      hostile.decode(step.octets);
      // Nothing can be decoded any more.
      if (hostile.isBroken) hostile = new Decoders(limits, observe);
    } else if (step.kind === "hostile table size") {
      hostile.setMaxTableSize(step.bytes);
    } else if (step.kind === "honest table size") {
      encoder.setPeerTableSize(step.bytes);
      honest.setMaxTableSize(step.bytes);
    } else {
      const decoded = honest.decode(encodeBlock(encoder, ...step.lists));
      assert.ok(!honest.isBroken, "the decoder refuses what the encoder has written");
      compareFields(decoded, step.lists.flatMap(simpleFields));
    }
  }
}

/** The engine's decoder and the plain one, with the same context. */
class Decoders {
  readonly #limits: BlockLimits;
  readonly #observe: Observe;
  readonly #decoder: HpackDecoder;
  readonly #simple: SimpleHpackDecoder;
  isBroken = false;
  /** The last two outcomes. */
  #before = "";

  constructor(limits: BlockLimits, observe: Observe) {
    this.#limits = limits;
    this.#observe = observe;
    this.#decoder = new HpackDecoder({
      maxTableSizeBytes: limits.tableBytes,
      maxHeaderListBytes: limits.listBytes,
      maxHeaderCount: limits.fields,
    });
    // Until a smaller one is acknowledged, the peer may use the protocol's size.
    this.#simple = new SimpleHpackDecoder(Math.max(limits.tableBytes, PROTOCOL_TABLE_BYTES));
  }

  /** What came after what. */
  #note(outcome: string): void {
    this.#observe(`${this.#before}, then ${outcome}`);
    this.#before = `${this.#before.split(", then ").at(-1)}, then ${outcome}`;
  }

  setMaxTableSize(bytes: number): void {
    this.#note("another table size");
    this.#decoder.setMaxTableSize(bytes);
    this.#simple.setMaxTableSize(bytes);
  }

  /** Gives the fields, after both decoders have said the same. */
  decode(block: Buffer): readonly SimpleField[] {
    const expected = this.#decodeSimply(block);
    const result = decodeAny(this.#decoder, block);
    if (result instanceof HpackError) {
      this.#note(`refused: ${withoutDetails(result.reason)}`);
      assert.ok(expected === undefined, `refused, though it is right: ${result.reason}`);
      assert.equal(decodeAny(this.#decoder, ANY_BLOCK), result, "a block after an error");
      this.isBroken = true;
      return [];
    }
    assert.ok(expected !== undefined, "not refused, though it is wrong");
    this.#compare(result, expected);
    return expected;
  }

  #decodeSimply(block: Buffer): readonly SimpleField[] | undefined {
    try {
      return this.#simple.decode(block);
    } catch (error) {
      if (!(error instanceof SimpleHpackError)) throw error;
      this.#observe(`simply refused: ${withoutDetails(error.message)}`);
      return undefined;
    }
  }

  #compare(result: HeaderList | OversizedHeaderList, expected: readonly SimpleField[]): void {
    const { listBytes, fields } = this.#limits;
    const size = expected.reduce((sum, field) => sum + fieldBytes(field), 0);
    assert.equal(result.size, size, "the size of the list");
    assert.equal(result.count, expected.length, "the number of fields");
    const isOver = size > listBytes || expected.length > fields;
    assert.equal(
      !(result instanceof HeaderList),
      isOver,
      `over the limits: ${size} octets in ${expected.length} fields`,
    );
    this.#note(`${isOver ? "oversized" : "list"} of ${Math.min(expected.length, 8)}`);
    if (result instanceof HeaderList) compareFields(simpleFields(result), expected);
  }
}

function simpleFields({ fields, sensitive }: HeaderList): SimpleField[] {
  const list: SimpleField[] = [];
  for (let i = 0; i < fields.length; i += 2) {
    list.push({
      name: fields[i] as string,
      value: fields[i + 1] as string,
      sensitive: sensitive?.includes(i) ?? false,
    });
  }
  return list;
}

function compareFields(actual: readonly SimpleField[], expected: readonly SimpleField[]): void {
  assert.deepEqual(
    actual.map(({ name, value, sensitive }) => [name, value, sensitive]),
    expected.map(({ name, value, sensitive }) => [name, value, sensitive]),
    "the fields",
  );
}
