/**
 * The text of the `grpc-timeout` header: up to eight digits and a unit.
 *
 * It does not decide what an expired or absent timeout means.
 * Source: "Timeout" in https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */

const MAX_DIGITS = 8;
const MAX_VALUE = 99_999_999;
const DIGIT_0 = "0".charCodeAt(0);

/** `count` units are `lengthMs` milliseconds: two whole numbers, since a nanosecond in milliseconds is no exact fraction. */
interface Unit {
  readonly letter: string;
  readonly letterCode: number;
  readonly count: number;
  readonly lengthMs: number;
}

const hour = unit("H", 1, 3_600_000);
const unitsFinestFirst: readonly Unit[] = [
  unit("n", 1_000_000, 1),
  unit("u", 1_000, 1),
  unit("m", 1, 1),
  unit("S", 1, 1_000),
  unit("M", 1, 60_000),
  hour,
];

function unit(letter: string, count: number, lengthMs: number): Unit {
  return { letter, letterCode: letter.charCodeAt(0), count, lengthMs };
}

/**
 * Writes a timeout in the finest unit in which it has at most eight digits, rounded up, so that the peer never gives up earlier
 * than we do. A timeout that is zero or negative becomes the shortest one, `1n` (the caller should have failed without sending
 * anything); one beyond 99,999,999 hours, and `Infinity`, becomes that limit. NaN is the caller's mistake, to be refused earlier.
 */
export function formatTimeout(timeoutMs: number): string {
  for (const unit of unitsFinestFirst) {
    const value = unitsIn(timeoutMs, unit);
    if (value <= MAX_VALUE) return `${Math.max(value, 1)}${unit.letter}`;
  }
  return `${MAX_VALUE}${hour.letter}`;
}

/** How many units cover the timeout; one more where the floating-point quotient fell short of the true one. */
function unitsIn(timeoutMs: number, unit: Unit): number {
  const value = Math.ceil((timeoutMs * unit.count) / unit.lengthMs);
  return toMs(value, unit) < timeoutMs ? value + 1 : value;
}

function toMs(value: number, unit: Unit): number {
  return (value * unit.lengthMs) / unit.count;
}

/**
 * Reads a timeout; the answer is in milliseconds, with fractions. `undefined` means that the text is malformed, which makes the
 * request malformed (HTTP 400). Zero is accepted, as grpc-go does: such a call has expired when it arrives.
 */
export function parseTimeout(text: string): number | undefined {
  const digits = text.length - 1;
  if (digits < 1 || digits > MAX_DIGITS) return undefined;
  let value = 0;
  for (let i = 0; i < digits; i++) {
    const digit = text.charCodeAt(i) - DIGIT_0;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  const letterCode = text.charCodeAt(digits);
  for (const unit of unitsFinestFirst) {
    if (unit.letterCode === letterCode) return toMs(value, unit);
  }
  return undefined;
}
