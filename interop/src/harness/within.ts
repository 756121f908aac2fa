/** A limit on waiting. */

/** Gives what `promise` gives, or fails when that takes longer than `limitMs`; `awaited` ends the sentence of the error. */
export async function within<T>(promise: Promise<T>, limitMs: number, awaited: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${limitMs} ms have passed without ${awaited()}`)), limitMs);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
