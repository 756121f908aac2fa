/** Where an error goes that can only be a mistake in heddle itself. */

/** Writes the error with its stack, and where it came up, to standard error. The process goes on. */
export function reportDefect(where: string, error: unknown): void {
  // biome-ignore lint/suspicious/noConsole: a mistake of ours must be seen, and there is nobody else to tell
  console.error(`heddle: unexpected error ${where}; please report it:`, error);
}
