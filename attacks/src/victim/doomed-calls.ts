/** The calls of a client to a malicious server: of every kind, at a steady rate, and none is expected to succeed. */
import { type Channel, type Client, createChannel, createClient } from "heddle";
import { Target } from "../gen/target_pb.js";
import type { Running } from "./gauges.js";

const PERIOD_MS = 10;
const MAX_RUNNING = 50;
const TIMEOUT_MS = 500;
const UPLOAD = new Uint8Array(65_536);

/** How one call is made; it settles when the call is over. */
type Kind = (client: Client<typeof Target>) => Promise<unknown>;

const KINDS: readonly Kind[] = [
  (client) => client.echo({}, { timeoutMs: TIMEOUT_MS }),
  async (client) => {
    for await (const _ of client.download({ count: 1_000_000, size: 1000 }, { timeoutMs: TIMEOUT_MS }));
  },
  (client) => client.upload(endless(), { timeoutMs: TIMEOUT_MS }),
  async (client) => {
    // Reads one response, and then no more until the deadline is over.
    for await (const _ of client.download({ count: 1_000_000, size: 1000 }, { timeoutMs: TIMEOUT_MS })) {
      await new Promise((resolve) => setTimeout(resolve, TIMEOUT_MS));
      break;
    }
  },
];

function* endless(): Generator<{ data: Uint8Array }> {
  for (;;) yield { data: UPLOAD };
}

export class DoomedCalls {
  readonly #channel: Channel;
  readonly #client: Client<typeof Target>;
  readonly #running: Running;
  #next = 0;
  #timer: NodeJS.Timeout | undefined = undefined;

  constructor(port: number, running: Running) {
    this.#channel = createChannel(`127.0.0.1:${port}`);
    this.#client = createClient(Target, this.#channel);
    this.#running = running;
  }

  begin(): void {
    this.#timer = setInterval(() => {
      if (this.#running.now < MAX_RUNNING) void this.#call();
    }, PERIOD_MS);
  }

  /** Makes no more calls, and closes the connection. */
  close(): Promise<void> {
    clearInterval(this.#timer);
    return this.#channel.close();
  }

  async #call(): Promise<void> {
    const kind = KINDS[this.#next++ % KINDS.length] as Kind;
    this.#running.begin();
    try {
      await kind(this.#client);
    } catch {
      // As expected.
    } finally {
      this.#running.end();
    }
  }
}
