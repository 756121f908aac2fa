/** Connect for Node, by its gRPC protocol over HTTP/2 without TLS, with the messages of protobuf-es. */
import { createNodePeer } from "../../harness/node-peer.js";

export const connectNode = createNodePeer("connect-node", "@connectrpc/connect-node");
