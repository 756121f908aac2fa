/**
 * The typed details of an error: any protobuf messages, each packed into a `google.protobuf.Any`.
 *
 * The usual messages for it are those of `heddle/errors`. How details travel is told in `wire/status-details.ts`.
 */
import { create, type DescMessage, type MessageInitShape, type MessageShape } from "@bufbuild/protobuf";
import { type Any, AnySchema, anyIs, anyPack, anyUnpack } from "@bufbuild/protobuf/wkt";

/**
 * Packs a message as a detail of an `RpcError`. The schema must be given even for a message made by `create`, since a message
 * knows the name of its type only, which is not enough to serialise it.
 *
 * ```ts
 * throw new RpcError(StatusCode.INVALID_ARGUMENT, "name is required", {
 *   details: [detail(BadRequestSchema, { fieldViolations: [{ field: "name", description: "must not be empty" }] })],
 * });
 * ```
 */
export function detail<Schema extends DescMessage>(schema: Schema, message: MessageInitShape<Schema>): Any {
  return anyPack(schema, create(schema, message));
}

/** Throws a `TypeError` when a detail is something else than a packed message; the usual slip is a message given as it is. */
export function checkDetails(details: readonly Any[]): void {
  for (const [index, one] of details.entries()) {
    const typeName: unknown = one?.$typeName;
    if (typeName === AnySchema.typeName) continue;
    const actual = typeof typeName === "string" ? `a message of type ${typeName}` : "no message";
    throw new TypeError(`details[${index}] is ${actual}; pack it with detail(schema, message).`);
  }
}

/** The messages of one type among the details, in their order. A detail whose bytes are damaged is left out. */
export function unpackDetails<Schema extends DescMessage>(
  details: readonly Any[],
  schema: Schema,
): MessageShape<Schema>[] {
  const messages: MessageShape<Schema>[] = [];
  for (const one of details) {
    if (!anyIs(one, schema)) continue;
    try {
      const message = anyUnpack(one, schema);
      if (message !== undefined) messages.push(message);
    } catch {
      // A peer's damaged detail must not hide the error that it belongs to, nor the other details.
    }
  }
  return messages;
}
