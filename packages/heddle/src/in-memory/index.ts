/** heddle/testing: servers and clients in one process without sockets, and a clock that stands still. For tests of services. */
export type { Clock, TimerHandle } from "../core/clock.js";
export { FakeClock } from "../core/fake-clock.js";
export { createInMemoryNetwork, type InMemoryNetwork, type InMemoryNetworkOptions } from "./network.js";
