/** Where a chat client gets its lines from: from its arguments, or from stdin, be it a pipe or a person at a terminal. */
import { createInterface } from "node:readline";

export interface LineSource {
  readonly lines: Iterable<string> | AsyncIterable<string>;
  /** Prints a line; on a terminal, above what is being typed. */
  print(line: string): void;
  /** Ends the lines. */
  close(): void;
}

/** Exactly these lines. */
export function givenLines(lines: readonly string[]): LineSource {
  return { lines, print: (line) => console.log(line), close: () => {} };
}

/** The lines of stdin. On a terminal there is a prompt, and Ctrl+C and Ctrl+D end the lines. */
export function stdinLines(): LineSource {
  const { stdin, stdout } = process;
  const terminal = stdin.isTTY && stdout.isTTY;
  const reader = createInterface(terminal ? { input: stdin, output: stdout } : { input: stdin, terminal: false });
  let open = true;
  reader.on("SIGINT", () => reader.close());
  reader.once("close", () => {
    open = false;
  });
  return {
    // The iterator collects lines from here on, so that those which come before the first is asked for are not lost.
    lines: reader[Symbol.asyncIterator](),
    print(line) {
      if (terminal) stdout.write("\r\x1b[K");
      console.log(line);
      if (terminal && open) reader.prompt(true);
    },
    close: () => reader.close(),
  };
}
