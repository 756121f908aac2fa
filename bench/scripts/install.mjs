// Installs the peers of bench/package-lock.json into bench/node_modules when they are missing or the lock file is newer.
// They are no part of the root's workspaces, so that nobody who works on heddle has to install its peers.
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const bench = fileURLToPath(new URL("..", import.meta.url));

function changedAt(path) {
  return statSync(`${bench}${path}`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

if (changedAt("node_modules/.package-lock.json") < changedAt("package-lock.json")) {
  execFileSync("npm", ["ci"], { cwd: bench, stdio: "inherit" });
}
