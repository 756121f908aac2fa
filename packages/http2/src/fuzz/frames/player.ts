/**
 * Plays a program with one engine: gives it what the peer sends, lets the layer above do its part, reads the output as the driver
 * would, and checks after each step what must always hold. What has to hold at the end is checked by `finish`.
 */
import assert from "node:assert/strict";
import { Connection } from "../../connection/connection.js";
import type { Role } from "../../connection/options.js";
import { connectionError, ErrorCode, type Http2Error } from "../../error.js";
import { Receiving } from "../../stream/state.js";
import type { Stream } from "../../stream/stream.js";
import { takeOutput } from "../../testing/engine.js";
import { PREFACE, SETTINGS_ACK, settingsFrame } from "../../testing/frames.js";
import { type Cut, deliver } from "../../testing/pair.js";
import type { Context } from "../../testing/recording-sink.js";
import { CallOrderSink } from "../testing/call-order-sink.js";
import { WireChecker } from "../testing/wire-checker.js";
import { LayerAbove } from "./layer-above.js";
import { Action, type ActionStep, octetsOf, type Program, type Step } from "./program.js";

/** What the engine may send for each octet that it was given, and in any case. No peer may make it send much more than that. */
const ANSWER_FACTOR = 4;
const FIXED_OCTETS = 4096;

const DEFAULT_MAX_QUEUED_BYTES = 16 * 1_048_576;
const DEFAULT_MAX_UNREAD_BYTES = 16 * 1_048_576;
const DEFAULT_CONNECTION_WINDOW_BYTES = 1_048_576;

const DEFAULT_MAX_QUEUED_ANSWERS = 1000;
const DEFAULT_HANDSHAKE_TIMEOUT_MS = 20_000;

export interface Outcome {
  /** All callbacks, as lines. */
  readonly log: readonly string[];
  readonly fatal: Http2Error | undefined;
  readonly sent: Buffer;
  readonly errors: readonly Http2Error[];
}

export class Player {
  readonly #role: Role;
  readonly #program: Program;
  readonly #cut: Cut;
  readonly #sink = new CallOrderSink();
  readonly #connection: Connection<Context>;
  readonly #checker: WireChecker;
  readonly #above: LayerAbove;
  readonly #sent: Buffer[] = [];
  #sentBytes = 0;
  #receivedBytes = 0;
  #isAborted = false;
  #isBlocked = false;

  constructor(role: Role, program: Program, cut: Cut) {
    this.#role = role;
    this.#program = program;
    this.#cut = cut;
    this.#connection = new Connection<Context>(role, this.#sink, program.options);
    this.#checker = new WireChecker(role);
    this.#sink.onDelivered = (streamId, bytes) => this.#checker.granted.delivered(streamId, bytes);
    this.#above = new LayerAbove(this.#connection, this.#sink, program.habits, role === "client");
  }

  play(): Outcome {
    this.#connection.start(0);
    if (!this.#program.isRaw) this.#receive(this.#handshake());
    this.#afterStep();
    for (const step of this.#program.steps) {
      this.#perform(step);
      this.#afterStep();
    }
    return this.#finish();
  }

  #handshake(): Buffer {
    const preface = this.#role === "server" ? PREFACE : Buffer.alloc(0);
    return Buffer.concat([preface, settingsFrame(), SETTINGS_ACK]);
  }

