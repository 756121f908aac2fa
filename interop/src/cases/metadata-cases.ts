/** Metadata, and the status that travels with it. */
import assert from "node:assert/strict";
import { StatusCode } from "heddle";
import { equals, type InteropCase } from "./interop-case.js";

const ascii = ["one", "two, with a comma", "three"];
/** In hexadecimal: zeros and 0xff, a value that base64 would pad, and an empty value. */
const binary = ["00ff0001fffe", "fe", ""];

const texts = [
  "100% größer: 日本 😀",
  "one line\r\nand another\twith a tab",
  "%41 is not A, %zz is nothing, and so is %",
  "",
];

export const metadataCases: readonly InteropCase[] = [
  {
    title: "metadata: several ASCII and binary values of a key arrive in order, in requests, headers and trailers",
    name: "metadata",
    service: "probe",
    input: { ascii, binary },
    server: "stays",
    check(result, { client, server }) {
      const seen = server.joinsAsciiValues ? [ascii.join(", ")] : ascii;
      const returned = client.joinsAsciiValues ? [seen.join(", ")] : seen;
      assert.deepEqual(result, {
        seen: { ascii: seen, binary },
        headers: { ascii: returned, binary },
        trailers: { ascii: returned, binary },
      });
    },
  },
  failuresArrive(
    "status: every code arrives, with its message and trailers",
    Object.entries(StatusCode)
      .filter(([, code]) => code !== StatusCode.OK)
      .map(([name, code]) => ({ code, message: `this is ${name}` })),
  ),
  failuresArrive(
    "status: messages arrive unchanged, with characters beyond ASCII, controls and per cent signs",
    texts.map((message) => ({ code: StatusCode.ABORTED, message })),
  ),
];

function failuresArrive(title: string, failures: readonly { code: StatusCode; message: string }[]): InteropCase {
  return {
    title,
    name: "fail",
    service: "probe",
    input: { failures },
    server: "stays",
    check: equals({ failures: failures.map((failure) => ({ ...failure, trailer: ["failed"] })) }),
  };
}
