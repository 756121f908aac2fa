/**
 * Every input that is kept is tried against its target, and then a few seconds' worth of new ones, the same each time. A search that goes
 * on for longer, with new seeds: `npm run fuzz`.
 */
import assert from "node:assert/strict";
import { cpuUsage } from "node:process";
import { test } from "node:test";
import { CORPUS_FOLDER, readCorpus } from "./corpus.js";
import { formatHexFile } from "./hex-file.js";
import { SEEDS } from "./seeds/seeds.js";
import { runSession } from "./session.js";
import { TARGETS } from "./targets.js";

const SEED = 9113;

/** How many new inputs each target gets. */
const NEW_INPUTS: Readonly<Record<string, number>> = {
  frames: 600,
  "header-blocks": 4000,
  "integers-and-huffman": 5000,
  conversation: 1200,
};

function processorMs(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}

for (const target of TARGETS) {
  const corpus = readCorpus(target.name);

  test(`the corpus of ${target.name} is not empty, and holds every seed as it was written`, () => {
    const files = new Map(corpus.map(({ name, octets }) => [name, octets.toString("hex")]));
    for (const { name, octets } of SEEDS[target.name] ?? []) {
      assert.equal(files.get(name), octets.toString("hex"), `${name}: run node scripts/fuzz.mjs --write-seeds`);
    }
    assert.ok(corpus.length > 5, `${corpus.length} inputs in ${CORPUS_FOLDER}`);
  });

  for (const { name, octets } of corpus) {
    test(`${target.name} holds for the input ${name}`, () => target.run(octets));
  }

  test(`${target.name} holds for inputs that nobody thought of (seed ${SEED})`, () => {
    const total = corpus.length + (NEW_INPUTS[target.name] as number);
    const { failure } = runSession({ target, seed: SEED, goesOn: (executions) => executions < total, processorMs });
    if (failure === undefined) return;
    const { error, input } = failure;
    assert.fail(`${error.stack}\n\n${target.describe(input)}\n\n${formatHexFile(`seed ${SEED}`, input)}`);
  });
}
