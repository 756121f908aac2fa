// Writes the generated code of every peer from protos/*.proto. The results are committed: run this after a change of the
// schemas only. It needs Go for the Go peer's code; Python's is made at run time by the grpcio-tools of its own venv.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const TS_PROTO = "ts-proto@2.18.0";

const bench = fileURLToPath(new URL("..", import.meta.url));
const rootBin = fileURLToPath(new URL("../../node_modules/.bin/", import.meta.url));
const grpcGo = `${bench}src/peers/grpc-go`;
const protos = readdirSync(`${bench}protos`).filter((name) => name.endsWith(".proto"));

function run(command, args, cwd = bench) {
  return execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }).trim();
}

function protoc(...args) {
  run(`${rootBin}protoc`, ["-I", "protos", ...args, ...protos]);
}

function makeDirectory(path) {
  mkdirSync(`${bench}${path}`, { recursive: true });
  return path;
}

// heddle and connect-node: messages and services of protobuf-es.
protoc(
  `--plugin=protoc-gen-es=${rootBin}protoc-gen-es`,
  `--es_out=${makeDirectory("src/gen")}`,
  "--es_opt=target=ts,import_extension=js",
);

// nice-grpc: ts-proto with the options of nice-grpc's own guide. The generator is not a dependency of bench, because it
// would bring a second @bufbuild/protobuf with it.
const tsProto = run("npm", ["exec", "--yes", `--package=${TS_PROTO}`, "--", "which", "protoc-gen-ts_proto"]);
protoc(
  `--plugin=protoc-gen-ts_proto=${tsProto}`,
  `--ts_proto_out=${makeDirectory("src/peers/nice-grpc/gen")}`,
  "--ts_proto_opt=outputServices=nice-grpc,outputServices=generic-definitions,useExactTypes=false,esModuleInterop=true,importSuffix=.js",
);

// grpc-go: the generators are the tools that go.mod names.
protoc(
  ...["protoc-gen-go", "protoc-gen-go-grpc"].map(
    (tool) => `--plugin=${tool}=${run("go", ["tool", "-n", tool], grpcGo)}`,
  ),
  `--go_out=${makeDirectory("src/peers/grpc-go/gen")}`,
  `--go-grpc_out=src/peers/grpc-go/gen`,
  "--go_opt=module=heddle.example/bench/gen",
  "--go-grpc_opt=module=heddle.example/bench/gen",
);
