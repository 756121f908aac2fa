/** The other way round: a server that attacks whoever connects to it. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { Attack } from "./attack.js";
import { AttackConnection } from "./attack-connection.js";
import { serverGreeting } from "./greetings.js";
import { type AttackReport, Tally } from "./tally.js";

export class MaliciousServer {
  readonly #attack: Attack;
  readonly #tally = new Tally();
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  readonly #greeting: Buffer;

  constructor(attack: Attack) {
    this.#attack = attack;
    this.#greeting = attack.greeting ?? serverGreeting();
    this.#server = createServer({ pauseOnConnect: attack.reads === false }, (socket) => this.#onSocket(socket));
  }

  /** Gives the port. */
  async listen(): Promise<number> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return (this.#server.address() as AddressInfo).port;
  }

  /** What has happened so far. */
  report(): AttackReport {
    return this.#tally.report(this.#sockets);
  }

  /** Closes everything. */
  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #onSocket(socket: Socket): void {
    const { reads = true, acknowledges = true, begin } = this.#attack;
    this.#sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => this.#sockets.delete(socket));
    const connection = new AttackConnection(socket, this.#tally, { side: "server", reads, acknowledges });
    if (this.#greeting.length > 0) connection.write(this.#greeting);
    begin(connection);
  }
}
