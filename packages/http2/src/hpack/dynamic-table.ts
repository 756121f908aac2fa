/**
 * The dynamic table of one direction of a connection: a queue of fields, the oldest of which make room for new ones.
 * RFC 7541 sections 2.3.2 and 4.
 *
 * Entries are found by their position from the newest one; who looks for a name or a value has its own index of it.
 */
import { FIELD_OVERHEAD_BYTES } from "./header-list.js";

/** The table's size limit until something else is agreed on. RFC 9113 section 6.5.2. */
export const DEFAULT_TABLE_BYTES = 4096;

/** The room in a new table, in entries; it doubles when needed, up to the one entry per 32 octets that a table can hold. */
const INITIAL_CAPACITY = 16;

/** What an entry counts in the table, in octets. RFC 7541 section 4.1. */
export function entryBytes(name: string, value: string): number {
  return name.length + value.length + FIELD_OVERHEAD_BYTES;
}

export class DynamicTable {
  /** How many entries there are. */
  count = 0;
  /** Their sizes, summed up, in octets. */
  sizeBytes = 0;
  /** What `sizeBytes` may not exceed. */
  maxSizeBytes = DEFAULT_TABLE_BYTES;
  /** How many entries were ever inserted. The newest one has the number `insertions - 1`, the oldest `insertions - count`. */
  insertions = 0;
  /** A number that is another one whenever indices may mean something else, or fields be kept by another limit, than before. */
  generation = 0;

  // Rings: the entry of number n is in slot `n & #mask`.
  #names: string[] = new Array<string>(INITIAL_CAPACITY).fill("");
  #values: string[] = new Array<string>(INITIAL_CAPACITY).fill("");
  #mask = INITIAL_CAPACITY - 1;

  /** The name of an entry, counted from the newest one, which is 0. It must exist. */
  name(position: number): string {
    return this.#names[(this.insertions - 1 - position) & this.#mask] as string;
  }

  /** The value of an entry, counted from the newest one, which is 0. It must exist. */
  value(position: number): string {
    return this.#values[(this.insertions - 1 - position) & this.#mask] as string;
  }

  /** Inserts an entry, after evicting what is in its way. One that is larger than the table empties it. RFC 7541 section 4.4. */
  insert(name: string, value: string): void {
    const bytes = entryBytes(name, value);
    this.makeRoom(bytes);
    if (bytes > this.maxSizeBytes) return;
    if (this.count > this.#mask) this.#grow();
    const slot = this.insertions & this.#mask;
    this.#names[slot] = name;
    this.#values[slot] = value;
    this.insertions++;
    this.count++;
    this.sizeBytes += bytes;
    this.generation++;
  }

  /** Evicts entries until an entry of `bytes` fits, or none is left. */
  makeRoom(bytes: number): void {
    while (this.count > 0 && this.sizeBytes + bytes > this.maxSizeBytes) this.evictOldest();
  }

  /** Removes the oldest entry. There must be one. */
  evictOldest(): void {
    const slot = (this.insertions - this.count) & this.#mask;
    this.sizeBytes -= entryBytes(this.#names[slot] as string, this.#values[slot] as string);
    this.#names[slot] = "";
    this.#values[slot] = "";
    this.count--;
    this.generation++;
  }

  /** Changes the size limit, and evicts what is over it. RFC 7541 section 4.3. */
  resize(maxSizeBytes: number): void {
    this.maxSizeBytes = maxSizeBytes;
    this.generation++;
    this.makeRoom(0);
  }

  #grow(): void {
    const capacity = 2 * (this.#mask + 1);
    const names = new Array<string>(capacity).fill("");
    const values = new Array<string>(capacity).fill("");
    for (let n = this.insertions - this.count; n < this.insertions; n++) {
      names[n & (capacity - 1)] = this.#names[n & this.#mask] as string;
      values[n & (capacity - 1)] = this.#values[n & this.#mask] as string;
    }
    this.#names = names;
    this.#values = values;
    this.#mask = capacity - 1;
  }
}
