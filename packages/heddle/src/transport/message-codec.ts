/** How the transport has messages serialised, without knowing their types. `Codec` of @heddle/protobuf is one. */
import type { ByteSink } from "@heddle/protobuf";

export interface MessageEncoder {
  /** Writes the message at the sink's position. It may throw, having written part of it. */
  encode(message: unknown, sink: ByteSink): void;
}

export interface MessageDecoder {
  /** Reads the message in `[start, end)`. Nothing of the buffer is kept. It throws when the octets are no such message. */
  decode(buffer: Buffer, start: number, end: number): unknown;
}
