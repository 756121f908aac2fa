/**
 * Serves every service of the cross-language tests on grpc-js.
 *
 * It prints "listening on <port>" when it is ready, and exits with 0 after a graceful shutdown.
 */
import { parseArgs } from "node:util";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { Bidirectional, Greeter, Probe, ProductService, Unary, Upload } from "./protos.js";
import { bidirectional, greeter, unary } from "./services/conversation.js";
import { createProbe } from "./services/probe.js";
import { productService } from "./services/product.js";
import { upload } from "./services/upload.js";

const { values } = parseArgs({ options: { port: { type: "string", default: "0" } } });

const server = new Server();
server.addService(Greeter.service, greeter);
server.addService(Unary.service, unary);
server.addService(Bidirectional.service, bidirectional);
server.addService(ProductService.service, productService);
server.addService(Upload.service, upload);
server.addService(Probe.service, createProbe(shutdown));

server.bindAsync(`127.0.0.1:${values.port}`, ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  console.log(`listening on ${port}`);
});

function shutdown() {
  server.tryShutdown((error) => {
    if (error) throw error;
  });
}
