/** The example services that answer texts and take a file. */
import { equals, type InteropCase } from "./interop-case.js";
import { fileDigest } from "./pattern.js";

const ordinals = ["First", "Second", "Third", "Fourth", "Fifth"];
const server = "stays";

/** Sizes that divide into chunks neither evenly nor along the borders of frames. */
const UPLOAD_BYTES = 5 * 1024 * 1024 + 17;
const CHUNK_BYTES = 64_000;

export const exampleCases: readonly InteropCase[] = [
  {
    title: "greeter: a request is answered",
    name: "greeter",
    service: "greeter",
    input: { name: "Alice" },
    server,
    check: equals({ message: "Hello, Alice! Welcome to gRPC." }),
  },
  {
    title: "unary: text beyond ASCII and a bool arrive",
    name: "unary",
    service: "unary",
    input: { message: "Hello Server you there?" },
    server,
    check: equals({
      message: "Hello I am up and running. Received ‘Hello Server you there?’ message from you",
      received: true,
    }),
  },
  {
    title: "bidirectional: each answer arrives before the next message is sent",
    name: "bidirectional",
    service: "bidirectional",
    input: { messages: ordinals.map((ordinal) => `Hello Server Sending you the ${ordinal} message`) },
    server,
    check: equals({ answers: ordinals.map((ordinal) => `Hello from the server received your ${ordinal} message`) }),
  },
  ...[UPLOAD_BYTES, 0].map(
    (sizeBytes): InteropCase => ({
      title: `upload: a file of ${sizeBytes} bytes arrives, as its size and digest show`,
      name: "upload",
      service: "upload",
      input: { sizeBytes, chunkBytes: CHUNK_BYTES },
      server,
      check: equals({ sizeBytes, sha256: fileDigest(sizeBytes) }),
    }),
  ),
];
