/** Every message type of the test files and the well-known types: what the properties are checked for. */
import type { DescFile, DescMessage } from "@bufbuild/protobuf";
import {
  file_google_protobuf_any,
  file_google_protobuf_descriptor,
  file_google_protobuf_duration,
  file_google_protobuf_empty,
  file_google_protobuf_field_mask,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
} from "@bufbuild/protobuf/wkt";
import { file_editions } from "./gen/editions_pb.js";
import { file_proto2 } from "./gen/proto2_pb.js";
import { file_proto3, InheritedSchema } from "./gen/proto3_pb.js";

const files: readonly DescFile[] = [
  file_proto2,
  file_proto3,
  file_editions,
  file_google_protobuf_any,
  file_google_protobuf_descriptor,
  file_google_protobuf_duration,
  file_google_protobuf_empty,
  file_google_protobuf_field_mask,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
];

function withNested(desc: DescMessage): DescMessage[] {
  return [desc, ...desc.nestedMessages.flatMap(withNested)];
}

/** All message types, nested ones too; without the one that `create` cannot make from a plain object. */
export const schemas: readonly DescMessage[] = files
  .flatMap((file) => file.messages)
  .flatMap(withNested)
  .filter((schema) => schema.typeName !== InheritedSchema.typeName);
