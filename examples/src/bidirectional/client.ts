/** Sends five messages and prints the answers as they come, both at the same time. */
import { setTimeout as pause } from "node:timers/promises";
import { createClient } from "heddle";
import { clientOptions, readOptions } from "../shared/options.js";
import { runClient } from "../shared/run-client.js";
import { Bidirectional } from "./gen/bidirectional_pb.js";

await runClient(readOptions(clientOptions), async (channel) => {
  const call = createClient(Bidirectional, channel).getServerResponse(undefined, { timeoutMs: 10_000 });

  const send = async () => {
    for (const ordinal of ["First", "Second", "Third", "Fourth", "Fifth"]) {
      const message = `Hello Server Sending you the ${ordinal} message`;
      console.log(`Sending: ${message}`);
      await call.send({ message });
      // Time for the answer: it does not wait for the end of the requests.
      await pause(50);
    }
    call.end();
  };
  const receive = async () => {
    for await (const { message } of call) console.log(`Received: ${message}`);
  };
  await Promise.all([send(), receive()]);
});
