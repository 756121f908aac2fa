/**
 * Watches files by looking at them now and then. That also finds what notifications of the system miss: links that are replaced (as
 * Kubernetes and certbot do), network drives, files that are not there for a moment.
 */
import { stat } from "node:fs/promises";
import type { Clock, TimerHandle } from "../core/clock.js";

/** The time between two looks. */
export const WATCH_INTERVAL_MS = 5_000;

export class FileWatch {
  readonly #clock: Clock;
  readonly #files: readonly string[];
  readonly #onChange: () => void;
  #timer: TimerHandle | undefined = undefined;
  #isClosed = false;
  /** What the files were like at the last look, and when `onChange` was last called. */
  #seen = "";
  #told = "";

  /**
   * `onChange` is called when the files have changed and then have been the same for two looks, so that a certificate and its key, of
   * which one is written after the other, are found together. It is also called after the first two looks: nobody knows what has
   * happened between reading the files and watching them.
   */
  constructor(clock: Clock, files: readonly string[], onChange: () => void) {
    this.#clock = clock;
    this.#files = files;
    this.#onChange = onChange;
    this.#wait();
  }

  close(): void {
    this.#isClosed = true;
    if (this.#timer !== undefined) this.#clock.clearTimer(this.#timer);
    this.#timer = undefined;
  }

  #wait(): void {
    this.#timer = this.#clock.setTimer(() => void this.#look(), WATCH_INTERVAL_MS);
  }

  async #look(): Promise<void> {
    const now = (await Promise.all(this.#files.map(likenessOf))).join();
    if (this.#isClosed) return;
    this.#wait();
    const isStill = now === this.#seen;
    this.#seen = now;
    if (!isStill || now === this.#told) return;
    this.#told = now;
    this.#onChange();
  }
}

/** Something that differs when the file has another content. */
async function likenessOf(file: string): Promise<string> {
  try {
    const { ino, size, mtimeMs, ctimeMs } = await stat(file);
    return `${ino}:${size}:${mtimeMs}:${ctimeMs}`;
  } catch {
    return "missing";
  }
}
