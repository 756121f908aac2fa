/** Compiles the victim's service to TypeScript: `npm run generate --workspace attacks`. The output, src/gen, is committed. */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";

rmSync("src/gen", { recursive: true, force: true });
mkdirSync("src/gen", { recursive: true });
const options = "--es_opt=target=ts,import_extension=js,erasable_syntax=true";
// npm puts protoc and its plugin on the PATH of a script. On Windows they are .cmd files, which only a shell starts.
execFileSync("protoc", ["-Iprotos", "--es_out=src/gen", options, "target.proto"], {
  stdio: "inherit",
  shell: process.platform === "win32",
});
