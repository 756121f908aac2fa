/** Tells the caller that its message has come, and repeats it. */
import { createServer } from "heddle";
import { readOptions, serverOptions } from "../shared/options.js";
import { serve } from "../shared/serve.js";
import { Unary } from "./gen/unary_pb.js";

const options = readOptions(serverOptions);

const server = createServer().add(Unary, {
  getServerResponse({ message }) {
    return { message: `Hello I am up and running. Received ‘${message}’ message from you`, received: true };
  },
});

await serve(server, options);
