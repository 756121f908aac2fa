/**
 * The form in which inputs are kept: text, so that a change can be read. Lines that begin with "#" say what the input is about; the
 * others are its octets in hexadecimal.
 */

const OCTETS_PER_LINE = 32;

export function formatHexFile(comment: string, octets: Uint8Array): string {
  const lines = comment.split("\n").map((line) => `# ${line}`.trimEnd());
  for (let at = 0; at < octets.length; at += OCTETS_PER_LINE) {
    lines.push(Buffer.from(octets.subarray(at, at + OCTETS_PER_LINE)).toString("hex"));
  }
  return `${lines.join("\n")}\n`;
}

/** Throws a `SyntaxError` for anything that is not hexadecimal. */
export function parseHexFile(text: string): Buffer {
  const digits = text.replace(/^#.*$/gm, "").replace(/\s/g, "");
  if (!/^(?:[0-9a-f]{2})*$/i.test(digits)) throw new SyntaxError("an input must be pairs of hexadecimal digits");
  return Buffer.from(digits, "hex");
}
