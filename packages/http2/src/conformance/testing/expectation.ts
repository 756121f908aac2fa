/** What must follow from a frame in a state, and how it is said in a test's title. RFC 9113 section 5.4. */
import { errorCodeName } from "../../error.js";

export type Expectation =
  /** Nothing is told and nothing is sent. */
  | { readonly kind: "ignored"; readonly rfc: string }
  /** Nothing is told or sent, and the stream's window has grown. */
  | { readonly kind: "credit"; readonly rfc: string }
  /** It means what it says. In `told` and `sent`, `%` stands for the stream's id and `$` for the fields of the header block. */
  | {
      readonly kind: "accepted";
      readonly rfc: string;
      readonly told: readonly string[];
      readonly sent: readonly string[];
    }
  /** RST_STREAM, and the connection goes on. */
  | { readonly kind: "stream error"; readonly rfc: string; readonly code: number }
  /** GOAWAY, every stream is reset, and nothing follows. */
  | { readonly kind: "connection error"; readonly rfc: string; readonly code: number };

export function ignored(rfc: string): Expectation {
  return { kind: "ignored", rfc };
}

export function credit(rfc: string): Expectation {
  return { kind: "credit", rfc };
}

export function accepted(rfc: string, told: readonly string[], sent: readonly string[] = []): Expectation {
  return { kind: "accepted", rfc, told, sent };
}

export function streamError(code: number, rfc: string): Expectation {
  return { kind: "stream error", rfc, code };
}

export function connectionError(code: number, rfc: string): Expectation {
  return { kind: "connection error", rfc, code };
}

/** The end of a title: `is a stream error STREAM_CLOSED (5.1)`. */
export function describeExpectation(expectation: Expectation): string {
  const { kind, rfc } = expectation;
  switch (kind) {
    case "ignored":
      return `is ignored (${rfc})`;
    case "credit":
      return `adds to the window (${rfc})`;
    case "accepted":
      return expectation.sent.length === 0 ? `is delivered (${rfc})` : `is answered (${rfc})`;
    default:
      return `is a ${kind} ${errorCodeName(expectation.code)} (${rfc})`;
  }
}
