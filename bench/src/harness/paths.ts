/** Where things are, seen from the compiled files in bench/dist. */
import { fileURLToPath } from "node:url";

/** bench/ */
export const BENCH = fileURLToPath(new URL("../../", import.meta.url));
/** The root of the repository. */
export const REPOSITORY = fileURLToPath(new URL("../../../", import.meta.url));
/** What is built or installed at run time and can be thrown away; git ignores it. */
export const CACHE = `${BENCH}.cache/`;
export const PROTOS = `${BENCH}protos/`;
/** Sources of peers that tsc does not compile. */
export const PEER_SOURCES = `${BENCH}src/peers/`;
/** Entries of the peers that tsc does compile. */
export const PEER_ENTRIES = `${BENCH}dist/peers/`;
