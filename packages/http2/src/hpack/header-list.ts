/**
 * A list of header fields, as it was decoded or as it will be encoded. RFC 7541 sections 1.3 and 4.1.
 *
 * It keeps order and repeated names, and it is only a list: whether names and values are allowed is for the layer above.
 */

/** What RFC 7541 section 4.1 adds to the octets of a field for the cost of keeping it. */
export const FIELD_OVERHEAD_BYTES = 32;

/**
 * A list of header fields, flat: name, value, name, value… Each character stands for one octet (latin1); characters above
 * U+00FF are not allowed, and an encoder would cut them to their low octet.
 *
 * The arrays belong to the list from the moment it is made and must not be changed: lists are cached and shared.
 */
export class HeaderList {
  /** Name, value, name, value… The length is even. */
  readonly fields: readonly string[];
  /** Where in `fields` the names of never-indexed fields are; `undefined` when there are none. RFC 7541 section 6.2.3. */
  readonly sensitive: readonly number[] | undefined;
  /** Name and value in octets plus 32, for each field and summed up. RFC 7541 section 4.1. */
  readonly size: number;
  /** Whether an encoder may keep this list and its octets for the next time; see {@link HeaderList.template}. */
  readonly reusable: boolean;
  /** A slot for the layer above: what it made of this list. A list that comes out of a cache is the same object each time. */
  memo: unknown;
  /** What the connection has found this list to be well formed as: bits that `connection/header-rules.ts` defines. */
  validAs: number;
  /** The `content-length`, found along with {@link validAs}; -1 when there is none. */
  contentLength: number;

  /**
   * @param fields name, value, name, value…; an odd length throws a `TypeError`.
   * @param sensitive positions of the names of never-indexed fields, rising.
   * @param size the list's size, for who has it at hand already.
   */
  constructor(
    fields: readonly string[],
    sensitive: readonly number[] | undefined = undefined,
    size: number = sizeOf(fields),
    reusable = false,
  ) {
    if ((fields.length & 1) === 1) {
      throw new TypeError(`a header list needs a value for each name, but it has ${fields.length} strings`);
    }
    this.fields = fields;
    this.sensitive = sensitive;
    this.size = size;
    this.reusable = reusable;
    this.memo = undefined;
    this.validAs = 0;
    this.contentLength = -1;
  }

  /** `HeaderList.of("name", "value", …)`: a list that will be sent once. */
  static of(...fields: string[]): HeaderList {
    return new HeaderList(fields);
  }

  /**
   * A list that will be sent again and again as the same object, such as a constant response head: encoders keep its octets.
   * Do not use it for lists made per call, which would push the useful ones out.
   */
  static template(fields: readonly string[], sensitive?: readonly number[]): HeaderList {
    return new HeaderList(fields, sensitive, undefined, true);
  }

  /** The number of fields. */
  get count(): number {
    return this.fields.length >>> 1;
  }

  /** The value of the first field of this name (which is lower-case in HTTP/2), or `undefined`. */
  get(name: string): string | undefined {
    const fields = this.fields;
    for (let i = 0; i < fields.length; i += 2) if (fields[i] === name) return fields[i + 1];
    return undefined;
  }

  /** Whether there is a field of this name. */
  has(name: string): boolean {
    return this.get(name) !== undefined;
  }
}

/** A list that was decoded to its end, to keep the tables in step, but is over the limits and was not kept. */
export class OversizedHeaderList {
  /** The size that the list would have had, as {@link HeaderList.size}. */
  readonly size: number;
  /** The number of fields that it would have had. */
  readonly count: number;

  constructor(size: number, count: number) {
    this.size = size;
    this.count = count;
  }
}

function sizeOf(fields: readonly string[]): number {
  let size = (fields.length >>> 1) * FIELD_OVERHEAD_BYTES;
  for (let i = 0; i < fields.length; i++) size += (fields[i] as string).length;
  return size;
}
