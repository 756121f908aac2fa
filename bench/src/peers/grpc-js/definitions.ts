/** The services as @grpc/proto-loader reads them from the .proto files at run time, the usual way with @grpc/grpc-js. */
import { loadPackageDefinition, type ServiceClientConstructor } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { PROTOS } from "../../harness/paths.js";

interface Packages {
  readonly greeting: { readonly Greeter: ServiceClientConstructor };
  readonly bench: { readonly Bench: ServiceClientConstructor };
}

const definition = loadSync(["greeting.proto", "bench.proto"], { includeDirs: [PROTOS] });
// What was loaded is only known at run time; these are the services in the files.
const packages = loadPackageDefinition(definition) as unknown as Packages;

export const { Greeter } = packages.greeting;
export const { Bench } = packages.bench;
