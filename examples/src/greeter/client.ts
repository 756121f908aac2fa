/** Asks for one greeting: the smallest client. */
import { createClient } from "heddle";
import { clientOptions, readOptions } from "../shared/options.js";
import { runClient } from "../shared/run-client.js";
import { Greeter } from "./gen/greeter_pb.js";

await runClient(readOptions(clientOptions), async (channel) => {
  const greeter = createClient(Greeter, channel);
  const reply = await greeter.sayHello({ name: "Alice" }, { timeoutMs: 5_000 });
  console.log(`Greeter client received: ${reply.message}`);
});
