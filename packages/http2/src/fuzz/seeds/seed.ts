/** An input of the corpus that was written by hand. */
export interface Seed {
  /** Kebab-case; the name of its file without the extension. */
  readonly name: string;
  /** What it is about, for who opens the file. */
  readonly about: string;
  readonly octets: Buffer;
}
