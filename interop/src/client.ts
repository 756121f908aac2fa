/**
 * gRPC's interop client, on heddle: `node interop/dist/client.js --server_port=8080 --test_case=large_unary`.
 *
 * It performs one case and ends with 0, or tells what was wrong and ends with 1.
 * Source: https://github.com/grpc/grpc/blob/master/doc/interop-test-descriptions.md
 */
import { Session } from "./official/client-cases/client-case.js";
import { clientCases } from "./official/client-cases/index.js";
import { parseClientFlags } from "./official/client-flags.js";

const flags = parseClientFlags(process.argv.slice(2));
const perform = clientCases[flags.testCase];
if (perform === undefined) {
  throw new Error(`there is no case "${flags.testCase}"; there are ${Object.keys(clientCases).join(", ")}`);
}

const session = new Session(flags);
try {
  await perform(session);
  console.log(`${flags.testCase} passed`);
} catch (error) {
  console.error(`${flags.testCase} failed:`, error);
  process.exitCode = 1;
} finally {
  await session[Symbol.asyncDispose]();
}
