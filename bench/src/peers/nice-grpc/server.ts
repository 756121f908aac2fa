/** The nice-grpc server. Usage: server.js PORT */
import { createServer } from "nice-grpc";
import { STREAM_LENGTH, streamText } from "../../harness/messages.js";
import { BenchDefinition, type BenchServiceImplementation } from "./gen/bench.js";
import { GreeterDefinition, type GreeterServiceImplementation } from "./gen/greeting.js";

const greeter: GreeterServiceImplementation = {
  async sayHello({ name }) {
    return { message: `Hello, ${name}! Welcome to gRPC.` };
  },
};

const bench: BenchServiceImplementation = {
  async *stream({ count }) {
    const length = count || STREAM_LENGTH;
    for (let index = 0; index < length; index++) yield { message: streamText(index) };
  },
  async echo({ data }) {
    return { data };
  },
};

const server = createServer();
server.add(GreeterDefinition, greeter);
server.add(BenchDefinition, bench);
await server.listen(`127.0.0.1:${process.argv[2]}`);
