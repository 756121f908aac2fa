/** Fast compiled binary codecs for `@bufbuild/protobuf` schemas. */
export type { Codec } from "./codec.js";
export { codecOf } from "./codec-of.js";
export { DecodeError, type DecodeErrorDetails } from "./decode-error.js";
export { EncodeError, type EncodeErrorDetails } from "./encode-error.js";
export type { ByteSink } from "./sink.js";
export { decode, encode } from "./standalone.js";
export { Writer } from "./writer.js";
