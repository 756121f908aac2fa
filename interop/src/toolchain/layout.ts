/** Where things are. */
import { fileURLToPath } from "node:url";

/** A path in interop/, which is two folders above this module, compiled or not. */
export function inInterop(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

/** A path in interop/.cache/, which git ignores; it may be deleted at any time. */
export function inCache(path: string): string {
  return inInterop(`.cache/${path}`);
}

/** A .proto file that all peers make their stubs from. */
export interface Proto {
  readonly folder: string;
  readonly file: string;
  /** The last part of its Go package's path. */
  readonly goPackage: string;
}

export const protos: readonly Proto[] = [
  ...["greeter", "unary", "bidirectional", "product", "upload"].map((name) => ({
    folder: inInterop(`../examples/src/${name}`),
    file: `${name}.proto`,
    goPackage: name,
  })),
  { folder: inInterop("protos"), file: "interop_probe.proto", goPackage: "probe" },
];

export const protoPaths: readonly string[] = protos.map(({ folder, file }) => `${folder}/${file}`);
