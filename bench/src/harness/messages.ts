/** The messages of the scenarios, as the servers must answer them, and as bytes for h2load. */

export const NAME = "Alice";
export const GREETING = "Hello, Alice! Welcome to gRPC.";
/** How many messages bench.Bench/Stream answers when the request's count is not set. */
export const STREAM_LENGTH = 1_000;
export const ECHO_BYTES = 1024 * 1024;

const PREFIX_BYTES = 5;

/** The text of the n-th message of a stream. */
export function streamText(index: number): string {
  return `Hello ${index}`;
}

/** A message whose only field is number 1, a string shorter than 128 bytes, in the binary format. */
export function textMessage(text: string): Uint8Array {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x0a, bytes.length]), bytes]);
}

/** Bytes in the DATA frames of one answer made of such messages. */
export function answerBytes(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + PREFIX_BYTES + textMessage(text).length, 0);
}

/** The payload of the echo: bytes of every value, so that a wrong offset shows. */
export function echoPayload(): Buffer {
  return Buffer.from(Uint8Array.from({ length: ECHO_BYTES }, (_, index) => (index * 31 + (index >> 8)) & 0xff));
}