  #perform(step: Step): void {
    if ("octets" in step) this.#receive(octetsOf(step));
    else if (step.kind === Action.TAKE) this.#take();
    else if (step.kind === Action.BLOCK) this.#block((step.value & 1) !== 0);
    else if (step.kind === Action.ABORT) this.#abort();
    else if (step.kind === Action.ADVANCE || step.kind === Action.WAIT) this.#passTime(step);
    else this.#above.perform(step);
  }

  #receive(octets: Buffer): void {
    for (const chunk of this.#cut(octets)) {
      this.#receivedBytes += chunk.length;
      this.#checker.peerSent(chunk);
      deliver(this.#connection, chunk, (all) => [all]);
      if (!this.#program.readsOnlyWhenTold) this.#take();
    }
  }

  #passTime(step: ActionStep): void {
    const sink = this.#sink;
    if (step.kind === Action.ADVANCE) {
      this.#advance(sink.nowMs + step.value * 10 ** Math.min(step.argument, 6));
      return;
    }
    for (let i = 0; i < step.value % 32 && sink.dueMs !== Number.POSITIVE_INFINITY; i++) this.#advance(sink.dueMs);
  }

  #advance(nowMs: number): void {
    const sink = this.#sink;
    sink.nowMs = Math.max(nowMs, sink.nowMs);
    if (sink.dueMs <= sink.nowMs) sink.dueMs = Number.POSITIVE_INFINITY;
    this.#connection.advance(sink.nowMs);
    this.#checkTime();
  }

  /** Time that runs out has its consequences, and the driver is told when to come back. */
  #checkTime(): void {
    const { isEstablished, fatal } = this.#connection;
    if (fatal !== undefined) return;
    const { handshakeTimeoutMs = DEFAULT_HANDSHAKE_TIMEOUT_MS } = this.#program.options;
    const { nowMs, dueMs } = this.#sink;
    assert.ok(isEstablished || nowMs < handshakeTimeoutMs, `no SETTINGS after ${nowMs} ms, and the connection lives`);
    if (this.#role === "client" || this.#checker.isLeaving || this.#program.readsOnlyWhenTold) return;
    this.#take();
    assert.ok(this.#checker.isLeaving || dueMs !== Number.POSITIVE_INFINITY, "a server has no time when it is idle");
  }

  #block(isBlocked: boolean): void {
    this.#isBlocked = isBlocked;
    this.#connection.setBlocked(isBlocked);
  }

  /** The peer reads all that there is. */
  #take(): void {
    if (this.#connection.out.takeableBytes() > 0) {
      const octets = takeOutput(this.#connection);
      const framesBefore = this.#checker.frames;
      this.#sent.push(octets);
      this.#sentBytes += octets.length;
      this.#checker.engineSent(octets);
      this.#checkAnswers(this.#checker.frames - framesBefore);
    }
    assert.equal(this.#connection.out.pendingBytes, 0, "pendingBytes after everything was taken");
    if (this.#connection.fatal === undefined) this.#checker.settle();
    else this.#checker.end();
  }

  /** Who has just read everything is not told that it does not read, unless very much came since then. */
  #checkAnswers(frames: number): void {
    const { maxQueuedAnswers = DEFAULT_MAX_QUEUED_ANSWERS } = this.#program.options;
    const reason = this.#connection.fatal?.reason ?? "";
    if (!reason.includes("(maxQueuedAnswers)")) return;
    assert.ok(frames > maxQueuedAnswers, `after ${frames} frames of output a peer that reads is told: ${reason}`);
  }

  #afterStep(): void {
    this.#above.afterStep();
    if (!this.#program.readsOnlyWhenTold) this.#take();
    const connection = this.#connection;
    assert.equal(connection.openStreams, this.#sink.open.size, "openStreams and the streams that are told to be open");
    this.#checkMemory();
    if (connection.fatal === undefined && !this.#program.readsOnlyWhenTold) this.#checkProgress();
    const limit = FIXED_OCTETS + ANSWER_FACTOR * this.#receivedBytes + this.#above.caused;
    const bytes = this.#sentBytes + connection.out.pendingBytes;
    assert.ok(bytes <= limit, `${bytes} octets of output after ${this.#receivedBytes} of input and few calls`);
  }

  /** Nobody waits for something that has happened: senders for credit or room, the peer for credit. */
  #checkProgress(): void {
    const checker = this.#checker;
    let unreadBytes = 0;
    for (const stream of this.#sink.open) {
      const window = checker.sendWindow(stream.id);
      const mustWait = stream.queuedBytes === 0 || this.#isBlocked || window <= 0;
      assert.ok(
        mustWait,
        `${stream.queuedBytes} octets of stream ${stream.id} wait, in spite of a window of ${window}`,
      );
      const isForgotten = this.#sink.waiting.has(stream) && stream.queuedBytes === 0 && this.#connection.hasRoom;
      assert.ok(!isForgotten, `the sender of stream ${stream.id} waits for room that there is`);
      if (checker.isPeerAtBoundary) this.#checkCredit(stream);
      unreadBytes += stream.unreadBytes;
    }
    if (unreadBytes > 0) return;
    const { connectionWindowBytes = DEFAULT_CONNECTION_WINDOW_BYTES } = this.#program.options;
    const left = checker.granted.connectionLeft;
    assert.ok(left >= connectionWindowBytes >>> 1, `nothing is unread, and the connection's window is ${left}`);
  }

  #checkCredit(stream: Stream<Context>): void {
    const unread = this.#above.unreadBytesOf(stream);
    assert.equal(stream.unreadBytes, unread, `unreadBytes of stream ${stream.id}`);
    const { left, size } = this.#checker.granted.left(stream.id);
    if (unread > 0 || stream.receiving !== Receiving.OPEN) return;
    assert.ok(left >= size >>> 1, `nothing of stream ${stream.id} is unread, and its window of ${size} is ${left}`);
  }

  /** What is queued and what is unread stays within the limits, and is counted right. */
  #checkMemory(): void {
    const { maxQueuedBytes = DEFAULT_MAX_QUEUED_BYTES, maxUnreadBytes = DEFAULT_MAX_UNREAD_BYTES } =
      this.#program.options;
    const { connectionWindowBytes = DEFAULT_CONNECTION_WINDOW_BYTES } = this.#program.options;
    let [queued, unread] = [0, 0];
    for (const stream of this.#sink.open) {
      queued += stream.queuedBytes;
      unread += stream.unreadBytes;
      assert.ok(stream.unreadBytes >= 0, `${stream.unreadBytes} octets of stream ${stream.id} are unread`);
    }
    if (queued > maxQueuedBytes) assert.ok(!this.#connection.hasRoom, `room, with ${queued} octets in the queues`);
    if (queued === 0 && this.#connection.fatal === undefined)
      assert.ok(this.#connection.hasRoom, "no room, with nothing in the queues");
    const most = Math.max(maxUnreadBytes, 2 * connectionWindowBytes);
    assert.ok(unread <= most, `${unread} octets are unread; the limit is ${most}`);
  }

  #abort(): void {
    this.#isAborted ||= this.#connection.fatal === undefined;
    this.#connection.abort(connectionError(ErrorCode.CANCEL, "remote", "the transport is gone"));
  }

  #finish(): Outcome {
    const connection = this.#connection;
    const sink = this.#sink;
    this.#block(false);
    this.#take();
    if (connection.fatal === undefined) this.#checkProgress();
    const fatal = connection.fatal;
    if (fatal === undefined) this.#checker.checkNothingIsOwed();
    else if (!this.#isAborted) assert.ok(this.#checker.saidGoAway, `ended by ${fatal.reason}, without GOAWAY`);
    if (this.#role === "server") {
      const lastId = this.#checker.lastGoAwayId;
      assert.ok(
        sink.highestDelivered <= lastId,
        `stream ${sink.highestDelivered} was delivered; GOAWAY said ${lastId}`,
      );
    }
    this.#abort();
    assert.equal(sink.open.size, 0, "streams that were never closed");
    assert.equal(connection.openStreams, 0, "openStreams after the end");
    assert.equal(connection.out.pendingBytes, 0, "output after the end");
    const log = sink.log;
    assert.match(log.at(-1) as string, /^fatal /);
    return { log, fatal, sent: Buffer.concat(this.#sent), errors: sink.errors };
  }
}
