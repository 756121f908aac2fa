/**
 * Stream ids that a client has passed over. To use one of them later is an error of its own, other than that of using an id
 * whose stream has ended. RFC 9113 section 5.1.1.
 */

/** An honest client leaves no gaps, so the latest few are enough. */
const REMEMBERED_GAPS = 16;

export class SkippedIds {
  #gaps: { readonly above: number; readonly below: number }[] | undefined = undefined;

  /** The ids between these two, which were used, were passed over. */
  add(above: number, below: number): void {
    this.#gaps ??= [];
    this.#gaps.push({ above, below });
    if (this.#gaps.length > REMEMBERED_GAPS) this.#gaps.shift();
  }

  has(id: number): boolean {
    return this.#gaps?.some(({ above, below }) => id > above && id < below) ?? false;
  }
}
