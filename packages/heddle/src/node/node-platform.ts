/** Node.js as a {@link Platform}. */
import { systemClock } from "../core/clock.js";
import type { Platform } from "../transport/platform.js";
import { NodeClientTls } from "./client-tls.js";
import { connect } from "./connect.js";
import { listen } from "./listen.js";
import { zlibCompressions } from "./zlib-compression.js";

export const nodePlatform: Platform = {
  clock: systemClock,
  compressions: zlibCompressions,
  listen(address, onSocket, tls) {
    return listen(this.clock, address, onSocket, tls);
  },
  prepareTls: (options, host) => new NodeClientTls(options, host),
  connect,
};
