/** What the demo runs: for each example the clients, and the lines that they must print. */
import type { ExampleProcess } from "./harness/example-process.js";

/** Starts a client of the example at hand; `label` is how its output is marked. */
export type StartClient = (label: string, args?: readonly string[]) => ExampleProcess;

export interface Scenario {
  /** The folder of the example. */
  readonly example: string;
  /** The lines that its clients must print on stdout, in whatever order. */
  readonly required: readonly string[];
  /** Runs the clients to their end. */
  play(start: StartClient): Promise<void>;
}

/** One client, with no arguments but the address. */
async function oneClient(start: StartClient): Promise<void> {
  await succeeds(start("client"));
}

async function succeeds(client: ExampleProcess): Promise<void> {
  const status = await client.exit();
  if (status !== 0) throw new Error(`the client ended with ${status}`);
}

/** Three members: one passes by, one is killed, and the one who stays must hear of both. */
async function chatRoom(start: StartClient): Promise<void> {
  const bob = start("Bob", ["--name", "Bob"]);
  await bob.line("You are alone in the room.");
  const alice = start("Alice", ["--name", "Alice"]);
  await bob.line("Alice joined the room");

  await succeeds(start("Carol", ["--name", "Carol", "--say", "I only pass by", "--say", "Goodbye"]));
  await Promise.all([alice.line("Carol left the room"), bob.line("Carol left the room")]);

  alice.write("Hi Bob, how are you?");
  await bob.line("Alice: Hi Bob");
  bob.write("Fine, thank you!");
  await alice.line("Bob: Fine");

  alice.kill("SIGKILL");
  await bob.line("Alice left the room");
  bob.endInput();
  await succeeds(bob);
}

const ordinals = ["First", "Second", "Third", "Fourth", "Fifth"];

export const scenarios: readonly Scenario[] = [
  {
    example: "greeter",
    required: ["Greeter client received: Hello, Alice! Welcome to gRPC."],
    play: oneClient,
  },
  {
    example: "helloworld",
    required: ["Greeter client received: Hello, you!"],
    play: oneClient,
  },
  {
    example: "unary",
    required: [
      'message: "Hello I am up and running. Received ‘Hello Server you there?’ message from you"',
      "received: true",
    ],
    play: oneClient,
  },
  {
    example: "bidirectional",
    required: [
      ...ordinals.map((ordinal) => `Sending: Hello Server Sending you the ${ordinal} message`),
      ...ordinals.map((ordinal) => `Received: Hello from the server received your ${ordinal} message`),
    ],
    play: oneClient,
  },
  {
    example: "product",
    required: [
      "Got p001 Laptop Pro X, 1500.00",
      "Electronics:",
      "  p001 Laptop Pro X, 1500.00",
      "  p002 Wireless Mouse, 75.50",
      "  p003 Mechanical Keyboard, 120.00",
      "Books:",
      "  p004 The Python Guide, 45.99",
      "NOT_FOUND: Product with ID 'p999' not found.",
      "INVALID_ARGUMENT: The request names no product.",
      "  product_id: must not be empty",
    ],
    play: oneClient,
  },
  {
    example: "upload",
    required: [
      "Uploading sample.bin, 5243003 bytes",
      "The server received 5243003 bytes",
      "The file arrived as it was sent.",
    ],
    play: oneClient,
  },
  {
    example: "chat",
    required: [
      "You are alone in the room.",
      "You are in the room with Bob.",
      "You are in the room with Bob, Alice.",
      "Alice joined the room",
      "Carol joined the room",
      "Carol joined the room",
      "Carol: I only pass by",
      "Carol: I only pass by",
      "Carol: Goodbye",
      "Carol: Goodbye",
      "Carol left the room",
      "Carol left the room",
      "Alice: Hi Bob, how are you?",
      "Bob: Fine, thank you!",
      "Alice left the room",
    ],
    play: chatRoom,
  },
];
