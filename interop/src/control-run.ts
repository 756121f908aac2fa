/**
 * Tests the tests: runs every case among the other implementations, without heddle. `npm run control --workspace interop`
 *
 * A case that fails here says nothing about heddle. Each implementation is once the client and once the server.
 */
import type { Peer, Preparation } from "./harness/peer.js";
import { testPair } from "./harness/test-pair.js";
import { prepareGo } from "./toolchain/go.js";
import { prepareGrpcJs } from "./toolchain/grpc-js.js";
import { preparePython } from "./toolchain/python.js";

const python = ready(await preparePython());
const go = ready(await prepareGo());
const grpcJs = ready(await prepareGrpcJs());

testPair({ client: go, server: python });
testPair({ client: python, server: grpcJs });
testPair({ client: grpcJs, server: go });

function ready(preparation: Preparation): Peer {
  if (preparation.kind === "missing")
    throw new Error(`${preparation.reason}; the control run wants all implementations`);
  return preparation.peer;
}
