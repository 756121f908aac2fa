/** Performs one case of the cross-language tests on grpc-js and prints its result as one line of JSON. */
import { parseArgs } from "node:util";
import { credentials } from "@grpc/grpc-js";
import * as endings from "./cases/endings.js";
import * as examples from "./cases/examples.js";
import * as load from "./cases/load.js";
import * as metadata from "./cases/metadata.js";
import * as serverEnds from "./cases/server-ends.js";

const cases = {
  greeter: examples.greeter,
  unary: examples.unary,
  bidirectional: examples.bidirectional,
  product: examples.product,
  category: examples.category,
  upload: examples.upload,
  metadata: metadata.metadataBothWays,
  fail: metadata.failures,
  deadline: endings.deadline,
  cancel: endings.cancellation,
  "unknown-method": endings.unknownMethod,
  "unknown-service": endings.unknownService,
  "send-bodies": load.sendBodies,
  "receive-bodies": load.receiveBodies,
  "slow-reader": load.slowReader,
  "slow-server": load.slowServer,
  "early-answers": load.earlyAnswers,
  concurrent: load.concurrentCalls,
  "graceful-shutdown": serverEnds.gracefulShutdown,
  "killed-server": serverEnds.killedServer,
};

const { values } = parseArgs({
  options: { address: { type: "string" }, case: { type: "string" }, input: { type: "string", default: "{}" } },
});
const perform = cases[values.case];
if (!perform) throw new Error(`there is no case "${values.case}"`);

let client;
const connect = (Client) => {
  client = new Client(values.address, credentials.createInsecure());
  return client;
};
const result = await perform(connect, JSON.parse(values.input));
client.close();
console.log(JSON.stringify(result));
