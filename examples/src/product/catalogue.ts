/** The products that the server knows. */
import type { MessageInit } from "heddle";
import type { ProductSchema } from "./gen/product_pb.js";

export const catalogue: readonly MessageInit<typeof ProductSchema>[] = [
  {
    id: "p001",
    name: "Laptop Pro X",
    description: "A light laptop with a 14 inch screen and a battery for the whole day.",
    price: 1500.0,
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
    price: 120.0,
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
