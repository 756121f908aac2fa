/** The client's cases against a server that does nothing of what they want: a case that passes here would see no mistake. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { createServer, type ServiceHandlers } from "heddle";
import { EmptySchema } from "../../gen/grpc/testing/empty_pb.js";
import { TestService, UnimplementedService } from "../../gen/grpc/testing/test_pb.js";
import { parseClientFlags } from "../client-flags.js";
import { Session } from "./client-case.js";
import { clientCases } from "./index.js";

/** What these cases want to see does not come from the server, or not only. */
const ELSEWHERE = new Set([
  "cancel_after_begin",
  "timeout_on_sleeping_server",
  "jwt_token_creds",
  "oauth2_auth_token",
  "per_rpc_creds",
]);

/** It has a field that there is not. */
const notEmpty = create(EmptySchema);
notEmpty.$unknown = [{ no: 1, wireType: 0, data: Buffer.from([1]) }];

/** Every call succeeds, with a message in which nothing is right; streams have one such message. */
const wrongHandlers: ServiceHandlers<typeof TestService> = {
  emptyCall: () => notEmpty,
  unaryCall: () => ({}),
  cacheableUnaryCall: () => ({}),
  streamingOutputCall: () => [{}],
  streamingInputCall: () => ({}),
  fullDuplexCall: () => [{}],
  halfDuplexCall: () => [{}],
  unimplementedCall: () => ({}),
};

const server = createServer()
  .add(TestService, wrongHandlers)
  .add(UnimplementedService, { unimplementedCall: () => ({}) });
const { port } = await server.listen("127.0.0.1:0");
const flags = ["--server_host=127.0.0.1", `--server_port=${port}`, "--soak_iterations=2"];
after(() => server.shutdown());

for (const [name, perform] of Object.entries(clientCases)) {
  if (ELSEWHERE.has(name)) continue;
  test(`${name} fails with a server that does everything wrong`, async () => {
    const session = new Session(parseClientFlags(flags));
    try {
      await assert.rejects(perform(session), assert.AssertionError);
    } finally {
      await session[Symbol.asyncDispose]();
    }
  });
}
