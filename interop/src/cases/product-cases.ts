/** The catalogue: fields of several types, a stream, and errors with and without details. */
import { StatusCode } from "heddle";
import { equals, type InteropCase } from "./interop-case.js";

/** The catalogue that every server has. A price is a `float`, so its nearest 32-bit number arrives. */
const catalogue = [
  {
    id: "p001",
    name: "Laptop Pro X",
    description: "A light laptop with a 14 inch screen and a battery for the whole day.",
    price: Math.fround(1500),
    category: "Electronics",
  },
  {
    id: "p002",
    name: "Wireless Mouse",
    description: "A quiet mouse for both hands; one battery lasts a year.",
    price: Math.fround(75.5),
    category: "Electronics",
  },
  {
    id: "p003",
    name: "Mechanical Keyboard",
    description: "A compact keyboard with switches that can be replaced one by one.",
    price: Math.fround(120),
    category: "Electronics",
  },
  {
    id: "p004",
    name: "The Python Guide",
    description: "From the first script to a program that others can maintain.",
    price: Math.fround(45.99),
    category: "Books",
  },
];

export const productCases: readonly InteropCase[] = [
  ...catalogue.map((product) =>
    lookUp(`product: ${product.id} arrives with all fields, its price as a float32`, product.id, {
      code: StatusCode.OK,
      message: "",
      product,
      violations: [],
    }),
  ),
  ...["Electronics", "Books", "Garden"].map((category): InteropCase => {
    const products = catalogue.filter((product) => product.category === category);
    return {
      title: `product: category ${category} is streamed in the catalogue's order, ${products.length} in all`,
      name: "category",
      service: "product",
      input: { category },
      server: "stays",
      check: equals({ products }),
    };
  }),
  lookUp("product: an unknown id is NOT_FOUND, with its message", "p999", {
    code: StatusCode.NOT_FOUND,
    message: "Product with ID 'p999' not found.",
    product: null,
    violations: [],
  }),
  lookUp("product: an empty id is INVALID_ARGUMENT, with a google.rpc.BadRequest in the details", "", {
    code: StatusCode.INVALID_ARGUMENT,
    message: "The request names no product.",
    product: null,
    violations: [{ field: "product_id", description: "must not be empty" }],
  }),
];

function lookUp(title: string, id: string, expected: object): InteropCase {
  return { title, name: "product", service: "product", input: { id }, server: "stays", check: equals(expected) };
}
