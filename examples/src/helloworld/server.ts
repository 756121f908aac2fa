/** A greeter whose messages come from two include paths; the server logs which program called. */
import { createServer } from "heddle";
import { readOptions, serverOptions } from "../shared/options.js";
import { serve } from "../shared/serve.js";
import { Greeter } from "./pb/helloworld_pb.js";

const options = readOptions(serverOptions);

const server = createServer().add(Greeter, {
  sayHello({ name, caller }, call) {
    // The caller chose this text: JSON keeps its line breaks and control characters out of the log.
    if (caller)
      console.log(`called by ${JSON.stringify(`${caller.name} ${caller.version}`)} from ${call.peer.address}`);
    return { message: `Hello, ${name}!` };
  },
});

await serve(server, options);
