/** The nice-grpc client. Usage: client.js JOB */
import { createChannel, createClient } from "nice-grpc";
import { runClientJob } from "../../harness/client-job.js";
import { type BenchClient, BenchDefinition } from "./gen/bench.js";
import { type GreeterClient, GreeterDefinition } from "./gen/greeting.js";

await runClientJob((port) => {
  const channel = createChannel(`127.0.0.1:${port}`);
  const greeter: GreeterClient = createClient(GreeterDefinition, channel);
  const bench: BenchClient = createClient(BenchDefinition, channel);
  return { sayHello: (request) => greeter.sayHello(request), echo: (request) => bench.echo(request) };
});
