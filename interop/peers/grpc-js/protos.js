/** The services, loaded from the .proto files that all programs of these tests share. */
import { fileURLToPath } from "node:url";
import { loadPackageDefinition } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

const files = [
  ...["greeter", "unary", "bidirectional", "product", "upload"].map(
    (name) => `../../../examples/src/${name}/${name}.proto`,
  ),
  "../../protos/interop_probe.proto",
];
const paths = files.map((file) => fileURLToPath(new URL(file, import.meta.url)));

const root = loadPackageDefinition(loadSync(paths, { longs: Number, defaults: true }));

export const { Greeter } = root.greeting;
export const { Unary } = root.unary;
export const { Bidirectional } = root.bidirectional;
export const { ProductService } = root.product;
export const { Upload } = root.upload;
export const { Probe } = root.heddle.interop;
