/**
 * The string methods that every Node `Buffer` has but that `@types/node` does not declare.
 *
 * `buffer.toString("utf8", …)` and `buffer.write(…)` end in these after looking up the encoding by name; the codecs call
 * them directly.
 */
export interface NativeBuffer extends Buffer {
  utf8Write(text: string, offset: number): number;
  utf8Slice(start: number, end: number): string;
  latin1Slice(start: number, end: number): string;
}
