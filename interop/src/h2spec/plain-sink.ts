/** What a plain HTTP endpoint makes of the engine's callbacks: it uses up what comes, and asks for nothing else. */
import type { Socket } from "node:net";
import type { Connection, Sink, Stream } from "@heddle/http2";
import { SocketDriver } from "./drive-socket.js";

export abstract class PlainSink implements Sink<undefined> {
  readonly #driver: SocketDriver;
  #connection: Connection<undefined> | undefined;

  constructor(socket: Socket) {
    this.#driver = new SocketDriver(socket);
  }

  get connection(): Connection<undefined> {
    if (this.#connection === undefined) throw new Error("the connection has not been started");
    return this.#connection;
  }

  start(connection: Connection<undefined>): void {
    this.#connection = connection;
    this.#driver.start(connection);
  }

  /** The peer has ended its direction. */
  abstract onEnd(stream: Stream<undefined>): void;

  onData(stream: Stream<undefined>, _chunk: Buffer, start: number, end: number): void {
    this.connection.consume(stream, end - start);
  }

  onOutput(): void {
    this.#driver.onOutput();
  }

  onOutputFull(): void {
    this.#driver.onOutputFull();
  }

  onDue(dueMs: number): void {
    this.#driver.onDue(dueMs);
  }

  onFatal(): void {
    this.#driver.onFatal();
  }

  onHeaders(): void {}
  onTrailers(): void {}
  onReset(): void {}
  onClosed(_stream: Stream<undefined>): void {}
  onRoom(): void {}
  onCapacity(): void {}
  onSettings(): void {}
  onPingAck(): void {}
  onDrained(): void {}
  onGoAway(): void {}
}

/** Sends all of a body and the end of the stream. */
export function sendBody(connection: Connection<undefined>, stream: Stream<undefined>, body: string): void {
  const out = connection.beginData();
  out.reserve(body.length);
  out.position += out.buffer.write(body, out.position, "latin1");
  connection.endData(stream, true);
}
