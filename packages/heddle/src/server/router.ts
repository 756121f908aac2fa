/** From a path on the wire to the handler that a service was registered with. */
import type { DescMessage, DescMethod, DescService } from "@bufbuild/protobuf";
import { codecOf } from "@heddle/protobuf";
import { pathOf } from "../core/method-path.js";
import type { ServerCall } from "../core/server-call.js";
import type { MessageSource, ServiceHandlers } from "../core/service-types.js";
import type { MessageDecoder, MessageEncoder } from "../transport/message-codec.js";

/** A handler without its types: one for a single response, one for a stream of them. */
export type SingleHandler = (input: unknown, call: ServerCall) => unknown;
export type StreamHandler = (input: unknown, call: ServerCall) => MessageSource<unknown>;

interface MethodBase {
  readonly descriptor: DescMethod;
  readonly path: string;
  /** The requests come as a stream. */
  readonly streamsRequests: boolean;
  readonly requestDecoder: MessageDecoder;
  readonly responseEncoder: MessageEncoder;
}

/** A method that can be called. */
export type Method =
  | (MethodBase & { readonly responses: "single"; readonly handler: SingleHandler })
  | (MethodBase & { readonly responses: "stream"; readonly handler: StreamHandler });

export class Router {
  readonly #methods = new Map<string, Method>();
  readonly #services = new Set<string>();

  /** Registers a service. Throws when one of its name is there already, or when a handler is missing. */
  add<S extends DescService>(service: S, handlers: ServiceHandlers<S>): void {
    if (this.#services.has(service.typeName)) {
      throw new Error(`the service ${service.typeName} was added to this server twice`);
    }
    const methods = service.methods.map((descriptor) => createMethod(descriptor, handlers));
    this.#services.add(service.typeName);
    for (const method of methods) this.#methods.set(method.path, method);
  }

  find(path: string): Method | undefined {
    return this.#methods.get(path);
  }

  /** Why there is no method for a path, for the caller to read. */
  explainMissing(path: string): string {
    const [empty, service, method, ...rest] = path.split("/");
    if (empty !== "" || service === undefined || service === "" || !method || rest.length > 0) {
      return `the path ${JSON.stringify(path)} is not of the form /package.Service/Method`;
    }
    if (!this.#services.has(service)) return `this server has no service ${service}`;
    return `the service ${service} has no method ${method}`;
  }
}

function createMethod(descriptor: DescMethod, handlers: object): Method {
  const handler: unknown = Reflect.get(handlers, descriptor.localName);
  if (typeof handler !== "function") {
    throw new TypeError(
      `no handler for ${descriptor.parent.typeName}/${descriptor.name}: give the service's handlers a method ${descriptor.localName}`,
    );
  }
  const kind = descriptor.methodKind;
  const base: MethodBase = {
    descriptor,
    path: pathOf(descriptor),
    streamsRequests: kind === "client_streaming" || kind === "bidi_streaming",
    requestDecoder: codecOf<DescMessage>(descriptor.input),
    responseEncoder: codecOf<DescMessage>(descriptor.output) as MessageEncoder,
  };
  // Handlers may be methods of a class, so `this` stays what it was.
  const bound = handler.bind(handlers);
  return kind === "unary" || kind === "client_streaming"
    ? { ...base, responses: "single", handler: bound }
    : { ...base, responses: "stream", handler: bound };
}
