/** Run by a test with --disallow-code-generation-from-strings: the contract of a codec, by reflection. */
import assert from "node:assert/strict";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, file_google_protobuf_descriptor } from "@bufbuild/protobuf/wkt";
import { codecOf, DecodeError, decode, EncodeError, encode } from "../index.js";
import { OrderSchema, ScalarsSchema, TreeSchema } from "./gen/proto3_pb.js";
import { MovingSink } from "./moving-sink.js";

assert.throws(() => new Function(""), EvalError);

const bytes = toBinary(FileDescriptorProtoSchema, file_google_protobuf_descriptor.proto);
assert.deepStrictEqual(decode(FileDescriptorProtoSchema, bytes), fromBinary(FileDescriptorProtoSchema, bytes));
assert.deepStrictEqual(encode(FileDescriptorProtoSchema, file_google_protobuf_descriptor.proto), bytes);

const init = { name: "root", children: [{ name: "child" }] };
const sink = new MovingSink();
codecOf(TreeSchema).encode(init, sink);
assert.deepStrictEqual(sink.bytes(), toBinary(TreeSchema, create(TreeSchema, init)));

const buffer = Buffer.from([9, 0x7a, 1, 5, 9]);
const { bytesField } = codecOf(ScalarsSchema).decode(buffer, 1, 4);
buffer.fill(0);
assert.deepStrictEqual(bytesField, Uint8Array.of(5));

assert.throws(() => encode(OrderSchema, { quantity: 0.5 }), EncodeError);
assert.throws(() => encode(OrderSchema, create(TreeSchema) as never), EncodeError);
assert.throws(() => encode(OrderSchema, null as never), EncodeError);
assert.throws(() => decode(OrderSchema, Uint8Array.of(0x0a, 5)), DecodeError);
assert.throws(() => codecOf(OrderSchema).decode(buffer, 0, 6), RangeError);

process.stdout.write("everything holds\n");
