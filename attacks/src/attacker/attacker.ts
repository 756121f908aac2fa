/** Keeps the connections of an attack going: who is thrown out comes back at once. */
import { connect, type Socket } from "node:net";
import type { Attack } from "./attack.js";
import { AttackConnection } from "./attack-connection.js";
import { clientGreeting } from "./greetings.js";
import { type AttackReport, Tally } from "./tally.js";

/** A system that refuses a connection is not asked again without a pause. */
const RETRY_MS = 10;
/** An address of its own on Linux, so that the honest client does not run out of ports because of the attacker. */
const LOCAL_ADDRESS = process.platform === "linux" ? { localAddress: "127.0.0.2" } : {};

export class Attacker {
  readonly #attack: Attack;
  readonly #port: number;
  readonly #tally = new Tally();
  readonly #sockets = new Set<Socket>();
  readonly #greeting: Buffer;
  #isStopping = false;
  #whenEmpty: () => void = () => {};

  constructor(attack: Attack, port: number) {
    this.#attack = attack;
    this.#port = port;
    this.#greeting = attack.greeting ?? clientGreeting();
  }

  start(connections: number): void {
    this.#tally.connections = connections;
    for (let i = 0; i < connections; i++) this.#connect();
  }

  /** What has happened so far. */
  report(): AttackReport {
    return this.#tally.report(this.#sockets);
  }

  /** Closes everything. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const empty = new Promise<void>((resolve) => {
      this.#whenEmpty = resolve;
    });
    for (const socket of this.#sockets) socket.destroy();
    if (this.#sockets.size > 0) await empty;
  }

  #connect(): void {
    const { reads = true, acknowledges = true, begin } = this.#attack;
    const socket = connect({ port: this.#port, host: "127.0.0.1", ...LOCAL_ADDRESS });
    this.#sockets.add(socket);
    if (!reads) socket.pause();
    let isConnected = false;
    socket.once("connect", () => {
      isConnected = true;
      const connection = new AttackConnection(socket, this.#tally, { side: "client", reads, acknowledges });
      if (this.#greeting.length > 0) connection.write(this.#greeting);
      begin(connection);
    });
    socket.on("error", () => {});
    socket.once("close", () => {
      this.#sockets.delete(socket);
      if (this.#isStopping) {
        if (this.#sockets.size === 0) this.#whenEmpty();
      } else if (isConnected) {
        setImmediate(() => this.#again());
      } else {
        this.#tally.refused += 1;
        setTimeout(() => this.#again(), RETRY_MS);
      }
    });
  }

  #again(): void {
    if (!this.#isStopping) this.#connect();
  }
}
