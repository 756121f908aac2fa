import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { formatTimeout, parseTimeout } from "./timeout.js";

const UNITS_MS = { n: 1e-6, u: 1e-3, m: 1, S: 1e3, M: 60e3, H: 3600e3 } as const;
const LONGEST_MS = 99_999_999 * UNITS_MS.H;

const timeouts = fc.oneof(
  fc.double({ min: Number.MIN_VALUE, max: LONGEST_MS, noNaN: true }),
  fc.integer({ min: 1, max: 2 ** 31 }),
  // Around the numbers at which the unit changes.
  fc
    .tuple(fc.constantFrom(...Object.values(UNITS_MS)), fc.double({ min: 0.999_999, max: 1.000_001, noNaN: true }))
    .map(([unitMs, factor]) => Math.min(99_999_999 * unitMs * factor, LONGEST_MS)),
  // A hair more than a whole number of units, where a product of floating-point numbers may lose the hair.
  fc
    .tuple(fc.constantFrom(...Object.values(UNITS_MS)), fc.integer({ min: 1, max: 99_999_998 }))
    .map(([unitMs, units]) => units * unitMs * (1 + Number.EPSILON)),
);

test("what is written has one to eight digits and a unit, and is never shorter than the timeout", () => {
  fc.assert(
    fc.property(timeouts, (timeoutMs) => {
      const text = formatTimeout(timeoutMs);
      assert.match(text, /^[1-9][0-9]{0,7}[HMSmun]$/);
      const parsedMs = parseTimeout(text);
      assert.ok(parsedMs !== undefined && parsedMs >= timeoutMs, `${text} is shorter than ${timeoutMs} ms`);
    }),
    { numRuns: 5000 },
  );
});

test("a timeout is lengthened by less than one unit, or a ten-millionth of itself", () => {
  fc.assert(
    fc.property(timeouts, (timeoutMs) => {
      const text = formatTimeout(timeoutMs);
      const unitMs = UNITS_MS[text.at(-1) as keyof typeof UNITS_MS];
      const tolerance = 1 + 1e-12; // of floating-point numbers
      assert.ok((parseTimeout(text) as number) <= (timeoutMs + unitMs) * tolerance, `${timeoutMs} ms became ${text}`);
      // A coarser unit is taken only where the finer one would need nine digits.
      if (unitMs > 1e-6) assert.ok((parseTimeout(text) as number) / unitMs >= 99_999_999 / 3600, text);
    }),
    { numRuns: 5000 },
  );
});

test("the finest unit with at most eight digits is chosen", () => {
  const cases: [timeoutMs: number, text: string][] = [
    [0.000_001, "1n"],
    [0.000_000_1, "1n"],
    [1, "1000000n"],
    [99.999_999, "99999999n"],
    [99.999_999_5, "100000u"],
    [100, "100000u"],
    [500, "500000u"],
    [99_999.999, "99999999u"],
    [100_000, "100000m"],
    [99_999_999, "99999999m"],
    [99_999_999.5, "100000S"],
    [1e11 - 1000, "99999999S"],
    [1e11, "1666667M"],
    [99_999_999 * 60e3 + 1, "1666667H"],
    [LONGEST_MS, "99999999H"],
  ];
  for (const [timeoutMs, text] of cases) assert.equal(formatTimeout(timeoutMs), text, String(timeoutMs));
});

test("what no text can say becomes the nearest that one can", () => {
  assert.equal(formatTimeout(0), "1n");
  assert.equal(formatTimeout(-5), "1n");
  assert.equal(formatTimeout(LONGEST_MS + 1), "99999999H");
  assert.equal(formatTimeout(Number.POSITIVE_INFINITY), "99999999H");
});

test("all units are read", () => {
  for (const [letter, unitMs] of Object.entries(UNITS_MS)) {
    assert.equal(parseTimeout(`8${letter}`), letter === "n" ? 8 / 1e6 : letter === "u" ? 8 / 1e3 : 8 * unitMs);
    assert.equal(parseTimeout(`00000001${letter}`), parseTimeout(`1${letter}`));
    assert.ok((parseTimeout(`99999999${letter}`) as number) > 0);
  }
  assert.equal(parseTimeout("0m"), 0);
});

test("anything else is malformed", () => {
  const malformed = [
    "",
    "m",
    "1",
    "100000000m",
    "-1m",
    "+1m",
    "1.5S",
    "1e3m",
    " 1m",
    "1m ",
    "1 m",
    "1s",
    "1h",
    "1µ",
    "0x1m",
    "١m",
    "1mm",
    "1ms",
  ];
  for (const text of malformed) assert.equal(parseTimeout(text), undefined, JSON.stringify(text));
});

test("a text is read exactly when it follows the grammar", () => {
  const texts = fc.oneof(
    fc.string({ unit: fc.constantFrom("0", "1", "9", "H", "M", "S", "m", "u", "n", "x", "-"), maxLength: 11 }),
    fc.string(),
  );
  fc.assert(
    fc.property(texts, (text) => {
      assert.equal(parseTimeout(text) !== undefined, /^[0-9]{1,8}[HMSmun]$/.test(text));
    }),
    { numRuns: 5000 },
  );
});

test("a hostile text of a megabyte costs nothing", () => {
  assert.equal(parseTimeout(`${"9".repeat(1 << 20)}m`), undefined);
});
