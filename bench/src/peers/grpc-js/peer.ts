/** The gRPC of Node in plain JavaScript, on node:http2, with the messages of @grpc/proto-loader. */
import { createNodePeer } from "../../harness/node-peer.js";

export const grpcJs = createNodePeer("grpc-js", "@grpc/grpc-js");
