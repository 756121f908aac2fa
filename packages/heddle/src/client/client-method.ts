/** What all calls of one method over one channel share. */
import type { DescMessage, DescMethod } from "@bufbuild/protobuf";
import { codecOf } from "@heddle/protobuf";
import { pathOf } from "../core/method-path.js";
import type { MessageDecoder, MessageEncoder } from "../transport/message-codec.js";
import { createRequestTemplate, type RequestTemplate } from "../transport/request-template.js";
import type { GrpcChannel } from "./channel.js";

export interface ClientMethod {
  readonly channel: GrpcChannel;
  readonly template: RequestTemplate;
  readonly requestEncoder: MessageEncoder;
  readonly responseDecoder: MessageDecoder;
}

export function createClientMethod(method: DescMethod, channel: GrpcChannel): ClientMethod {
  return {
    channel,
    template: createRequestTemplate(pathOf(method), channel.authority, channel.scheme, channel.requestFields),
    requestEncoder: codecOf<DescMessage>(method.input) as MessageEncoder,
    responseDecoder: codecOf<DescMessage>(method.output),
  };
}
