/**
 * What the engine tells the layer above. Calls are made synchronously from within the engine's methods, in the order in which
 * the frames came; buffers that are passed belong to the engine's caller and are valid only until the callback returns.
 *
 * A callback must not throw: the engine would be left half way through a frame. It may call the connection's methods, apart from
 * `onOutput` and `onOutputFull`, which come in the middle of writing: they may only take output, now or later.
 */
import type { Http2Error } from "./error.js";
import type { GoAway } from "./frame/goaway.js";
import type { HeaderList } from "./hpack/header-list.js";
import type { Stream } from "./stream/stream.js";

/** `C` is what the layer above attaches to a stream. */
export interface Sink<C> {
  /**
   * A server's new request, or a client's response headers. Informational (1xx) responses are skipped by the engine. With
   * `endStream` nothing but {@link onEnd} follows.
   */
  onHeaders(stream: Stream<C>, headers: HeaderList, endStream: boolean): void;
  /**
   * Octets `[start, end)` of `chunk` are the next part of the stream's body. A DATA frame may arrive in several parts.
   * They count against the stream's window until {@link Connection.consume} is called for them. Copy what you keep.
   */
  onData(stream: Stream<C>, chunk: Buffer, start: number, end: number): void;
  /** The trailers; {@link onEnd} follows. */
  onTrailers(stream: Stream<C>, trailers: HeaderList): void;
  /** The peer has ended its direction (END_STREAM), after everything that was delivered before. */
  onEnd(stream: Stream<C>): void;
  /** The stream was closed before its orderly end, by either side or with its connection. Nothing follows but onClosed. */
  onReset(stream: Stream<C>, error: Http2Error): void;
  /** The stream is closed in both directions and forgotten. The last callback for a stream, exactly once. */
  onClosed(stream: Stream<C>): void;
  /** A stream whose sender was told to wait may send again: nothing of it is queued any more, and there is room on the connection. */
  onRoom(stream: Stream<C>): void;
  /** After too much was queued on all streams together, there is room again: {@link Connection.hasRoom}. */
  onCapacity(): void;
  /** The peer's SETTINGS have been applied and acknowledged. */
  onSettings(): void;
  /** The peer has answered a PING with these eight octets. */
  onPingAck(payload: Uint8Array): void;
  /** The final GOAWAY of {@link Connection.drain} was sent: no new stream will begin. */
  onDrained(): void;
  /** The peer wants no more streams. Those it has not processed have been reset before this call. */
  onGoAway(goAway: GoAway): void;
  /**
   * {@link Connection.advance} is to be called at this time, or earlier. It replaces what was said before if it is sooner; a call that
   * comes for nothing does no harm.
   */
  onDue(dueMs: number): void;
  /** The connection is over; every stream has been reset before. The last callback. Write what is pending, then close. */
  onFatal(error: Http2Error): void;
  /** There is output to be written, and the driver has not been told since it last took all of it. */
  onOutput(): void;
  /** A segment of output is full: the driver may write it now rather than at the end of the turn. */
  onOutputFull(): void;
}
