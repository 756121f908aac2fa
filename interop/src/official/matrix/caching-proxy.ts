/**
 * A proxy that answers a request of CacheableUnaryCall from its memory, as long as the server allows it; other calls it does not know.
 * Source: RFC 9111 section 5.2.2.1 (max-age), CacheableUnaryCall in interop-test-descriptions.md
 */
import { type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { type Channel, createClient, createServer, Metadata, type Server, type ServerCall } from "heddle";
import {
  type SimpleRequest,
  SimpleRequestSchema,
  type SimpleResponseSchema,
} from "../../gen/grpc/testing/messages_pb.js";
import { TestService } from "../../gen/grpc/testing/test_pb.js";
import { addPartly } from "../served-methods.js";

interface Entry {
  readonly response: MessageInitShape<typeof SimpleResponseSchema>;
  readonly headers: Metadata;
  /** When it may no longer be used. */
  readonly staleMs: number;
}

/** Makes the proxy; whoever calls this lets it listen. The channel goes to the server. */
export function createCachingProxy(channel: Channel): Server {
  const client = createClient(TestService, channel);
  const memory = new Map<string, Entry>();

  async function ask(request: SimpleRequest, call: ServerCall): Promise<Entry> {
    let headers = new Metadata();
    const response = await client.cacheableUnaryCall(request, {
      metadata: call.metadata,
      signal: call.signal,
      onHeaders: (received) => {
        headers = received;
      },
    });
    const maxAgeS = /(?:^|[ ,])max-age=(\d+)/.exec(headers.getAll("cache-control").join(", "))?.[1] ?? "0";
    return { response, headers, staleMs: Date.now() + Number(maxAgeS) * 1000 };
  }

  async function cacheableUnaryCall(request: SimpleRequest, call: ServerCall) {
    const key = Buffer.from(toBinary(SimpleRequestSchema, request)).toString("base64");
    const known = memory.get(key);
    const entry = known !== undefined && known.staleMs > Date.now() ? known : await ask(request, call);
    memory.set(key, entry);
    call.sendHeaders(entry.headers);
    return entry.response;
  }

  return addPartly(createServer(), TestService, { cacheableUnaryCall });
}
