/** One HTTP message after another on a connection, to see whether each is taken or refused as malformed. RFC 9113 section 8.1.1. */
import assert from "node:assert/strict";
import { HeaderList } from "../../hpack/header-list.js";
import { REQUEST, RESPONSE } from "../../testing/engine.js";
import { dataFrame, headersFrame } from "../../testing/frames.js";
import { Peer } from "./peer.js";

/** What the peer sends: a request, a response, or the trailers of either. */
export type MessageKind = "request" | "response" | "trailers of a request" | "trailers of a response";

/** A part of a message behind its first header block. */
export type Part =
  | { readonly data: string; readonly pad?: number; readonly end?: boolean }
  | { readonly trailers: readonly string[] };

export class MessageTester {
  readonly peer: Peer;
  readonly #kind: MessageKind;
  #nextId = 1;

  constructor(kind: MessageKind) {
    this.peer = new Peer(kind.endsWith("request") ? "server" : "client");
    this.#kind = kind;
  }

  /** Sends a header block on a new stream, in place of the message's or of its trailers. Gives what was told. */
  send(fields: readonly string[], end: boolean, ...parts: readonly Part[]): string[] {
    const { engine } = this.peer;
    const id = this.#begin();
    engine.receive(headersFrame(id, this.peer.insertingBlock(...fields), { end }));
    for (const part of parts) {
      if ("data" in part) {
        const { data, ...options } = part;
        engine.receive(dataFrame(id, data, options));
      } else {
        engine.receive(headersFrame(id, this.peer.insertingBlock(...part.trailers), { end: true }));
      }
    }
    return engine.sink.takeLog();
  }

  /** The id of the last message's stream. */
  get streamId(): number {
    return this.#nextId - 2;
  }

  /** The message is taken to be what it is. */
  accepts(fields: readonly string[], end = true): void {
    const told = this.send(fields, end);
    const what = this.#kind.startsWith("trailers") ? "trailers" : "headers";
    const mark = what === "headers" && end ? " end" : "";
    const shown = [...fields, this.peer.lastInserted].join(" ");
    assert.equal(told[0], `${what} ${this.streamId} ${shown}${mark}`);
    assert.equal(told.filter((line) => line.startsWith("reset")).length, 0);
    assert.deepEqual(this.#sentErrors(), []);
  }

  /** The stream is reset with PROTOCOL_ERROR, nothing of the header block is told, and the next message is taken. */
  refuses(fields: readonly string[], end = true): void {
    const told = this.send(fields, end);
    const what = JSON.stringify(fields);
    assert.deepEqual(told, [`reset ${this.streamId} PROTOCOL_ERROR stream library`, `closed ${this.streamId}`], what);
    assert.deepEqual(this.#sentErrors(), [`RST_STREAM ${this.streamId} 1`], what);
    this.works();
  }

  /** The message after it is whole, and refers to the field that the last one put into the table. */
  works(): void {
    const { engine } = this.peer;
    const kind = this.#kind;
    const id = this.#begin();
    const fields = kind === "request" ? REQUEST : kind === "response" ? RESPONSE : ["x-last", "1"];
    engine.receive(headersFrame(id, this.peer.referringBlock(...fields), { end: true }));
    const shown = [...fields, this.peer.lastInserted].join(" ");
    const first = kind.startsWith("trailers") ? `trailers ${id} ${shown}` : `headers ${id} ${shown} end`;
    assert.deepEqual(engine.sink.takeLog(), [first, `end ${id}`]);
    assert.equal(engine.fatalCode, undefined);
    this.peer.discard();
  }

  /** Brings the next stream to where the header block is to come. */
  #begin(): number {
    const { peer } = this;
    const id = this.#nextId;
    this.#nextId += 2;
    if (this.#kind !== "request") peer.openCall(id);
    if (this.#kind === "trailers of a response") peer.receiveResponse(id);
    if (this.#kind === "trailers of a request") {
      peer.engine.connection.sendHeaders(peer.stream(id), HeaderList.of(...RESPONSE), false);
    }
    peer.discard();
    return id;
  }

  #sentErrors(): string[] {
    return this.peer.takeSent().filter((line) => /^(RST_STREAM|GOAWAY)/.test(line));
  }
}
