/** Sends one message and prints the whole response, one field to a line. */
import { createClient } from "heddle";
import { clientOptions, readOptions } from "../shared/options.js";
import { runClient } from "../shared/run-client.js";
import { Unary } from "./gen/unary_pb.js";

await runClient(readOptions(clientOptions), async (channel) => {
  const unary = createClient(Unary, channel);
  const response = await unary.getServerResponse({ message: "Hello Server you there?" }, { timeoutMs: 5_000 });
  // JSON puts the text in quotes and escapes what would break the line; letters and typographic quotes stay as they are.
  console.log(`message: ${JSON.stringify(response.message)}`);
  console.log(`received: ${response.received}`);
});
