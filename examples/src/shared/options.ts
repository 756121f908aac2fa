/**
 * Command-line options of the examples, read with `node:util`'s parseArgs.
 *
 * A program whose options are wrong says what is wrong, lists what it takes, and ends with exit code 2.
 */
import { type ParseArgsConfig, parseArgs } from "node:util";

/** The options of a program, as parseArgs takes them. */
export type OptionTable = NonNullable<ParseArgsConfig["options"]>;

/** The values that the options of a table have been given. */
export type OptionValues<T extends OptionTable> = ReturnType<typeof parseArgs<{ options: T }>>["values"];

/** The options that every server takes. `localhost` shows it to this machine only; `--host 0.0.0.0` shows it to the network. */
export const serverOptions = {
  host: { type: "string", default: "localhost" },
  port: { type: "string", default: "50051" },
} as const satisfies OptionTable;

/** The options that every client takes. */
export const clientOptions = {
  address: { type: "string", default: "localhost:50051" },
} as const satisfies OptionTable;

/** Reads the program's options. When they are wrong, the program ends here. */
export function readOptions<const T extends OptionTable>(table: T): OptionValues<T> {
  try {
    return parseArgs({ options: table }).values;
  } catch (error) {
    const known = Object.entries(table).map(([name, { default: value }]) =>
      value === undefined ? `  --${name}` : `  --${name} (default ${value})`,
    );
    const problem = error instanceof Error ? error.message : String(error);
    return usageError(`${problem}\nThe options are:\n${known.join("\n")}`);
  }
}

/** Reads a whole number from an option's text. When it is none, or out of range, the program ends here. */
export function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  return usageError(`--${option} must be a whole number from ${min} to ${max}, not "${text}"`);
}

/** Says what is wrong with the options and ends the program with exit code 2. */
export function usageError(message: string): never {
  console.error(`error: ${message}`);
  process.exit(2);
}
