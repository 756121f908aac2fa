/** Node.js as a {@link Platform}. */
import { systemClock } from "../core/clock.js";
import type { Platform } from "../transport/platform.js";
import { connectTcp, listenTcp } from "./tcp.js";
import { zlibCompressions } from "./zlib-compression.js";

export const nodePlatform: Platform = {
  clock: systemClock,
  compressions: zlibCompressions,
  listen: listenTcp,
  connect: connectTcp,
};
