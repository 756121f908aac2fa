/** heddle's client, with its defaults. Usage: client.js JOB */
import { createChannel, createClient } from "heddle";
import { Bench } from "../../gen/bench_pb.js";
import { Greeter } from "../../gen/greeting_pb.js";
import { runClientJob } from "../../harness/client-job.js";

await runClientJob((port) => {
  const channel = createChannel(`127.0.0.1:${port}`);
  const greeter = createClient(Greeter, channel);
  const bench = createClient(Bench, channel);
  return { sayHello: (request) => greeter.sayHello(request), echo: (request) => bench.echo(request) };
});
