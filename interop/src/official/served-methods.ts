/** A service of which a server has some methods only. */
import type { DescService } from "@bufbuild/protobuf";
import type { Server, ServiceHandlers } from "heddle";

/**
 * Adds a service with the methods that have a handler. The server does not know of the others, as if its .proto file did not
 * have them: a call of one is answered by heddle itself.
 */
export function addPartly<S extends DescService>(
  server: Server,
  service: S,
  handlers: Partial<ServiceHandlers<S>>,
): Server {
  const methods = service.methods.filter(({ localName }) => localName in handlers);
  return server.add({ ...service, methods }, handlers as ServiceHandlers<S>);
}
