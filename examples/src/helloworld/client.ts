/** Asks for a greeting, and says who asks with a message of another .proto file. */
import { createClient } from "heddle";
import { clientOptions, readOptions } from "../shared/options.js";
import { runClient } from "../shared/run-client.js";
import { Greeter } from "./pb/helloworld_pb.js";

await runClient(readOptions(clientOptions), async (channel) => {
  const greeter = createClient(Greeter, channel);
  const caller = { name: "helloworld-client", version: "1.0" };
  const reply = await greeter.sayHello({ name: "you", caller }, { timeoutMs: 5_000 });
  console.log(`Greeter client received: ${reply.message}`);
});
