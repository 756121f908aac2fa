/** Generated code is made of nothing that a schema says, and is not needed where it is forbidden. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { create, createFileRegistry, type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FieldDescriptorProto_Label, FieldDescriptorProto_Type, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { literal, quote } from "./compile/source.js";
import { decode, encode } from "./standalone.js";

const templateInjection = ["`$", "{globalThis.injected=true}`"].join("");

const hostile: readonly string[] = [
  '"]; globalThis.injected = true; //',
  "'+globalThis.injected+'",
  templateInjection,
  "*/ globalThis.injected = true /*",
  "a\u2028globalThis.injected=true",
  "a\u2029b\nglobalThis.injected=true\r",
  "\\",
  "</script>",
  "__proto__",
  "constructor",
  "prototype",
  "K0",
  "",
  "0",
  "\ud800",
];

/** A message type with a field, a list, a map and a oneof member of each name. */
function messageWithNames(names: readonly string[], syntax: string): DescMessage {
  const field = names.flatMap((name, index) => [
    { name, number: index * 4 + 1, type: FieldDescriptorProto_Type.STRING, label: FieldDescriptorProto_Label.OPTIONAL },
    {
      name: `${name} list`,
      number: index * 4 + 2,
      type: FieldDescriptorProto_Type.INT32,
      label: FieldDescriptorProto_Label.REPEATED,
    },
    {
      name: `${name} choice`,
      number: index * 4 + 3,
      type: FieldDescriptorProto_Type.BOOL,
      label: FieldDescriptorProto_Label.OPTIONAL,
      oneofIndex: index,
    },
  ]);
  const oneofDecl = names.map((name) => ({ name: `${name} union` }));
  const messageType = [{ name: `"]*/${templateInjection}`, field, oneofDecl }];
  const file = { name: "hostile.proto", package: "*/'\"\u2028", syntax, messageType };
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: [file] }));
  const schema = registry.getFile("hostile.proto")?.messages[0];
  assert.ok(schema);
  return schema;
}

describe("names in a schema", () => {
  for (const syntax of ["proto3", "proto2"]) {
    it(`never become code (${syntax})`, () => {
      const schema = messageWithNames(hostile, syntax);
      const init: Record<string, unknown> = {};
      for (const field of schema.fields) {
        if (field.oneof !== undefined) init[field.oneof.localName] = { case: field.localName, value: true };
        else init[field.localName] = field.fieldKind === "list" ? [1, 2] : "text";
      }
      const message = create(schema, init);
      const bytes = toBinary(schema, message);
      assert.deepStrictEqual(encode(schema, message), bytes);
      assert.deepStrictEqual(encode(schema, init), bytes);
      assert.deepStrictEqual(decode(schema, bytes), fromBinary(schema, bytes));
      assert.equal(Reflect.has(globalThis, "injected"), false);
    });
  }

  it("may be __proto__, which becomes the property Proto; a descriptor with the property __proto__ is refused", () => {
    const schema = messageWithNames(["__proto__"], "proto3");
    const [field] = schema.fields;
    assert.ok(field);
    assert.equal(field.localName, "Proto");
    const forged = Object.create(field, { localName: { value: "__proto__" } });
    const single = { ...schema, fields: [forged], members: [forged] };
    for (let i = 0; i < 2; i++) {
      assert.throws(() => encode(single, {}), /cannot have a property with the name __proto__/);
      assert.throws(() => decode(single, Uint8Array.of(0x0a, 1, 65)), /cannot have a property with the name __proto__/);
    }
  });

  it("are quoted so that they stay on their line, and only whole numbers are written as numbers", () => {
    for (const name of hostile.filter((name) => name !== "__proto__")) {
      const quoted = quote(name);
      assert.equal(JSON.parse(quoted), name);
      assert.doesNotMatch(quoted, /[\n\r\u2028\u2029]/);
    }
    assert.equal(literal(-5), "-5");
    for (const value of [1.5, Number.NaN, Infinity, "1;" as unknown as number]) {
      assert.throws(() => literal(value), TypeError);
    }
  });
});

describe("where code must not be generated from strings", () => {
  it("the codecs give the same results by reflection", () => {
    const script = fileURLToPath(new URL("./testing/without-code-generation.js", import.meta.url));
    const child = spawnSync(process.execPath, ["--disallow-code-generation-from-strings", script], {
      encoding: "utf8",
    });
    assert.equal(child.stderr, "");
    assert.equal(child.status, 0);
    assert.equal(child.stdout, "everything holds\n");
  });
});
