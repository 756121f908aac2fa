/** Tells whether something that was made from files has to be made again. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

/** A digest of some files and of everything in some folders, and of a text such as the version of a compiler. */
export function fingerprintOf(paths: readonly string[], text: string): string {
  const digest = createHash("sha256").update(text);
  for (const file of paths.flatMap(filesIn)) digest.update(`\0${file}\0`).update(readFileSync(file));
  return digest.digest("hex");
}

/**
 * Calls `make` when what is at `stampPath` is not `fingerprint`. The stamp is written after that, so that an interrupted
 * run starts over.
 */
export async function makeUnlessStamped(
  stampPath: string,
  fingerprint: string,
  make: () => Promise<void>,
): Promise<void> {
  if (existsSync(stampPath) && readFileSync(stampPath, "utf8") === fingerprint) return;
  rmSync(stampPath, { force: true });
  await make();
  mkdirSync(path.dirname(stampPath), { recursive: true });
  writeFileSync(stampPath, fingerprint);
}

function filesIn(root: string): string[] {
  if (!statSync(root).isDirectory()) return [root];
  return readdirSync(root)
    .sort()
    .flatMap((name) => filesIn(path.join(root, name)));
}
