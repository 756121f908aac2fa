/**
 * Compiles the .proto files of the cross-language tests to TypeScript: `npm run generate --workspace interop`.
 *
 * The output, src/gen, is committed. The stubs of the other languages are made when the tests run; see src/toolchain.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";

const examples = ["greeter", "unary", "bidirectional", "product", "upload"];

rmSync("src/gen", { recursive: true, force: true });
for (const name of examples) compile(`../examples/src/${name}`, `${name}.proto`, "src/gen");
compile("protos", "interop_probe.proto", "src/gen");
compile("protos/later", "interop_probe.proto", "src/gen/later");
for (const name of ["empty", "messages", "test"]) {
  compile("protos/grpc/testing", `${name}.proto`, "src/gen/grpc/testing");
}

function compile(folder, file, out) {
  mkdirSync(out, { recursive: true });
  const options = "--es_opt=target=ts,import_extension=js,erasable_syntax=true";
  // npm puts protoc and its plugin on the PATH of a script. On Windows they are .cmd files, which only a shell starts.
  execFileSync("protoc", [`-I${folder}`, `--es_out=${out}`, options, file], {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
}
