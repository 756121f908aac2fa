/**
 * Deadlines of many calls on one timer: a hashed timer wheel with intrusive entries.
 *
 * Nearly every deadline is cancelled long before it is due, so setting and cancelling must cost nothing: both are a few stores
 * into a linked list whose links are fields of the entry itself. The price is precision: a deadline falls into a slot of 8 ms.
 * It is never early, and it is late by at most a slot and what the clock's timer is late itself (a millisecond or so).
 *
 * 512 slots of 8 ms make a revolution of 4.1 s. The slots take 4 KiB, so a wheel belongs to a channel or a server, or is shared
 * by all of them; it is too large for each connection. A deadline beyond one revolution stays in its slot and is passed over
 * until its time has come; looking at it costs some nanoseconds per revolution.
 *
 * While the wheel is empty it sets no timer. One that was set before the last entry was cancelled is left to expire, once:
 * clearing and setting it for each call would cost more than the rest together.
 *
 * After G. Varghese and T. Lauck, "Hashed and Hierarchical Timing Wheels" (1987), scheme 6.
 */
import type { Clock, TimerHandle } from "./clock.js";

const TICK_MS = 8;
const SLOTS = 512;
const SLOT_MASK = SLOTS - 1;
/** A list beside the slots: entries that are due, and whose turn to be called has not come. They can still be cancelled. */
const DUE = SLOTS;
const NOT_SCHEDULED = -1;

/** Something that has a deadline: a call extends this class, or holds an instance of a class that does. */
export abstract class DeadlineEntry {
  /** The list that the entry is in: the number of a slot, `DUE` or `NOT_SCHEDULED`. For the wheel only, as all fields here. */
  wheelSlot: number = NOT_SCHEDULED;
  /** The first tick at which the deadline has passed. */
  wheelTick = 0;
  wheelPrevious: DeadlineEntry | undefined = undefined;
  wheelNext: DeadlineEntry | undefined = undefined;

  /** Called once when the deadline has passed. The entry is not scheduled any more, and may be scheduled anew from here. */
  abstract onDeadline(): void;
}

/** Calls entries when their deadline has passed. */
export class DeadlineWheel {
  readonly #clock: Clock;
  /** The first entry of each list. */
  readonly #lists: (DeadlineEntry | undefined)[] = new Array(SLOTS + 1).fill(undefined);
  readonly #onTimer: () => void = () => this.#turn();
  /** All slots up to this tick have been visited; what is scheduled falls behind it. */
  #visitedTick: number;
  /** When the timer will fire. `Infinity` without a timer; `-1` while entries are called, for the timer is set after them. */
  #timerTick: number = Number.POSITIVE_INFINITY;
  #timer: TimerHandle | undefined = undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#visitedTick = Math.floor(clock.now() / TICK_MS);
  }

  /**
   * Sets the deadline of an entry, in the clock's time; one that was set before is replaced. A deadline in the past is called at
   * the next tick, never from within `schedule`. `Infinity` is no deadline, and must not be given.
   */
  schedule(entry: DeadlineEntry, deadlineMs: number): void {
    if (entry.wheelSlot !== NOT_SCHEDULED) this.#unlink(entry);
    const tick = Math.max(Math.ceil(deadlineMs / TICK_MS), this.#visitedTick + 1);
    entry.wheelTick = tick;
    this.#link(entry, tick & SLOT_MASK);
    if (tick < this.#timerTick) this.#setTimer(tick);
  }

  /** Forgets the deadline of an entry: it will not be called, not even if it is due already. Does nothing if there is none. */
  cancel(entry: DeadlineEntry): void {
    if (entry.wheelSlot !== NOT_SCHEDULED) this.#unlink(entry);
  }

  /** Forgets all deadlines and the timer. The wheel may be used again. */
  clear(): void {
    for (let list = 0; list <= DUE; list++) this.#empty(list);
    if (this.#timer !== undefined) this.#clock.clearTimer(this.#timer);
    this.#timer = undefined;
    if (this.#timerTick !== -1) this.#timerTick = Number.POSITIVE_INFINITY;
  }

  #empty(list: number): void {
    for (let entry = this.#lists[list]; entry !== undefined; entry = this.#lists[list]) this.#unlink(entry);
  }

  #link(entry: DeadlineEntry, list: number): void {
    const first = this.#lists[list];
    entry.wheelSlot = list;
    entry.wheelNext = first;
    if (first !== undefined) first.wheelPrevious = entry;
    this.#lists[list] = entry;
  }

  #unlink(entry: DeadlineEntry): void {
    const previous = entry.wheelPrevious;
    const next = entry.wheelNext;
    if (previous === undefined) this.#lists[entry.wheelSlot] = next;
    else previous.wheelNext = next;
    if (next !== undefined) next.wheelPrevious = previous;
    entry.wheelSlot = NOT_SCHEDULED;
    entry.wheelPrevious = undefined;
    entry.wheelNext = undefined;
  }

  #setTimer(tick: number): void {
    if (this.#timer !== undefined) this.#clock.clearTimer(this.#timer);
    this.#timerTick = tick;
    this.#timer = this.#clock.setTimer(this.#onTimer, tick * TICK_MS - this.#clock.now());
  }

  /** The timer has fired: calls what is due, and sets the timer for the next slot that has entries. */
  #turn(): void {
    this.#timer = undefined;
    this.#timerTick = -1;
    const nowTick = Math.floor(this.#clock.now() / TICK_MS); // may lie before the timer's tick: timers can be early
    this.#collectDue(nowTick);
    for (let entry = this.#lists[DUE]; entry !== undefined; entry = this.#lists[DUE]) {
      this.#unlink(entry);
      callOnDeadline(entry);
    }
    this.#timerTick = Number.POSITIVE_INFINITY;
    const next = this.#nextOccupiedTick();
    if (next !== undefined) this.#setTimer(next);
  }

  /** Moves what is due to the list of due entries; from then on, the slots up to now count as visited. */
  #collectDue(nowTick: number): void {
    // After a long sleep each slot needs one visit only.
    const firstTick = Math.max(this.#visitedTick + 1, nowTick - SLOTS + 1);
    this.#visitedTick = Math.max(this.#visitedTick, nowTick);
    // Backwards, since lists are filled at the front: what was due first is then called first.
    for (let tick = nowTick; tick >= firstTick; tick--) {
      let entry = this.#lists[tick & SLOT_MASK];
      while (entry !== undefined) {
        const next: DeadlineEntry | undefined = entry.wheelNext;
        if (entry.wheelTick <= nowTick) {
          this.#unlink(entry);
          this.#link(entry, DUE);
        }
        entry = next;
      }
    }
  }

  /** The next tick whose slot is not empty. Its entries may belong to a later revolution; then the visit was for nothing. */
  #nextOccupiedTick(): number | undefined {
    for (let tick = this.#visitedTick + 1; tick <= this.#visitedTick + SLOTS; tick++) {
      if (this.#lists[tick & SLOT_MASK] !== undefined) return tick;
    }
    return undefined;
  }
}

/** An error becomes an uncaught one, as it would with a timer of its own, and does not keep the other entries from their call. */
function callOnDeadline(entry: DeadlineEntry): void {
  try {
    entry.onDeadline();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
