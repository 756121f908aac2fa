/**
 * The network on which the servers and channels of these tests meet: the system's, unless `in-memory.test.ts` has chosen the other
 * one for its process. What holds for calls holds on both.
 */
import { type Clock, systemClock } from "../../core/clock.js";
import { InMemoryPlatform } from "../../in-memory/in-memory-platform.js";
import { nodePlatform } from "../../node/node-platform.js";
import type { Platform } from "../../transport/platform.js";

let platform: Platform = nodePlatform;

/** From now on, everything is in memory. */
export function chooseInMemoryNetwork(): void {
  platform = new InMemoryPlatform(systemClock, nodePlatform.compressions);
}

/** Whether tests that speak to the system's sockets themselves have somebody to speak to. */
export function hasSystemSockets(): boolean {
  return platform === nodePlatform;
}

/** The network, with a clock of its own for who uses it. */
export function platformWith(clock: Clock): Platform {
  const { compressions, listen, prepareTls, connect } = platform;
  return {
    clock,
    compressions,
    listen: listen.bind(platform),
    prepareTls: prepareTls.bind(platform),
    connect: connect.bind(platform),
  };
}
