/**
 * The metadata of a call: what applications send beside the messages, in headers and in trailers.
 *
 * What an application puts in is checked where it does so (`metadata-grammar.ts`). What a peer has sent is taken as it is, and
 * decoded when somebody looks at it. The fields by which HTTP/2 and gRPC run the call are not metadata and never appear here.
 * Source: "Custom-Metadata" in https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
import { decodeBase64, encodeBase64, isBase64 } from "./base64.js";
import {
  checkedBytes,
  checkedKey,
  checkedText,
  isBinaryKey,
  isReadableField,
  isSendableKey,
} from "./metadata-grammar.js";

/** The type of a key's values: bytes when the key ends in `-bin`, else text; either when the key is known only at run time. */
export type MetadataValue<Key extends string = string> = Key extends string
  ? string extends Key
    ? string | Uint8Array
    : Lowercase<Key> extends `${string}-bin`
      ? Uint8Array
      : string
  : never;

/**
 * Metadata as a plain object; a key with several values has an array. A `Record<string, string>`, whose keys the compiler does not
 * know, is no such object, since one of them might end in `-bin`: give its `Object.entries`, which are checked at run time.
 */
export interface MetadataObject {
  readonly [key: `${string}-bin`]: Uint8Array | readonly Uint8Array[];
  readonly [key: string]: string | Uint8Array | readonly (string | Uint8Array)[];
}

/** Whatever metadata can be made from: a plain object, pairs of key and value (a `Map`, an array), or other metadata. */
export type MetadataInit = MetadataObject | Iterable<readonly [key: string, value: string | Uint8Array]>;

type Inspect = (value: unknown, options: object) => string;

let appendFields: (metadata: Metadata, into: string[]) => void;

/**
 * A list of keys and values. A key may have several values, whose order is kept; the order of different keys means nothing.
 *
 * Keys are the same in upper and lower case, and are kept in lower case. A key that ends in `-bin` has bytes as its values, any
 * other one has text of printable ASCII characters, from which outer spaces are removed because HTTP may do so on the way.
 * Bytes that are put in are copied; bytes that are read out belong to the metadata and should not be changed.
 *
 * Keys with the prefix `grpc-` and those that HTTP/2 or gRPC set by themselves (such as `content-type`, `te`, `user-agent`) cannot
 * be set. The `user-agent` that a peer has sent can be read.
 *
 * A peer takes 8 KiB of metadata for certain, and may refuse more: the sum over all values of key, value (in base64, if it is
 * bytes) and 32.
 */
export class Metadata implements Iterable<[key: string, value: string | Uint8Array]> {
  /** Key, value, key, value, …; the bytes of a received `-bin` key are a base64 text until somebody looks at them. */
  readonly #fields: (string | Uint8Array)[] = [];
  /** Whether a peer has sent it. Only then there may be keys that we may not send ourselves. */
  #isReceived = false;

  static {
    appendFields = (metadata, into) => metadata.#appendTo(into);
  }

