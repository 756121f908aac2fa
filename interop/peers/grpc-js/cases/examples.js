/** The cases of the example services. */
import { status } from "@grpc/grpc-js";
import { Bidirectional, Greeter, ProductService, Unary, Upload } from "../protos.js";
import { decodeViolations } from "../rich-status.js";
import { endOf, next, outcomeOf, valueOf } from "./common.js";

export async function greeter(connect, { name }) {
  const { message } = await valueOf(connect(Greeter), "sayHello", { name });
  return { message };
}

export async function unary(connect, { message }) {
  const reply = await valueOf(connect(Unary), "getServerResponse", { message });
  return { message: reply.message, received: reply.received };
}

/** Sends a message only when the one before it was answered. */
export async function bidirectional(connect, { messages }) {
  const call = connect(Bidirectional).getServerResponse();
  const responses = call[Symbol.asyncIterator]();
  const answers = [];
  for (const message of messages) {
    call.write({ message });
    answers.push((await next(responses)).message);
  }
  call.end();
  const code = await endOf(responses);
  if (code !== status.OK) throw new Error(`the conversation ended with code ${code}`);
  return { answers };
}

export async function product(connect, { id }) {
  const outcome = await outcomeOf(connect(ProductService), "getProduct", { productId: id });
  const { code, message, value, trailers } = outcome;
  const violations = trailers.get("grpc-status-details-bin").flatMap(decodeViolations);
  return { code, message, product: value ? productToJson(value) : null, violations };
}

export async function category(connect, { category }) {
  const products = [];
  for await (const found of connect(ProductService).listProductsByCategory({ category })) {
    products.push(productToJson(found));
  }
  return { products };
}

function productToJson({ id, name, description, price, category }) {
  return { id, name, description, price, category };
}

/** Sends a file whose byte at i is i modulo 251. */
export async function upload(connect, { sizeBytes, chunkBytes }) {
  const file = Buffer.from(Uint8Array.from({ length: sizeBytes }, (_, i) => i % 251));
  const client = connect(Upload);
  return new Promise((resolve, reject) => {
    const call = client.uploadFile((error, receipt) => {
      if (error) reject(error);
      else resolve({ sizeBytes: receipt.sizeBytes, sha256: receipt.sha256 });
    });
    call.write({ info: { name: "pattern.bin", sizeBytes } });
    for (let start = 0; start < sizeBytes; start += chunkBytes) {
      call.write({ chunk: file.subarray(start, start + chunkBytes) });
    }
    call.end();
  });
}
