/**
 * Reads the values of the interop programs' flags. Their names and defaults are gRPC's.
 * Source: https://github.com/grpc/grpc/blob/master/doc/interop-test-descriptions.md
 */

/** A `--name=BOOLEAN`. Throws for anything but `true` and `false`, in any case. */
export function booleanFlag(name: string, text: string): boolean {
  const lower = text.toLowerCase();
  if (lower === "true") return true;
  if (lower === "false") return false;
  throw new TypeError(`--${name} is "${text}"; it must be true or false`);
}

/** A `--name=NUMBER`. Throws for what is no integer, or is less than `least`. */
export function integerFlag(name: string, text: string, least: number): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isSafeInteger(value) && value >= least) return value;
  throw new TypeError(`--${name} is "${text}"; it must be an integer of at least ${least}`);
}
