import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  type Channel,
  type Client,
  createChannel,
  createClient,
  createServer,
  RpcError,
  type Server,
  StatusCode,
} from "heddle";
import { BadRequestSchema } from "heddle/errors";
import { runExample } from "../harness/run-example.js";
import { ProductService } from "./gen/product_pb.js";
import { productHandlers } from "./product-service.js";

let server: Server;
let channel: Channel;
let products: Client<typeof ProductService>;

before(async () => {
  server = createServer().add(ProductService, productHandlers);
  const { address } = await server.listen("127.0.0.1:0");
  channel = createChannel(address);
  products = createClient(ProductService, channel);
});
after(async () => {
  await channel.close();
  await server.shutdown();
});

test("a product is found by its id, with all of its fields", async () => {
  const product = await products.getProduct({ productId: "p004" });
  assert.equal(product.name, "The Python Guide");
  assert.equal(product.category, "Books");
  assert.equal(product.price, Math.fround(45.99));
  assert.notEqual(product.description, "");
});

test("an unknown id is NOT_FOUND and the message names it", async () => {
  await assert.rejects(products.getProduct({ productId: "p999" }), (error) => {
    assert.ok(error instanceof RpcError);
    assert.equal(error.code, StatusCode.NOT_FOUND);
    assert.equal(error.message, "Product with ID 'p999' not found.");
    assert.deepEqual(error.detailsOf(BadRequestSchema), []);
    return true;
  });
});

test("an empty id is INVALID_ARGUMENT and a typed detail names the field", async () => {
  await assert.rejects(products.getProduct({}), (error) => {
    assert.ok(error instanceof RpcError);
    assert.equal(error.code, StatusCode.INVALID_ARGUMENT);
    const violations = error.detailsOf(BadRequestSchema).flatMap(({ fieldViolations }) => fieldViolations);
    assert.deepEqual(
      violations.map(({ field, description }) => ({ field, description })),
      [{ field: "product_id", description: "must not be empty" }],
    );
    return true;
  });
});

test("a category gives its products in order, and an unknown one gives none", async () => {
  const idsIn = async (category: string) => {
    const ids: string[] = [];
    for await (const { id } of products.listProductsByCategory({ category })) ids.push(id);
    return ids;
  };
  assert.deepEqual(await idsIn("Electronics"), ["p001", "p002", "p003"]);
  assert.deepEqual(await idsIn("Books"), ["p004"]);
  assert.deepEqual(await idsIn("Garden"), []);
});

test("the client shows the product, both categories and both errors", async () => {
  const { client, serverStatus } = await runExample("product");
  assert.equal(client.status, 0, client.stderr.join("\n"));
  assert.deepEqual(
    client.stdout.filter((line) => !line.startsWith("  A light laptop")),
    [
      "Got p001 Laptop Pro X, 1500.00",
      "Electronics:",
      "  p001 Laptop Pro X, 1500.00",
      "  p002 Wireless Mouse, 75.50",
      "  p003 Mechanical Keyboard, 120.00",
      "Books:",
      "  p004 The Python Guide, 45.99",
      "NOT_FOUND: Product with ID 'p999' not found.",
      "INVALID_ARGUMENT: The request names no product.",
      "  product_id: must not be empty",
    ],
  );
  assert.equal(serverStatus, 0);
});
