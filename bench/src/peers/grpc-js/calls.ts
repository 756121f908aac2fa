/** Calls by @grpc/grpc-js, its callbacks as promises; also the client that checks every peer's server. */
import { type ClientReadableStream, credentials, type requestCallback } from "@grpc/grpc-js";
import type { ClientCalls } from "../../harness/client-job.js";
import { Bench, Greeter } from "./definitions.js";

/** The calls, and the end of their connections. */
export interface GrpcJsCalls extends ClientCalls {
  stream(request: { count?: number }): AsyncIterable<{ message: string }>;
  close(): void;
}

type Unary<I, O> = (request: I, callback: requestCallback<O>) => void;

interface Clients {
  greeter: { sayHello: Unary<{ name: string }, { message: string }>; close(): void };
  bench: {
    echo: Unary<{ data: Uint8Array }, { data: Buffer }>;
    stream(request: { count?: number }): ClientReadableStream<{ message: string }>;
    close(): void;
  };
}

/** Connects to a port of 127.0.0.1. */
export function connect(port: number): GrpcJsCalls {
  const address = `127.0.0.1:${port}`;
  // The constructors were made at run time; these are the methods in the .proto files.
  const { greeter, bench } = {
    greeter: new Greeter(address, credentials.createInsecure()),
    bench: new Bench(address, credentials.createInsecure()),
  } as unknown as Clients;
  return {
    sayHello: (request) =>
      new Promise((resolve, reject) => {
        greeter.sayHello(request, (error, reply) => (reply === undefined ? reject(error) : resolve(reply)));
      }),
    echo: (request) =>
      new Promise((resolve, reject) => {
        bench.echo(request, (error, reply) => (reply === undefined ? reject(error) : resolve(reply)));
      }),
    stream: (request) => bench.stream(request),
    close() {
      greeter.close();
      bench.close();
    },
  };
}
