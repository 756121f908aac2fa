/**
 * Finds out whether a window is what limits the peer: a PING goes round, and the octets that arrive meanwhile are counted.
 *
 * A peer that is held up has sent its whole window before it hears of more. We send the PING, and then give credit, when half of the
 * window has been used up, so the other half arrives while the PING is under way. If less arrives, the path limits, or a
 * slow reader with all of it lying unread; a larger window would only cost memory.
 */

/** Of a window, what has to arrive within one round trip. A little less than the half that is under way. */
const LIMITED_BY_WINDOW = 0.4;

export class WindowProbe {
  /** Octets that have arrived since the PING was sent: on the connection, and on the stream that caused it. */
  #connectionBytes = 0;
  #streamBytes = 0;
  /** The stream that caused the probe; 0 for the connection. */
  streamId = 0;
  #waiting = false;

  /** A PING is under way. */
  get isWaiting(): boolean {
    return this.#waiting;
  }

  /** A PING was sent, because half of the window of this stream (0: of the connection) has been used up. */
  begin(streamId: number): void {
    this.#waiting = true;
    this.streamId = streamId;
    this.#connectionBytes = 0;
    this.#streamBytes = 0;
  }

  /** Octets of DATA have arrived. */
  count(streamId: number, bytes: number): void {
    this.#connectionBytes += bytes;
    if (streamId === this.streamId) this.#streamBytes += bytes;
  }

  /** The PING has come back. */
  end(): void {
    this.#waiting = false;
  }

  /** Whether the stream's window limits the peer. Ask after {@link end}. */
  isStreamLimited(windowBytes: number): boolean {
    return this.#streamBytes >= windowBytes * LIMITED_BY_WINDOW;
  }

  /** Whether the connection's window limits the peer. Ask after {@link end}. */
  isConnectionLimited(windowBytes: number): boolean {
    return this.#connectionBytes >= windowBytes * LIMITED_BY_WINDOW;
  }
}
