/**
 * Looks for inputs that break the HTTP/2 engine: `npm run fuzz -- [target...] [--seconds 60] [--seed N]`, after a build.
 *
 * Without a target all of them take turns. The seconds are shared between the targets. What fails is made small, kept in
 * `packages/http2/fuzz-corpus` (where each `npm test` tries it from then on), and makes the exit code 1. `--replay <file>` tries one
 * kept input and shows it in words; `--write-seeds` writes the inputs that were made by hand anew.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { cpuUsage } from "node:process";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const DEFAULT_SECONDS = 60;
const MAX_NAME_LENGTH = 60;
const compiled = new URL("../packages/http2/dist/fuzz/", import.meta.url);

/** Reads the command line. Throws what is wrong with it. */
export function readArguments(argv, known) {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      seconds: { type: "string", default: String(DEFAULT_SECONDS) },
      seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
      replay: { type: "string" },
      "write-seeds": { type: "boolean", default: false },
    },
  });
  const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
  if (!(seconds > 0)) throw new Error(`--seconds wants a number above 0, not "${values.seconds}"`);
  if (!Number.isInteger(seed)) throw new Error(`--seed wants a whole number, not "${values.seed}"`);
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`there is no target "${unknown}"; there are ${known.join(", ")}`);
  const names = positionals.length > 0 ? positionals : known;
  return { names, seconds, seed, replay: values.replay, writeSeeds: values["write-seeds"] };
}

/** The name under which a failing input is kept: what went wrong, and something to tell it from others. */
export function nameOfFailure(message, input) {
  const words = message
    .split("\n")[0]
    .toLowerCase()
    .replace(/[^a-z]+/g, "-")
    .replace(/^-|-$/g, "");
  const hash = input.reduce((sum, octet) => (Math.imul(sum, 31) + octet) >>> 0, input.length);
  return `${words.slice(0, MAX_NAME_LENGTH).replace(/-$/, "")}-${hash.toString(16).padStart(8, "0")}`;
}

function processorMs() {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}

/** Searches for so many seconds. Gives whether nothing was found. */
function search(engine, target, seconds, seed) {
  const startMs = performance.now();
  const endMs = startMs + seconds * 1000;
  const goesOn = () => performance.now() < endMs;
  const { executions, features, failure } = engine.runSession({ target, seed, goesOn, processorMs });
  const perSecond = Math.round(executions / ((performance.now() - startMs) / 1000));
  console.log(`${target.name}: ${executions} inputs, ${perSecond}/s, ${features} features, seed ${seed}`);
  if (failure === undefined) return true;
  const { error, input } = failure;
  const about = `${error.message.split("\n")[0]}\nFound with seed ${seed}.`;
  const file = engine.writeCorpusInput(target.name, nameOfFailure(error.message, input), about, input);
  console.log(`\nFAILED ${target.name}: ${error.stack}\n\n${target.describe(input)}\n`);
  console.log(`Kept as ${path.relative(process.cwd(), file)}. To try it again:`);
  console.log(`  node scripts/fuzz.mjs --replay ${path.relative(process.cwd(), file)}\n`);
  return false;
}

/** Tries one kept input. Its target is the name of its folder. Gives whether it holds. */
function replay(engine, file) {
  const name = path.basename(path.dirname(path.resolve(file)));
  const target = engine.TARGETS.find((candidate) => candidate.name === name);
  if (target === undefined) throw new Error(`${file} is in no target's folder`);
  const input = engine.parseHexFile(readFileSync(file, "utf8"));
  console.log(`${target.name}\n${target.describe(input)}\n`);
  try {
    target.run(input);
  } catch (error) {
    console.log(`FAILED ${name}: ${error.stack}`);
    return false;
  }
  console.log("It holds.");
  return true;
}

async function main(argv) {
  const modules = ["targets.js", "session.js", "corpus.js", "hex-file.js"];
  const loaded = await Promise.all(modules.map((name) => import(new URL(name, compiled).href)));
  const engine = Object.assign({}, ...loaded);
  const known = engine.TARGETS.map(({ name }) => name);
  const { names, seconds, seed, replay: file, writeSeeds } = readArguments(argv, known);
  if (writeSeeds) {
    console.log(`${engine.writeSeeds()} files written`);
  } else if (file !== undefined) {
    if (!replay(engine, file)) process.exitCode = 1;
  } else {
    console.log(`${names.join(", ")}: ${seconds} s in all, seed ${seed}`);
    const targets = names.map((name) => engine.TARGETS.find((target) => target.name === name));
    const held = targets.map((target) => search(engine, target, seconds / targets.length, seed));
    if (held.includes(false)) process.exitCode = 1;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(process.argv.slice(2));
}
