/** Looks products up in a fixed catalogue. */
import { Metadata, status } from "@grpc/grpc-js";
import { encodeBadRequest } from "../rich-status.js";

const catalogue = [
  {
    id: "p001",
    name: "Laptop Pro X",
    description: "A light laptop with a 14 inch screen and a battery for the whole day.",
    price: 1500,
    category: "Electronics",
  },
  {
    id: "p002",
    name: "Wireless Mouse",
    description: "A quiet mouse for both hands; one battery lasts a year.",
    price: 75.5,
    category: "Electronics",
  },
  {
    id: "p003",
    name: "Mechanical Keyboard",
    description: "A compact keyboard with switches that can be replaced one by one.",
    price: 120,
    category: "Electronics",
  },
  {
    id: "p004",
    name: "The Python Guide",
    description: "From the first script to a program that others can maintain.",
    price: 45.99,
    category: "Books",
  },
];

export const productService = {
  getProduct({ request: { productId } }, callback) {
    if (productId === "") return callback(emptyProductId());
    const product = catalogue.find(({ id }) => id === productId);
    if (product) return callback(null, product);
    callback({ code: status.NOT_FOUND, details: `Product with ID '${productId}' not found.` });
  },

  listProductsByCategory(call) {
    for (const product of catalogue) if (product.category === call.request.category) call.write(product);
    call.end();
  },
};

function emptyProductId() {
  const code = status.INVALID_ARGUMENT;
  const details = "The request names no product.";
  const violations = [{ field: "product_id", description: "must not be empty" }];
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", encodeBadRequest(code, details, violations));
  return { code, details, metadata };
}
