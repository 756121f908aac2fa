/**
 * The inputs that are kept in `packages/http2/fuzz-corpus`, one folder for each target: seeds that were written by hand, and inputs that
 * have broken something. Every one of them is tried by each `npm test`.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { formatHexFile, parseHexFile } from "./hex-file.js";
import { SEEDS } from "./seeds/seeds.js";

const EXTENSION = ".hex";

/** From `dist/fuzz`. */
export const CORPUS_FOLDER = fileURLToPath(new URL("../../fuzz-corpus", import.meta.url));

export interface CorpusInput {
  readonly file: string;
  readonly name: string;
  readonly octets: Buffer;
}

/** The inputs for a target, by name. */
export function readCorpus(target: string, folder = CORPUS_FOLDER): CorpusInput[] {
  const place = path.join(folder, target);
  if (!existsSync(place)) return [];
  return readdirSync(place)
    .filter((name) => name.endsWith(EXTENSION))
    .sort()
    .map((name) => {
      const file = path.join(place, name);
      return { file, name: name.slice(0, -EXTENSION.length), octets: parseHexFile(readFileSync(file, "utf8")) };
    });
}

/** Keeps an input, in place of one of the same name. Gives the file. */
export function writeCorpusInput(
  target: string,
  name: string,
  about: string,
  octets: Uint8Array,
  folder = CORPUS_FOLDER,
): string {
  const file = path.join(folder, target, `${name}${EXTENSION}`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, formatHexFile(about, octets));
  return file;
}

/** Writes the files of all seeds. Gives how many there are. */
export function writeSeeds(folder = CORPUS_FOLDER): number {
  const all = Object.entries(SEEDS).flatMap(([target, seeds]) => seeds.map((seed) => ({ target, ...seed })));
  for (const { target, name, about, octets } of all) writeCorpusInput(target, name, about, octets, folder);
  return all.length;
}
