/** The requests that attacks on a server are made of. */
import { data, headers, MAX_WINDOW_BYTES, windowUpdate } from "../frames/frame.js";
import { requestBlock } from "../frames/header-block.js";
import { message, request } from "../frames/message.js";

/** A call whose handler runs at once, since it takes a stream of requests, and goes on until it is told to stop. */
export const IGNORE_BLOCK: Buffer = requestBlock("Ignore");
export const ECHO_BLOCK: Buffer = requestBlock("Echo");
export const STUBBORN_BLOCK: Buffer = requestBlock("Stubborn");
export const UPLOAD_BLOCK: Buffer = requestBlock("Upload");
const DOWNLOAD_BLOCK: Buffer = requestBlock("Download");

/** A complete call with an empty request. */
export function unaryCall(streamId: number, block: Buffer): Buffer {
  return Buffer.concat([headers(streamId, block), data(streamId, message(), true)]);
}

/** A complete call that asks for `count` messages of `size` octets. */
export function download(streamId: number, count: number, size: number): Buffer {
  return Buffer.concat([headers(streamId, DOWNLOAD_BLOCK), data(streamId, request(count, size), true)]);
}

/** The first `count` stream ids of a client. */
export function streamIds(count: number): number[] {
  return Array.from({ length: count }, (_, i) => 2 * i + 1);
}

/** The same frames on each of the first `count` streams. */
export function onStreams(count: number, make: (streamId: number) => Buffer): Buffer {
  return Buffer.concat(streamIds(count).map(make));
}

/** Lets the victim send on the connection whatever it has. */
export const OPEN_CONNECTION_WINDOW: Buffer = windowUpdate(0, MAX_WINDOW_BYTES - 65_535);
