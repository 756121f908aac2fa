/** Greets whoever asks: the smallest server. */
import { createServer } from "heddle";
import { readOptions, serverOptions } from "../shared/options.js";
import { serve } from "../shared/serve.js";
import { Greeter } from "./gen/greeter_pb.js";

const options = readOptions(serverOptions);

const server = createServer().add(Greeter, {
  sayHello(request) {
    return { message: `Hello, ${request.name}! Welcome to gRPC.` };
  },
});

await serve(server, options);
