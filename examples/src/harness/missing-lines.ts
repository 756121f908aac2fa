/** The check of the demo: did the programs print every line that they must? */

/**
 * The required lines that were not printed, in their order. A line counts only if it is exactly the same;
 * one that is required twice must be printed twice.
 */
export function missingLines(required: readonly string[], printed: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of printed) left.set(line, (left.get(line) ?? 0) + 1);
  return required.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}
