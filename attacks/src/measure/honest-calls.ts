/** What the honest do while others are attacked: small calls on a connection of their own, and now and then a new connection. */
import { type Channel, type Client, createChannel, createClient } from "heddle";
import { Target } from "../gen/target_pb.js";
import type { LatencySummary } from "./latencies.js";
import { OpenLoop } from "./open-loop.js";

const CALLS_PER_SECOND = 200;
const NEWCOMERS_PER_SECOND = 4;
/**
 * Far beyond what is measured as good, and short enough to end. The victim does not know of it: a deadline that it knows of keeps one
 * of its timers until then, which could not be told from a timer that was forgotten.
 */
const LIMIT_MS = 5_000;
const DATA = new Uint8Array(32).fill(7);

export interface HonestFigures {
  /** Calls on the connection that was there before the attack. */
  readonly calls: LatencySummary;
  /** New connections, each with one call. */
  readonly newcomers: LatencySummary;
}

export class HonestCalls {
  readonly #target: string;
  readonly #channel: Channel;
  readonly #calls: OpenLoop;
  readonly #newcomers: OpenLoop;

  constructor(port: number) {
    this.#target = `127.0.0.1:${port}`;
    this.#channel = createChannel(this.#target);
    const client = createClient(Target, this.#channel);
    this.#calls = new OpenLoop(CALLS_PER_SECOND, () => echo(client));
    this.#newcomers = new OpenLoop(NEWCOMERS_PER_SECOND, () => this.#comeAndGo());
  }

  /** Settles when the connection is there. */
  async connect(): Promise<void> {
    await echo(createClient(Target, this.#channel));
  }

  begin(): void {
    this.#calls.begin();
    this.#newcomers.begin();
  }

  async end(): Promise<HonestFigures> {
    const [calls, newcomers] = await Promise.all([this.#calls.end(), this.#newcomers.end()]);
    return { calls, newcomers };
  }

  /** Closes the connection. */
  close(): Promise<void> {
    return this.#channel.close();
  }

  async #comeAndGo(): Promise<void> {
    const channel = createChannel(this.#target);
    try {
      await echo(createClient(Target, channel));
    } finally {
      // Its end takes a while and is of no interest; nothing can go wrong in it.
      void channel.close();
    }
  }
}

async function echo(client: Client<typeof Target>): Promise<void> {
  const { data } = await client.echo({ data: DATA }, { signal: AbortSignal.timeout(LIMIT_MS) });
  if (data.length !== DATA.length) throw new Error(`the answer has ${data.length} octets instead of ${DATA.length}`);
}
