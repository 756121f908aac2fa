/** How a connection begins when nothing is wrong with it, in octets that need no answer. RFC 9113 section 3.4. */
import { PREFACE, SETTINGS_ACK, settings } from "../frames/frame.js";

/** A client's; with the entries of its SETTINGS. The server's SETTINGS are acknowledged before they are read. */
export function clientGreeting(...entries: readonly (readonly [id: number, value: number])[]): Buffer {
  return Buffer.concat([PREFACE, settings(...entries), SETTINGS_ACK]);
}

/** A server's. */
export function serverGreeting(...entries: readonly (readonly [id: number, value: number])[]): Buffer {
  return Buffer.concat([settings(...entries), SETTINGS_ACK]);
}
