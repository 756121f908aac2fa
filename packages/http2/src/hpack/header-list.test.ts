import assert from "node:assert/strict";
import { test } from "node:test";
import { HeaderList } from "./header-list.js";

test("the size counts name, value and 32 for each field", () => {
  assert.equal(HeaderList.of().size, 0);
  assert.equal(HeaderList.of("te", "trailers", "", "").size, 2 + 8 + 32 + 32);
});

test("a name is found at its first field, and a value is not taken for a name", () => {
  const list = HeaderList.of("a", "b", "b", "1", "b", "2");
  assert.equal(list.get("b"), "1");
  assert.equal(list.get("1"), undefined);
  assert.ok(list.has("a"));
  assert.ok(!list.has("constructor"));
  assert.equal(list.count, 3);
});

test("a name without a value is refused", () => {
  assert.throws(() => HeaderList.of("a", "b", "c"), { name: "TypeError", message: /it has 3 strings/ });
});

test("only a template is reusable, and sensitive positions are kept", () => {
  assert.equal(HeaderList.of("a", "b").reusable, false);
  const template = HeaderList.template(["a", "b", "c", "d"], [2]);
  assert.equal(template.reusable, true);
  assert.deepEqual(template.sensitive, [2]);
  assert.equal(template.memo, undefined);
});
