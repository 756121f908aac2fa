/** The handlers of the product service: a look-up that can fail in two ways, and a stream. */
import { RpcError, type ServiceHandlers, StatusCode } from "heddle";
import { BadRequestSchema, detail } from "heddle/errors";
import { catalogue } from "./catalogue.js";
import type { ProductService } from "./gen/product_pb.js";

export const productHandlers: ServiceHandlers<typeof ProductService> = {
  getProduct({ productId }) {
    if (productId === "") {
      const violation = { field: "product_id", description: "must not be empty" };
      throw new RpcError(StatusCode.INVALID_ARGUMENT, "The request names no product.", {
        details: [detail(BadRequestSchema, { fieldViolations: [violation] })],
      });
    }
    const product = catalogue.find(({ id }) => id === productId);
    if (!product) throw new RpcError(StatusCode.NOT_FOUND, `Product with ID '${productId}' not found.`);
    return product;
  },

  *listProductsByCategory({ category }) {
    for (const product of catalogue) if (product.category === category) yield product;
  },
};