  /** A new `Metadata` with a copy of what is given. Throws a `TypeError` at the first key or value that cannot be sent. */
  static from(init: MetadataInit): Metadata {
    const metadata = new Metadata();
    if (isMetadata(init)) {
      metadata.#isReceived = init.#isReceived;
      for (const field of init.#fields) metadata.#fields.push(field);
    } else if (isIterable(init)) {
      for (const [key, value] of init) metadata.append(key, value);
    } else {
      for (const [key, value] of Object.entries(init)) {
        if (isList(value)) for (const one of value) metadata.append(key, one);
        else metadata.append(key, value);
      }
    }
    return metadata;
  }

  /**
   * For the transport: the metadata in a received header block, given as name, value, name, value, …, names in lower case.
   * It keeps no reference to `fields`. Values of `-bin` keys that are not base64 are left out; see {@link findInvalidBinary}.
   * @internal
   */
  static fromHeaderFields(fields: readonly string[]): Metadata {
    const metadata = new Metadata();
    metadata.#isReceived = true;
    for (let i = 0; i < fields.length; i += 2) {
      const name = fields[i] as string;
      const value = fields[i + 1] as string;
      if (!isReadableField(name)) continue;
      if (!isBinaryKey(name)) metadata.#fields.push(name, value);
      else for (const text of binaryTexts(value)) if (isBase64(text)) metadata.#fields.push(name, text);
    }
    return metadata;
  }

  /** The number of values, of all keys together. */
  get size(): number {
    return this.#fields.length / 2;
  }

  /** The first value of a key. */
  get<Key extends string>(key: Key): MetadataValue<Key> | undefined {
    const index = this.#indexOf(key.toLowerCase(), 0);
    return index < 0 ? undefined : (this.#valueAt(index) as MetadataValue<Key>);
  }

  /** All values of a key, in their order; empty when there are none. The array is new. */
  getAll<Key extends string>(key: Key): MetadataValue<Key>[] {
    const lowerCase = key.toLowerCase();
    const values: MetadataValue<Key>[] = [];
    for (let index = this.#indexOf(lowerCase, 0); index >= 0; index = this.#indexOf(lowerCase, index + 2)) {
      values.push(this.#valueAt(index) as MetadataValue<Key>);
    }
    return values;
  }

  /** Whether a key has a value. */
  has(key: string): boolean {
    return this.#indexOf(key.toLowerCase(), 0) >= 0;
  }

  /** Gives a key one value, in place of those that it had. Throws a `TypeError` if the key or the value cannot be sent. */
  set<Key extends string>(key: Key, value: MetadataValue<NoInfer<Key>>): this {
    const lowerCase = checkedKey(key);
    const checked = checkedValue(lowerCase, value);
    this.delete(lowerCase);
    this.#fields.push(lowerCase, checked);
    return this;
  }

  /** Adds a value to those that a key has. Throws a `TypeError` if the key or the value cannot be sent. */
  append<Key extends string>(key: Key, value: MetadataValue<NoInfer<Key>>): this {
    const lowerCase = checkedKey(key);
    this.#fields.push(lowerCase, checkedValue(lowerCase, value));
    return this;
  }

  /** Removes all values of a key. Says whether there were any. */
  delete(key: string): boolean {
    const lowerCase = key.toLowerCase();
    const fields = this.#fields;
    let kept = 0;
    for (let i = 0; i < fields.length; i += 2) {
      if (fields[i] === lowerCase) continue;
      fields[kept++] = fields[i] as string;
      fields[kept++] = fields[i + 1] as string | Uint8Array;
    }
    const found = kept < fields.length;
    fields.length = kept;
    return found;
  }

  /** Each key once, in lower case. */
  keys(): IterableIterator<string> {
    return new Set(this.#fields.filter((_, index) => index % 2 === 0) as string[]).values();
  }

  /** Each value with its key; a key with several values comes several times. */
  *entries(): IterableIterator<[key: string, value: string | Uint8Array]> {
    for (let i = 0; i < this.#fields.length; i += 2) yield [this.#fields[i] as string, this.#valueAt(i)];
  }

  /** As {@link Metadata.entries}. */
  [Symbol.iterator](): IterableIterator<[key: string, value: string | Uint8Array]> {
    return this.entries();
  }

  /** What `console.log` shows: each key with an array of its values. */
  [Symbol.for("nodejs.util.inspect.custom")](_depth: number, options: object, inspect: Inspect): string {
    const valuesByKey = Object.fromEntries([...this.keys()].map((key) => [key, this.getAll(key)]));
    return `Metadata ${inspect(valuesByKey, options)}`;
  }

  #indexOf(lowerCaseKey: string, start: number): number {
    for (let i = start; i < this.#fields.length; i += 2) if (this.#fields[i] === lowerCaseKey) return i;
    return -1;
  }

  #valueAt(index: number): string | Uint8Array {
    const value = this.#fields[index + 1] as string | Uint8Array;
    if (typeof value !== "string" || !isBinaryKey(this.#fields[index] as string)) return value;
    const bytes = decodeBase64(value);
    this.#fields[index + 1] = bytes;
    return bytes;
  }

  #appendTo(into: string[]): void {
    const fields = this.#fields;
    for (let i = 0; i < fields.length; i += 2) {
      const key = fields[i] as string;
      const value = fields[i + 1] as string | Uint8Array;
      if (this.#isReceived && !isSendableKey(key)) continue;
      into.push(key, typeof value === "string" ? value : encodeBase64(value));
    }
  }
}

/**
 * For the transport: appends metadata to a header list as name, value, name, value, …; bytes become base64 without padding.
 * Metadata that a peer has sent can be forwarded: its fields that we may not send, as `user-agent`, are left out.
 * @internal
 */
export function appendHeaderFields(init: MetadataInit, into: string[]): void {
  appendFields(isMetadata(init) ? init : Metadata.from(init), into);
}

/**
 * For the transport: the name of the first `-bin` field of a received header block whose value is not base64. Metadata made of such
 * a block is without that value; whether the call fails for it is for who asks.
 * @internal
 */
export function findInvalidBinary(fields: readonly string[]): string | undefined {
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i] as string;
    if (!isBinaryKey(name) || !isReadableField(name)) continue;
    for (const text of binaryTexts(fields[i + 1] as string)) if (!isBase64(text)) return name;
  }
  return undefined;
}

/** The base64 texts in the value of a `-bin` field: HTTP allows an intermediary to join several fields by commas. */
function binaryTexts(value: string): readonly string[] {
  if (!value.includes(",")) return [value.trim()];
  return value.split(",").map((text) => text.trim());
}

function checkedValue(lowerCaseKey: string, value: unknown): string | Uint8Array {
  return isBinaryKey(lowerCaseKey) ? checkedBytes(lowerCaseKey, value) : checkedText(lowerCaseKey, value);
}

/** An instance of this very class; one of another copy of the package is taken for pairs of key and value. */
function isMetadata(init: MetadataInit): init is Metadata {
  return init instanceof Metadata;
}

function isList(value: MetadataObject[string]): value is readonly (string | Uint8Array)[] {
  return Array.isArray(value);
}

function isIterable(init: MetadataInit): init is Iterable<readonly [string, string | Uint8Array]> {
  return Symbol.iterator in init;
}
