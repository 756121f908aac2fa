/** heddle's server, with its defaults. Usage: server.js PORT */
import { createServer } from "heddle";
import { Bench } from "../../gen/bench_pb.js";
import { Greeter } from "../../gen/greeting_pb.js";
import { STREAM_LENGTH, streamText } from "../../harness/messages.js";

const server = createServer()
  .add(Greeter, {
    async sayHello({ name }) {
      return { message: `Hello, ${name}! Welcome to gRPC.` };
    },
  })
  .add(Bench, {
    async *stream({ count }) {
      const length = count || STREAM_LENGTH;
      for (let index = 0; index < length; index++) yield { message: streamText(index) };
    },
    async echo({ data }) {
      return { data };
    },
  });

await server.listen(`127.0.0.1:${process.argv[2]}`);
