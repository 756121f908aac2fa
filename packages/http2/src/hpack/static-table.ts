/** The static table and the look-ups in it. RFC 7541 section 2.3.1 and appendix A. */

/** The entries of appendix A in order, the first of which has index 1. */
const ENTRIES: ReadonlyArray<readonly [name: string, value: string]> = [
  [":authority", ""],
  [":method", "GET"],
  [":method", "POST"],
  [":path", "/"],
  [":path", "/index.html"],
  [":scheme", "http"],
  [":scheme", "https"],
  [":status", "200"],
  [":status", "204"],
  [":status", "206"],
  [":status", "304"],
  [":status", "400"],
  [":status", "404"],
  [":status", "500"],
  ["accept-charset", ""],
  ["accept-encoding", "gzip, deflate"],
  ["accept-language", ""],
  ["accept-ranges", ""],
  ["accept", ""],
  ["access-control-allow-origin", ""],
  ["age", ""],
  ["allow", ""],
  ["authorization", ""],
  ["cache-control", ""],
  ["content-disposition", ""],
  ["content-encoding", ""],
  ["content-language", ""],
  ["content-length", ""],
  ["content-location", ""],
  ["content-range", ""],
  ["content-type", ""],
  ["cookie", ""],
  ["date", ""],
  ["etag", ""],
  ["expect", ""],
  ["expires", ""],
  ["from", ""],
  ["host", ""],
  ["if-match", ""],
  ["if-modified-since", ""],
  ["if-none-match", ""],
  ["if-range", ""],
  ["if-unmodified-since", ""],
  ["last-modified", ""],
  ["link", ""],
  ["location", ""],
  ["max-forwards", ""],
  ["proxy-authenticate", ""],
  ["proxy-authorization", ""],
  ["range", ""],
  ["referer", ""],
  ["refresh", ""],
  ["retry-after", ""],
  ["server", ""],
  ["set-cookie", ""],
  ["strict-transport-security", ""],
  ["transfer-encoding", ""],
  ["user-agent", ""],
  ["vary", ""],
  ["via", ""],
  ["www-authenticate", ""],
];

/** The highest index of the static table. The dynamic table's newest entry has the next one. */
export const STATIC_TABLE_LENGTH: number = ENTRIES.length;

/** Names by index; index 0 is not used. */
export const STATIC_NAMES: readonly string[] = ["", ...ENTRIES.map(([name]) => name)];

/** Values by index; index 0 is not used. */
export const STATIC_VALUES: readonly string[] = ["", ...ENTRIES.map(([, value]) => value)];

/** A name of the static table. */
export interface StaticName {
  /** The lowest index with this name. */
  readonly index: number;
  /** Indices by value. */
  readonly values: ReadonlyMap<string, number>;
}

/** Where the names of the static table are. */
export const STATIC_INDEX: ReadonlyMap<string, StaticName> = buildIndex();

function buildIndex(): Map<string, StaticName> {
  const byName = new Map<string, { index: number; values: Map<string, number> }>();
  ENTRIES.forEach(([name, value], i) => {
    const index = i + 1;
    const known = byName.get(name);
    if (known === undefined) byName.set(name, { index, values: new Map([[value, index]]) });
    else known.values.set(value, index);
  });
  return byName;
}
