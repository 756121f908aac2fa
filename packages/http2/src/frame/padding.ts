/**
 * Padding and priority fields around the header block fragment of a HEADERS frame. The priority fields are skipped:
 * RFC 9113 section 5.3.2 deprecates them. RFC 9113 sections 6.1 and 6.2.
 */
import { ErrorCode } from "../error.js";
import { Flag } from "./frame-header.js";
import { PRIORITY_BYTES } from "./priority.js";

/** Where the fragment of a HEADERS frame lies. One instance is filled anew for each frame, so read it at once. */
export interface Fragment {
  start: number;
  end: number;
}

/** Finds the fragment within a HEADERS payload. Returns what is wrong with the frame, or `undefined`. */
export function locateFragment(
  buffer: Buffer,
  start: number,
  end: number,
  flags: number,
  into: Fragment,
): { code: ErrorCode; reason: string } | undefined {
  let first = start;
  let padding = 0;
  if ((flags & Flag.PADDED) !== 0) {
    if (first >= end) return tooShort("a padded HEADERS frame has no pad length");
    padding = buffer[first] as number;
    first += 1;
  }
  if ((flags & Flag.PRIORITY) !== 0) {
    if (end - first < PRIORITY_BYTES) return tooShort("a HEADERS frame with PRIORITY has no room for its fields");
    first += PRIORITY_BYTES;
  }
  if (padding > end - first) {
    const reason = `the padding of a HEADERS frame (${padding} octets) is longer than what is left of it (${end - first})`;
    return { code: ErrorCode.PROTOCOL_ERROR, reason };
  }
  into.start = first;
  into.end = end - padding;
  return undefined;
}

/** RFC 9113 section 4.2. */
function tooShort(reason: string): { code: ErrorCode; reason: string } {
  return { code: ErrorCode.FRAME_SIZE_ERROR, reason };
}
