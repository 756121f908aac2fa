/**
 * The suites that speak of calls, and not of the system's sockets, once more over the in-memory network: it has to be the same to
 * everything above it.
 */
import { chooseInMemoryNetwork } from "./testing/test-network.js";

const SUITES = [
  "calls",
  "metadata",
  "status",
  "deadline",
  "cancellation",
  "endings",
  "backpressure",
  "limits",
  "header-limits",
  "shutdown",
];

chooseInMemoryNetwork();
for (const suite of SUITES) await import(`./${suite}.test.js`);
