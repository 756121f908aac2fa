/** The connect-node client, with the gRPC transport. Usage: client.js JOB */
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { Bench } from "../../gen/bench_pb.js";
import { Greeter } from "../../gen/greeting_pb.js";
import { runClientJob } from "../../harness/client-job.js";

await runClientJob((port) => {
  const transport = createGrpcTransport({ baseUrl: `http://127.0.0.1:${port}` });
  const greeter = createClient(Greeter, transport);
  const bench = createClient(Bench, transport);
  return { sayHello: (request) => greeter.sayHello(request), echo: (request) => bench.echo(request) };
});
