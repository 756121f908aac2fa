/** The seed of a run: another one each time, or that of HEDDLE_SEED. */
import { randomInt } from "node:crypto";
import process from "node:process";

/** Everything random in these tests follows from it. It belongs into the title of each test that uses it. */
export const SEED: number = Number(process.env.HEDDLE_SEED ?? randomInt(0x7fff_ffff));
