/** Shows how far an upload has come. */
import { SingleBar } from "cli-progress";

export interface Progress {
  /** This many more bytes have been handed over. */
  advance(bytes: number): void;
  /** No more will come: leaves the bar as it is and ends its line. Calling it again does nothing. */
  stop(): void;
}

/** A bar on a terminal. Where stdout is a file or a pipe, it prints nothing: a log needs no bar. */
export function startProgress(totalBytes: number): Progress {
  const bar = new SingleBar({
    format: "  [{bar}] {percentage}% | {value} of {total} bytes",
    stream: process.stdout,
    linewrap: true,
    // The bar changes nothing on the terminal that a signal would have to restore, so Ctrl+C may simply end the program.
    gracefulExit: false,
  });
  bar.start(totalBytes, 0);
  return { advance: (bytes) => bar.increment(bytes), stop: () => bar.stop() };
}
