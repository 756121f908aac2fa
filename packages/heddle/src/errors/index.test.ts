import assert from "node:assert/strict";
import test from "node:test";
import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { StatusCode } from "../core/status.js";
import * as errors from "./index.js";

/** `name = number: type` of each field, types as in a .proto file. */
function fieldsOf(schema: DescMessage): string[] {
  return schema.fields.map((field) => `${field.name} = ${field.number}: ${typeOf(field)}`);
}

function typeOf(field: DescField): string {
  if (field.fieldKind === "map")
    return `map<${field.mapKey}, ${field.mapKind === "scalar" ? field.scalar : field.mapKind}>`;
  const element = field.message?.typeName ?? `${field.scalar}`;
  return field.fieldKind === "list" ? `repeated ${element}` : element;
}

const STRING = 9; // the numbers of ScalarType
const INT32 = 5;
const INT64 = 3;

test("the messages have the names, numbers and types of the googleapis", () => {
  const expected: [schema: DescMessage, typeName: string, fields: string[]][] = [
    [
      errors.StatusSchema,
      "Status",
      [`code = 1: ${INT32}`, `message = 2: ${STRING}`, "details = 3: repeated google.protobuf.Any"],
    ],
    [
      errors.ErrorInfoSchema,
      "ErrorInfo",
      [`reason = 1: ${STRING}`, `domain = 2: ${STRING}`, `metadata = 3: map<${STRING}, ${STRING}>`],
    ],
    [errors.RetryInfoSchema, "RetryInfo", ["retry_delay = 1: google.protobuf.Duration"]],
    [errors.DebugInfoSchema, "DebugInfo", [`stack_entries = 1: repeated ${STRING}`, `detail = 2: ${STRING}`]],
    [errors.QuotaFailureSchema, "QuotaFailure", ["violations = 1: repeated google.rpc.QuotaFailure.Violation"]],
    [
      errors.QuotaFailure_ViolationSchema,
      "QuotaFailure.Violation",
      [
        `subject = 1: ${STRING}`,
        `description = 2: ${STRING}`,
        `api_service = 3: ${STRING}`,
        `quota_metric = 4: ${STRING}`,
        `quota_id = 5: ${STRING}`,
        `quota_dimensions = 6: map<${STRING}, ${STRING}>`,
        `quota_value = 7: ${INT64}`,
        `future_quota_value = 8: ${INT64}`,
      ],
    ],
    [
      errors.PreconditionFailureSchema,
      "PreconditionFailure",
      ["violations = 1: repeated google.rpc.PreconditionFailure.Violation"],
    ],
    [
      errors.PreconditionFailure_ViolationSchema,
      "PreconditionFailure.Violation",
      [`type = 1: ${STRING}`, `subject = 2: ${STRING}`, `description = 3: ${STRING}`],
    ],
    [errors.BadRequestSchema, "BadRequest", ["field_violations = 1: repeated google.rpc.BadRequest.FieldViolation"]],
    [
      errors.BadRequest_FieldViolationSchema,
      "BadRequest.FieldViolation",
      [
        `field = 1: ${STRING}`,
        `description = 2: ${STRING}`,
        `reason = 3: ${STRING}`,
        "localized_message = 4: google.rpc.LocalizedMessage",
      ],
    ],
    [errors.RequestInfoSchema, "RequestInfo", [`request_id = 1: ${STRING}`, `serving_data = 2: ${STRING}`]],
    [
      errors.ResourceInfoSchema,
      "ResourceInfo",
      [
        `resource_type = 1: ${STRING}`,
        `resource_name = 2: ${STRING}`,
        `owner = 3: ${STRING}`,
        `description = 4: ${STRING}`,
      ],
    ],
    [errors.HelpSchema, "Help", ["links = 1: repeated google.rpc.Help.Link"]],
    [errors.Help_LinkSchema, "Help.Link", [`description = 1: ${STRING}`, `url = 2: ${STRING}`]],
    [errors.LocalizedMessageSchema, "LocalizedMessage", [`locale = 1: ${STRING}`, `message = 2: ${STRING}`]],
  ];
  for (const [schema, typeName, fields] of expected) {
    assert.equal(schema.typeName, `google.rpc.${typeName}`);
    assert.deepEqual(fieldsOf(schema), fields);
  }
});

test("only the quota that is being rolled out tells zero from absent", () => {
  const presences = errors.QuotaFailure_ViolationSchema.fields.filter((field) => field.proto.proto3Optional);
  assert.deepEqual(
    presences.map((field) => field.name),
    ["future_quota_value"],
  );
});

test("google.rpc.Code has the numbers of StatusCode", () => {
  assert.deepEqual(Object.fromEntries(errors.CodeSchema.values.map(({ name, number }) => [name, number])), {
    ...StatusCode,
  });
});
