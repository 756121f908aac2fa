/** Fast compiled binary codecs for `@bufbuild/protobuf` schemas. */
export { type Codec, codecOf, decode, encode } from "./codec.js";
export { DecodeError, type DecodeErrorDetails } from "./decode-error.js";
export { EncodeError, type EncodeErrorDetails } from "./encode-error.js";
export type { ByteSink } from "./sink.js";
export { Writer } from "./writer.js";
