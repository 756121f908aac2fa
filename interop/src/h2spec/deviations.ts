/** The cases in which the engine does otherwise than h2spec wants, each with the reason. A case that passes must not be listed. */

/** Reasons by the name of the case. */
export type Deviations = ReadonlyMap<string, string>;

/** h2spec goes by RFC 7540. */
const NO_PRIORITIES =
  "RFC 9113 section 5.3.2 has taken stream dependencies out of the protocol; a stream that names itself as its parent is no error";

export const serverDeviations: Deviations = new Map([
  ["http2/5.3.1 Sends HEADERS frame that depend on itself", NO_PRIORITIES],
  ["http2/5.3.1 Sends PRIORITY frame that depend on itself", NO_PRIORITIES],
]);

export const clientDeviations: Deviations = new Map();
