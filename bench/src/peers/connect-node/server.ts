/** The connect-node server: a handler for node:http2 that answers gRPC. Usage: server.js PORT */
import http2 from "node:http2";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { Bench } from "../../gen/bench_pb.js";
import { Greeter } from "../../gen/greeting_pb.js";
import { STREAM_LENGTH, streamText } from "../../harness/messages.js";

const handler = connectNodeAdapter({
  routes(router) {
    router.service(Greeter, {
      async sayHello({ name }) {
        return { message: `Hello, ${name}! Welcome to gRPC.` };
      },
    });
    router.service(Bench, {
      async *stream({ count }) {
        const length = count || STREAM_LENGTH;
        for (let index = 0; index < length; index++) yield { message: streamText(index) };
      },
      async echo({ data }) {
        return { data };
      },
    });
  },
});

http2.createServer(handler).listen(Number(process.argv[2]), "127.0.0.1");
