/** Shows a unary call, a stream, a status that is an answer, and an error with typed details. */
import { type Client, createClient, RpcError, StatusCode, statusName } from "heddle";
import { BadRequestSchema } from "heddle/errors";
import { clientOptions, readOptions } from "../shared/options.js";
import { runClient } from "../shared/run-client.js";
import { type Product, ProductService } from "./gen/product_pb.js";

const TIMEOUT_MS = 5_000;

await runClient(readOptions(clientOptions), async (channel) => {
  const products = createClient(ProductService, channel);

  const laptop = await products.getProduct({ productId: "p001" }, { timeoutMs: TIMEOUT_MS });
  console.log(`Got ${line(laptop)}`);
  console.log(`  ${laptop.description}`);

  for (const category of ["Electronics", "Books"]) {
    console.log(`${category}:`);
    const stream = products.listProductsByCategory({ category }, { timeoutMs: TIMEOUT_MS });
    for await (const product of stream) console.log(`  ${line(product)}`);
  }

  const notFound = await failureOf(products, "p999", StatusCode.NOT_FOUND);
  console.log(`${statusName(notFound.code)}: ${notFound.message}`);

  const invalid = await failureOf(products, "", StatusCode.INVALID_ARGUMENT);
  console.log(`${statusName(invalid.code)}: ${invalid.message}`);
  for (const badRequest of invalid.detailsOf(BadRequestSchema)) {
    for (const { field, description } of badRequest.fieldViolations) console.log(`  ${field}: ${description}`);
  }
});

function line(product: Product): string {
  return `${product.id} ${product.name}, ${product.price.toFixed(2)}`;
}

/** Asks for a product that the server must refuse with this code. Any other failure is passed on. */
async function failureOf(
  products: Client<typeof ProductService>,
  productId: string,
  code: StatusCode,
): Promise<RpcError> {
  try {
    await products.getProduct({ productId }, { timeoutMs: TIMEOUT_MS });
  } catch (error) {
    if (error instanceof RpcError && error.code === code) return error;
    throw error;
  }
  throw new Error(`the server has a product with the ID '${productId}', which it should not have`);
}
