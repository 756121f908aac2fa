/** nice-grpc: promises and async iterables on top of @grpc/grpc-js, with the messages of ts-proto. */
import { createNodePeer } from "../../harness/node-peer.js";

export const niceGrpc = createNodePeer("nice-grpc", "nice-grpc");
