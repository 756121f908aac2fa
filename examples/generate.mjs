/**
 * Compiles the examples' .proto files to TypeScript: `npm run generate` at the root of the repository.
 *
 * It runs `protoc` with the plugin `protoc-gen-es`. Both come from npm, so nothing has to be installed by hand.
 * The output is committed; CI runs this again and demands that no file has changed.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";

/** `include`: where imports are looked up (protoc's -I). `protos`: what is compiled. `out`: emptied, then filled. */
const steps = [
  { include: ["src/greeter"], protos: ["greeter.proto"], out: "src/greeter/gen" },
  {
    include: ["src/helloworld/protobufs", "src/helloworld/common"],
    protos: ["helloworld.proto", "caller.proto"],
    out: "src/helloworld/pb",
  },
  { include: ["src/unary"], protos: ["unary.proto"], out: "src/unary/gen" },
  { include: ["src/bidirectional"], protos: ["bidirectional.proto"], out: "src/bidirectional/gen" },
  { include: ["src/product"], protos: ["product.proto"], out: "src/product/gen" },
  { include: ["src/upload"], protos: ["upload.proto"], out: "src/upload/gen" },
  { include: ["src/chat"], protos: ["chat.proto"], out: "src/chat/gen" },
];

for (const { include, protos, out } of steps) {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const includes = include.map((folder) => `-I${folder}`);
  protoc([...includes, `--es_out=${out}`, "--es_opt=target=ts,import_extension=js", ...protos]);
}

function protoc(args) {
  console.log("protoc", ...args);
  // npm puts protoc and the plugin on the PATH of a script. On Windows they are .cmd files, which only a shell starts.
  execFileSync("protoc", args, { stdio: "inherit", shell: process.platform === "win32" });
}
