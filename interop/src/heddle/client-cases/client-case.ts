/** What the client's side of several cases needs. A case gives what it observed; it judges nothing. */
import { type Channel, RpcError, StatusCode } from "heddle";

/** Bounds the calls that only help a case to observe another one. */
export const sideCall = { timeoutMs: 10_000 } as const;

/** The client's side of a case; src/cases tells its input and what must come out. */
export type ClientCase = (channel: Channel, input: never) => Promise<object>;

/** The code with which something ended. Fails when it threw anything but an `RpcError`. */
export async function codeOf(perform: () => Promise<unknown>): Promise<StatusCode> {
  try {
    await perform();
    return StatusCode.OK;
  } catch (error) {
    if (error instanceof RpcError) return error.code;
    throw error;
  }
}

/** The error with which something must fail. */
export async function failureOf(perform: () => Promise<unknown>): Promise<RpcError> {
  try {
    await perform();
  } catch (error) {
    if (error instanceof RpcError) return error;
    throw error;
  }
  throw new Error("a call succeeded that should have failed");
}

/** The next message of a stream that must have one. */
export async function next<T>(messages: AsyncIterator<T>): Promise<T> {
  const { done, value } = await messages.next();
  if (done) throw new Error("the stream ended where a message was awaited");
  return value;
}

/** Reads a stream to its end and throws its messages away. */
export async function discard(messages: AsyncIterator<unknown>): Promise<void> {
  while (!(await messages.next()).done);
}

/** Hexadecimal text of bytes. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
