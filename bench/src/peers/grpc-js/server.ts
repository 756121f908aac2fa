/** The @grpc/grpc-js server; its stream waits for `drain`, as a handler that respects its caller does. Usage: server.js PORT */
import { once } from "node:events";
import {
  type handleServerStreamingCall,
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { STREAM_LENGTH, streamText } from "../../harness/messages.js";
import { Bench, Greeter } from "./definitions.js";

const sayHello: handleUnaryCall<{ name: string }, { message: string }> = (call, callback) => {
  callback(null, { message: `Hello, ${call.request.name}! Welcome to gRPC.` });
};

const stream: handleServerStreamingCall<{ count?: number }, { message: string }> = async (call) => {
  const count = call.request.count || STREAM_LENGTH;
  for (let index = 0; index < count; index++) {
    if (!call.write({ message: streamText(index) })) await once(call, "drain");
  }
  call.end();
};

const echo: handleUnaryCall<{ data: Buffer }, { data: Buffer }> = (call, callback) => {
  callback(null, { data: call.request.data });
};

const server = new Server();
server.addService(Greeter.service, { sayHello } satisfies UntypedServiceImplementation);
server.addService(Bench.service, { stream, echo } satisfies UntypedServiceImplementation);
server.bindAsync(`127.0.0.1:${process.argv[2]}`, ServerCredentials.createInsecure(), (error) => {
  if (error !== null) throw error;
});
