/** The cases of the example services. */
import { type Channel, createClient, RpcError } from "heddle";
import { BadRequestSchema } from "heddle/errors";
import { Bidirectional } from "../../gen/bidirectional_pb.js";
import { Greeter } from "../../gen/greeter_pb.js";
import { type Product, ProductService } from "../../gen/product_pb.js";
import { Unary } from "../../gen/unary_pb.js";
import { Upload } from "../../gen/upload_pb.js";
import { discard, next } from "./client-case.js";

export const exampleCases = { greeter, unary, bidirectional, product, category, upload };

async function greeter(channel: Channel, { name }: { name: string }) {
  const { message } = await createClient(Greeter, channel).sayHello({ name });
  return { message };
}

async function unary(channel: Channel, request: { message: string }) {
  const { message, received } = await createClient(Unary, channel).getServerResponse(request);
  return { message, received };
}

/** Sends a message only when the one before it was answered. */
async function bidirectional(channel: Channel, { messages }: { messages: string[] }) {
  const call = createClient(Bidirectional, channel).getServerResponse();
  const responses = call[Symbol.asyncIterator]();
  const answers: string[] = [];
  for (const message of messages) {
    await call.send({ message });
    answers.push((await next(responses)).message);
  }
  call.end();
  await discard(responses);
  return { answers };
}

async function product(channel: Channel, { id }: { id: string }) {
  try {
    const found = await createClient(ProductService, channel).getProduct({ productId: id });
    return { code: 0, message: "", product: plain(found), violations: [] };
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    const violations = error
      .detailsOf(BadRequestSchema)
      .flatMap(({ fieldViolations }) => fieldViolations.map(({ field, description }) => ({ field, description })));
    return { code: error.code, message: error.message, product: null, violations };
  }
}

async function category(channel: Channel, request: { category: string }) {
  const products: object[] = [];
  for await (const found of createClient(ProductService, channel).listProductsByCategory(request)) {
    products.push(plain(found));
  }
  return { products };
}

function plain({ id, name, description, price, category }: Product): object {
  return { id, name, description, price, category };
}

/** Sends a file whose byte at i is i modulo 251. */
async function upload(channel: Channel, { sizeBytes, chunkBytes }: { sizeBytes: number; chunkBytes: number }) {
  const file = Uint8Array.from({ length: sizeBytes }, (_, i) => i % 251);
  const call = createClient(Upload, channel).uploadFile();
  const info = { name: "pattern.bin", sizeBytes: BigInt(sizeBytes) };
  await call.send({ part: { case: "info", value: info } });
  for (let start = 0; start < sizeBytes; start += chunkBytes) {
    await call.send({ part: { case: "chunk", value: file.subarray(start, start + chunkBytes) } });
  }
  call.end();
  const receipt = await call.response;
  return { sizeBytes: Number(receipt.sizeBytes), sha256: receipt.sha256 };
}
