/**
 * Collects the fields of the block that is being decoded, within the limits, and only counts once it is over them.
 * RFC 9113 section 6.5.2 (SETTINGS_MAX_HEADER_LIST_SIZE) and section 10.5.1.
 */
import { FIELD_OVERHEAD_BYTES, HeaderList, OversizedHeaderList } from "./header-list.js";

/** Stands in between blocks, so that no list is held longer than its receiver does. Never written to. */
const NOTHING: string[] = [];

export class HeaderListBuilder {
  readonly #maxBytes: number;
  readonly #maxCount: number;
  #fields: string[] = NOTHING;
  #sensitive: number[] | undefined = undefined;
  #size = 0;
  #count = 0;

  constructor(maxBytes: number, maxCount: number) {
    this.#maxBytes = maxBytes;
    this.#maxCount = maxCount;
  }

  /** Begins a list. */
  begin(): void {
    this.#fields = [];
    this.#sensitive = undefined;
    this.#size = 0;
    this.#count = 0;
  }

  /** How long the name and the value of one more field may be in all. Negative when the list is full. */
  get roomBytes(): number {
    return this.#count < this.#maxCount ? this.#maxBytes - this.#size - FIELD_OVERHEAD_BYTES : -1;
  }

  /** Adds a field, or counts it when it does not fit. */
  add(name: string, value: string, sensitive: boolean): void {
    this.count(name.length + value.length);
    if (this.#isOver()) return;
    if (sensitive) this.#markSensitive();
    this.#fields.push(name, value);
  }

  /** Counts a field whose name and value are `bytes` long in all and that was not kept because it is over the limits. */
  count(bytes: number): void {
    this.#size += bytes + FIELD_OVERHEAD_BYTES;
    this.#count++;
    if (this.#isOver()) this.#fields = NOTHING;
  }

  /** Gives the list, or what is known of it. */
  finish(): HeaderList | OversizedHeaderList {
    const fields = this.#fields;
    this.#fields = NOTHING;
    return this.#isOver()
      ? new OversizedHeaderList(this.#size, this.#count)
      : new HeaderList(fields, this.#sensitive, this.#size);
  }

  #isOver(): boolean {
    return this.#size > this.#maxBytes || this.#count > this.#maxCount;
  }

  #markSensitive(): void {
    if (this.#sensitive === undefined) this.#sensitive = [];
    this.#sensitive.push(this.#fields.length);
  }
}
