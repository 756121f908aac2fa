/**
 * The encoder's view of both tables: which index a field or a name has now. RFC 7541 section 2.3.3.
 *
 * It keeps the dynamic table, and maps from names and values to the entries, in step. What should be inserted is not its matter.
 */
import { DynamicTable, entryBytes } from "./dynamic-table.js";
import { STATIC_INDEX, STATIC_TABLE_LENGTH, type StaticName } from "./static-table.js";

/** What the dynamic table holds of one name. Entries go by the number of their insertion, as their indices change. */
class DynamicName {
  readonly inStaticTable: StaticName | undefined;
  /** The newest entry of this name. */
  newest: number;
  /** Entries by value. */
  readonly values: Map<string, number>;

  constructor(inStaticTable: StaticName | undefined, value: string, entry: number) {
    this.inStaticTable = inStaticTable;
    this.newest = entry;
    this.values = new Map([[value, entry]]);
  }
}

export class FieldIndex {
  readonly #table = new DynamicTable();
  readonly #names = new Map<string, DynamicName>();

  /** The dynamic table's size limit, in octets. */
  get maxSizeBytes(): number {
    return this.#table.maxSizeBytes;
  }

  /** A number that changes with each change of the dynamic table, and so of indices. */
  get generation(): number {
    return this.#table.generation;
  }

  /** The index of this very field; if there is none, minus the index of a field of this name; if there is none, 0. */
  find(name: string, value: string): number {
    const dynamic = this.#names.get(name);
    if (dynamic === undefined) {
      const known = STATIC_INDEX.get(name);
      return known === undefined ? 0 : (known.values.get(value) ?? -known.index);
    }
    const entry = dynamic.values.get(value);
    if (entry !== undefined) return this.#indexOf(entry);
    const known = dynamic.inStaticTable;
    return known === undefined ? -this.#indexOf(dynamic.newest) : (known.values.get(value) ?? -known.index);
  }

  /** Whether inserting the field would evict others. */
  wouldEvict(name: string, value: string): boolean {
    return this.#table.sizeBytes + entryBytes(name, value) > this.#table.maxSizeBytes;
  }

  /** Inserts a field that is not in the tables and not larger than this one. Evicts the oldest ones that are in its way. */
  insert(name: string, value: string): void {
    this.#evictDownTo(this.#table.maxSizeBytes - entryBytes(name, value));
    const entry = this.#table.insertions;
    const dynamic = this.#names.get(name);
    if (dynamic === undefined) {
      this.#names.set(name, new DynamicName(STATIC_INDEX.get(name), value, entry));
    } else {
      dynamic.newest = entry;
      dynamic.values.set(value, entry);
    }
    this.#table.insert(name, value);
  }

  /** Changes the dynamic table's size limit, and evicts what is over it. */
  resize(maxSizeBytes: number): void {
    this.#evictDownTo(maxSizeBytes);
    this.#table.resize(maxSizeBytes);
  }

  #evictDownTo(bytes: number): void {
    while (this.#table.sizeBytes > bytes) this.#evictOldest();
  }

  #evictOldest(): void {
    const table = this.#table;
    const entry = table.insertions - table.count;
    const name = table.name(table.count - 1);
    const value = table.value(table.count - 1);
    const dynamic = this.#names.get(name) as DynamicName;
    // The newest one of this name goes last.
    if (dynamic.newest === entry) this.#names.delete(name);
    else dynamic.values.delete(value);
    table.evictOldest();
  }

  #indexOf(entry: number): number {
    return STATIC_TABLE_LENGTH + this.#table.insertions - entry;
  }
}
