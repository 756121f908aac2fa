/**
 * The text of a generated function, and the only place that turns text into code.
 *
 * Safety: a generated function consists of text that is written in this folder, of decimal numbers, and of property names
 * that `quote` made. Everything else from a schema (descriptors, type names, defaults) is a value that the function gets as
 * an argument, under the name that `constant` gives it.
 */

/** Whether this runtime lets code be generated; not so under --disallow-code-generation-from-strings or a strict CSP. */
export function canGenerateCode(): boolean {
  try {
    new Function("");
    return true;
  } catch {
    return false;
  }
}

/**
 * A property name as a string literal. No name can end the literal or the line.
 *
 * `__proto__` is refused: assigning it would not make a property. The library never gives a field this name (the field
 * `__proto__` of a `.proto` file becomes the property `Proto`), so only a descriptor that was tampered with has it.
 */
export function quote(name: string): string {
  if (name === "__proto__") throw new TypeError("a message cannot have a property with the name __proto__");
  return JSON.stringify(name).replace(/[\u2028\u2029]/g, (c) => (c === "\u2028" ? "\\u2028" : "\\u2029"));
}

/** A finite number as a literal. */
export function literal(value: number): string {
  if (!Number.isSafeInteger(value)) throw new TypeError(`${value} is not an integer`);
  return String(value);
}

/** Collects the parts of one function. */
export class Source {
  readonly #constants: unknown[] = [];
  readonly #declarations: string[] = [];
  readonly #body: string[] = [];

  /** A name for a value that the code needs. The same value gets the same name. */
  constant(value: unknown): string {
    let index = this.#constants.findIndex((known) => Object.is(known, value));
    if (index < 0) index = this.#constants.push(value) - 1;
    return `K${index}`;
  }

  /** Adds a variable or a function that outlives a call. Only for text of this folder. */
  declare(code: string): void {
    this.#declarations.push(code);
  }

  /** A name ending that no other declaration has. */
  uniqueSuffix(): string {
    return String(this.#declarations.length);
  }

  /** Adds to the function. Only for text of this folder. */
  add(...code: string[]): void {
    this.#body.push(...code);
  }

  /** Takes what was added so far out of the function, to be put into a declaration. */
  takeBody(): string {
    return this.#body.splice(0).join("\n");
  }

  /**
   * Compiles the function expression that was added. `helpers` are the functions that the code calls by their names.
   */
  compile(helpers: Readonly<Record<string, unknown>>): unknown {
    const names = this.#constants.map((_, index) => `K${index}`);
    const text = [
      '"use strict";',
      `const {${Object.keys(helpers).join(",")}}=helpers;`,
      `const [${names.join(",")}]=constants;`,
      ...this.#declarations,
      `return ${this.takeBody()}`,
    ].join("\n");
    return new Function("helpers", "constants", text)(helpers, this.#constants);
  }
}
