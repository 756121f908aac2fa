/** Thrown when this machine lacks what a peer or a scenario needs: it is reported by name and skipped. */
export class Unavailable extends Error {
  override readonly name = "Unavailable";
}
