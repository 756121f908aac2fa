/**
 * A plain HTTP/2 client made of the engine: it sends one request to the address that it is given, reads the answer, and stays until
 * the server has seen enough. h2specd starts it once for each of its cases.
 */
import net, { type Socket } from "node:net";
import { Connection, HeaderList } from "@heddle/http2";
import { PlainSink } from "./plain-sink.js";

/** h2specd keeps a connection open for a second after its verdict, unless we go first. */
const LINGER_MS = 200;

class ClientSink extends PlainSink {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    super(socket);
    this.#socket = socket;
  }

  onEnd(): void {
    // The answer is complete. What the server does now is what is tested.
  }

  /** h2specd says so when it has its verdict. */
  override onGoAway(): void {
    this.#socket.destroy();
  }

  override onFatal(): void {
    super.onFatal();
    const leave = () => this.#socket.destroy();
    this.#socket.setTimeout(LINGER_MS, leave).once("data", leave);
  }
}

const { hostname, port } = new URL(process.argv[2] as string);
const socket = net.connect(Number(port), hostname, () => {
  const sink = new ClientSink(socket);
  const connection = new Connection<undefined>("client", sink);
  sink.start(connection);
  const stream = connection.openStream(undefined);
  const request = [":method", "GET", ":scheme", "http", ":path", "/", ":authority", `${hostname}:${port}`];
  connection.sendHeaders(stream, HeaderList.of(...request), true);
});
