/**
 * gRPC's interop server, on heddle: `node interop/dist/server.js --port=8080 --use_tls=false`.
 *
 * It listens on every interface, prints "listening on <address>", and ends in order on SIGTERM and SIGINT.
 * Source: https://github.com/grpc/grpc/blob/master/doc/interop-test-descriptions.md
 */
import { createServer } from "heddle";
import { TestService } from "./gen/grpc/testing/test_pb.js";
import { createAuthenticator } from "./official/auth/authenticator.js";
import { listen } from "./official/heddle-options.js";
import { addPartly } from "./official/served-methods.js";
import { parseServerFlags } from "./official/server-flags.js";
import { createTestService } from "./official/test-service.js";

const { port, tls, trustFile } = parseServerFlags(process.argv.slice(2));
const authenticate = trustFile === undefined ? undefined : createAuthenticator(trustFile);

const server = addPartly(createServer(), TestService, createTestService(authenticate));
const { address } = await listen(server, `:${port}`, tls);
console.log(`listening on ${address}`);
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, shutdown);

function shutdown(): void {
  server.shutdown().catch((error: unknown) => {
    console.error("the shutdown failed:", error);
    process.exitCode = 1;
  });
}
