/** Node.js as a {@link Platform}. */
import { systemClock } from "../core/clock.js";
import type { Platform } from "../transport/platform.js";
import { connectTcp, listenTcp } from "./tcp.js";

export const nodePlatform: Platform = { clock: systemClock, listen: listenTcp, connect: connectTcp };
