/** How an option that limits the size of a message is read. */

/** The option's value, or its default. Throws a `RangeError` that names the option when it is no size; `Infinity` is one. */
export function messageLimit(option: string, bytes: number | undefined, defaultBytes: number): number {
  if (bytes === undefined) return defaultBytes;
  if (bytes >= 0) return bytes;
  throw new RangeError(`${option} is ${bytes}; it takes a number of octets from 0 on, or Infinity`);
}
