/** All peers, in the order in which they take their turns. */
import type { Peer } from "../harness/peer.js";
import { ceiling } from "./ceiling/peer.js";
import { connectNode } from "./connect-node/peer.js";
import { grpcGo } from "./grpc-go/peer.js";
import { grpcJs } from "./grpc-js/peer.js";
import { grpcio } from "./grpcio/peer.js";
import { heddle } from "./heddle/peer.js";
import { niceGrpc } from "./nice-grpc/peer.js";

export const peers: readonly Peer[] = [heddle, ceiling, grpcGo, grpcJs, niceGrpc, connectNode, grpcio];
