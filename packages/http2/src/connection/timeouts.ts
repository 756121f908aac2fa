/**
 * What the peer has to do within a certain time, and what happens when it does not. No clock is read: the time comes with
 * `advance`, and the sink is told by when it has to come next.
 */
import { ErrorCode } from "../error.js";
import type { Link } from "./link.js";

/** How long the PING of an orderly leave may take before we go on without it. */
const DRAIN_PING_MS = 5_000;

const NEVER = Number.POSITIVE_INFINITY;

/** What is done when a time has run out. */
export interface TimeoutActions {
  /** There was no stream for long. */
  onIdle(): void;
  /** The PING of an orderly leave has not come back. */
  onDrainPingLost(): void;
  /** What the peer still owes us of the handshake or of an exchange of SETTINGS. */
  awaitedSettings(): string;
}

export class Timeouts<C> {
  readonly #link: Link<C>;
  readonly #actions: TimeoutActions;
  /** The earliest of the times below, as the sink was told. */
  #nextMs = NEVER;
  #settingsDueMs = NEVER;
  #drainDueMs = NEVER;
  #idleDueMs = NEVER;
  #stallDueMs = NEVER;
  /** The counts of useful frames and of octets that had left the queues, when idleness and the stall were last looked at. */
  #usesSeen = 0;
  #sentSeen = -1;

  constructor(link: Link<C>, actions: TimeoutActions) {
    this.#link = link;
    this.#actions = actions;
  }

  /** The connection begins. */
  start(nowMs: number): void {
    this.#link.nowMs = nowMs;
    this.#idleDueMs = nowMs + this.#link.limits.idleTimeoutMs;
    this.expectSettings();
  }

  /** The peer owes us something about SETTINGS. */
  expectSettings(): void {
    this.#settingsDueMs = this.#link.nowMs + this.#link.limits.handshakeTimeoutMs;
    this.#announce(this.#settingsDueMs);
  }

  settingsDone(): void {
    this.#settingsDueMs = NEVER;
  }

  expectDrainPing(): void {
    this.#drainDueMs = this.#link.nowMs + DRAIN_PING_MS;
    this.#announce(this.#drainDueMs);
  }

  /** More is queued than should be. The first look only takes a note, so it may come early. */
  expectProgress(): void {
    if (this.#stallDueMs !== NEVER) return;
    this.#sentSeen = -1;
    this.#stallDueMs = this.#link.nowMs + this.#link.limits.stallTimeoutMs;
    this.#announce(this.#stallDueMs);
  }

  /** Time has passed. */
  advance(nowMs: number): void {
    this.#link.nowMs = nowMs;
    if (nowMs >= this.#nextMs) this.#look(nowMs);
  }

  #look(nowMs: number): void {
    this.#nextMs = NEVER;
    if (this.#link.fatal !== undefined) return;
    if (nowMs >= this.#settingsDueMs) this.#failSettings();
    else if (nowMs >= this.#stallDueMs) this.#lookForProgress(nowMs);
    if (this.#link.fatal !== undefined) return;
    if (nowMs >= this.#drainDueMs) {
      this.#drainDueMs = NEVER;
      this.#actions.onDrainPingLost();
    }
    if (nowMs >= this.#idleDueMs) this.#lookForUse(nowMs);
    if (this.#link.fatal !== undefined) return;
    this.#announce(Math.min(this.#settingsDueMs, this.#drainDueMs, this.#idleDueMs, this.#stallDueMs));
  }

  #failSettings(): void {
    const { handshakeTimeoutMs } = this.#link.limits;
    const awaited = this.#actions.awaitedSettings();
    this.#link.fail(ErrorCode.SETTINGS_TIMEOUT, `the peer has not sent ${awaited} within ${handshakeTimeoutMs} ms`);
  }

  /** A connection is idle when it has no streams, and had none since the last look. */
  #lookForUse(nowMs: number): void {
    const { streams, limits, uses } = this.#link;
    if (streams.size === 0 && uses === this.#usesSeen) {
      this.#idleDueMs = NEVER;
      this.#actions.onIdle();
      return;
    }
    this.#usesSeen = uses;
    this.#idleDueMs = nowMs + limits.idleTimeoutMs;
  }

  #lookForProgress(nowMs: number): void {
    const { limits, queuedBytes, isOverfull, sentFromQueues } = this.#link;
    if (!isOverfull) {
      this.#stallDueMs = NEVER;
    } else if (sentFromQueues === this.#sentSeen) {
      const reason = `the peer has taken nothing for ${limits.stallTimeoutMs} ms while ${queuedBytes} octets wait for it`;
      this.#link.fail(ErrorCode.ENHANCE_YOUR_CALM, `${reason} (stallTimeoutMs, maxQueuedBytes)`);
    } else {
      this.#sentSeen = sentFromQueues;
      this.#stallDueMs = nowMs + limits.stallTimeoutMs;
    }
  }

  #announce(dueMs: number): void {
    if (dueMs >= this.#nextMs) return;
    this.#nextMs = dueMs;
    this.#link.sink.onDue(dueMs);
  }
}
