/** Who takes the messages of a stream, seen from what makes messages of octets. */

/** The receiving half of a call. */
export interface MessageTaker {
  /** Whether no message waits to be read. */
  readonly wantsMore: boolean;
  /** Whether so many messages wait to be read that no more should be decoded. */
  readonly isFull: boolean;
  /**
   * The next message is `[start, end)` of `buffer`, valid until this returns. `owedBytes` are to be credited once it has been
   * taken. False stops the delivery.
   */
  onMessage(buffer: Buffer, start: number, end: number, owedBytes: number): boolean;
}
