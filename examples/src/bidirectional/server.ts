/** Answers each message of a stream as soon as it has come, while the caller is still sending. */
import { createServer } from "heddle";
import { readOptions, serverOptions } from "../shared/options.js";
import { serve } from "../shared/serve.js";
import { Bidirectional } from "./gen/bidirectional_pb.js";

const options = readOptions(serverOptions);

const server = createServer().add(Bidirectional, {
  async *getServerResponse(requests) {
    for await (const request of requests) yield { message: answerTo(request.message) };
  },
});

await serve(server, options);

/** `… Sending you the First message` is answered by its ordinal; any other text is repeated in the answer. */
function answerTo(text: string): string {
  const ordinal = /^Hello Server Sending you the (\w+) message$/.exec(text)?.[1];
  return ordinal === undefined
    ? `Hello from the server received your message: ${text}`
    : `Hello from the server received your ${ordinal} message`;
}
